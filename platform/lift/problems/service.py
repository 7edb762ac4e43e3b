"""Use cases of reported problems: report, close. The only writer; the person hears of both."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.notifications.service import notify
from lift.problems.kinds import ANSWERS, KINDS, REASONS
from lift.problems.models import QuestionProblem
from lift.questions.models import Question

LONGEST = 1_000
"""Characters of a report's text."""


def report(session: Session, account_id: UUID, question: Question, kind: str, text: str, now: datetime) -> UUID:
    """Take a report; one that is open of the same person, question and kind takes the new text. ``Invalid``."""
    if kind not in KINDS:
        raise Invalid("Say what kind of problem it is.")
    if len(text) > LONGEST:
        raise Invalid(f"A report may have {LONGEST:,} characters.")
    values = {"text": text, "created_at": now}
    problem_id: UUID = session.execute(
        insert(QuestionProblem)
        .values(id=uuid7(), account_id=account_id, question_id=question.id, kind=kind, **values)
        .on_conflict_do_update(
            index_elements=["account_id", "question_id", "kind"],
            index_where=QuestionProblem.closed_at.is_(None),
            set_={"text": text},
        )
        .returning(QuestionProblem.id)
    ).scalar_one()
    notify(
        session,
        account_id=account_id,
        kind="problem_reported",
        effect_key=f"problem:{problem_id}",
        text="We have your report of a problem with a question, and will tell you here what became of it.",
        href=f"/questions/{question.slug}",
        now=now,
    )
    return problem_id


def close_problem(session: Session, problem_id: UUID, reason: str, who: UUID | None, now: datetime) -> None:
    """Close a report with one of ``REASONS`` and tell the person. ``NotFound``, ``Invalid``, or ``Conflict`` when it is
    closed already."""
    if reason not in REASONS:
        raise Invalid("Close a report with one of the reasons.")
    found = session.execute(
        select(QuestionProblem).where(QuestionProblem.id == problem_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such report.")
    if found.closed_at is not None:
        raise Conflict("Somebody has closed this report already.")
    found.closed_at, found.closed_by, found.reason = now, who, reason
    slug = session.execute(select(Question.slug).where(Question.id == found.question_id)).scalar_one()
    session.flush()
    notify(
        session,
        account_id=found.account_id,
        kind="problem_closed",
        effect_key=f"problem-closed:{problem_id}",
        text=ANSWERS[reason],
        href=f"/questions/{slug}",
        now=now,
    )
