"""What each job does: one call into the product, in the session or with the units of work that it is given."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from billing.desk import Desk
from billing.events import process
from lift.copilot import service as copilot
from lift.interviews import service as interviews
from lift.kernel.job_runner import Handler, Outside, Work
from lift.kernel.jobs import Job
from lift.notifications import service as notifications
from lift.payments import rounds
from lift.questions import rollups, vectors
from lift.scoring.encoder import shared_encoder
from lift.wiring import Services


def handlers(services: Services) -> Mapping[Job, Handler | Outside]:
    """The handler of every job."""

    def score_answer(session: Session, payload: dict[str, Any], now: datetime) -> None:
        interviews.assess(session, UUID(payload["answer_id"]), services.scorer, now)

    def ask_model(work: Work, payload: dict[str, Any], now: datetime) -> None:
        interviews.assess_outside(work, UUID(payload["answer_id"]), services.scorer_for, now)

    def word_help(work: Work, payload: dict[str, Any], now: datetime) -> None:
        asked_at = datetime.fromisoformat(payload["asked_at"])
        copilot.put_into_words(work, UUID(payload["ask_id"]), asked_at, services.phraser_for, now)

    def send_mail(work: Work, payload: dict[str, Any], now: datetime) -> Callable[[Session], object] | None:
        return notifications.deliver(work, UUID(payload["message_id"]), services.mailer, now)

    def work_event(work: Work, payload: dict[str, Any], now: datetime) -> None:
        process(Desk(work, services.gateway, services.mail), str(payload["event_id"]), now)

    def reconcile_account(work: Work, payload: dict[str, Any], now: datetime) -> None:
        rounds.reconcile_account(Desk(work, services.gateway, services.mail), UUID(payload["account_id"]), now)

    def embed_questions(session: Session, payload: dict[str, Any], now: datetime) -> None:
        read = payload.get("after")
        vectors.fill(session, lambda text: shared_encoder().encode(text).sentence, now, read, vectors.shipped())

    def count_pages(session: Session, payload: dict[str, Any], now: datetime) -> None:
        rollups.refresh(session, now)

    return {
        # Somebody else's model may take seconds; our own reads within the transaction that marks the job done.
        Job.SCORE_ANSWER: Outside(ask_model) if services.settings.llm_provider else score_answer,
        Job.WORD_HELP: Outside(word_help),
        Job.SEND_MAIL: Outside(send_mail),
        Job.BILLING_EVENT: Outside(work_event),
        Job.BILLING_SYNC: Outside(reconcile_account),
        Job.EMBED_QUESTIONS: embed_questions,
        Job.COUNT_PAGES: count_pages,
    }
