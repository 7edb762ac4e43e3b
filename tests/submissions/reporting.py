"""People who report, as tests need them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lift.accounts.models import Account
from lift.questions.models import Question
from lift.submissions import reviews, service
from lift.submissions.ladder import State
from lift.submissions.models import Report
from lift.submissions.networks import network_hash
from lift.submissions.reviewing import EXPERIENCED, Verdict
from lift.submissions.service import Sending
from tests.factories import an_account

BASE = "https://lift.example"
OCTOBER = date(2026, 10, 1)
SEPTEMBER = date(2026, 9, 1)
SENDING = Sending(
    question_id=None,
    company="microsoft",
    role="backend-engineer",
    round="system-design",
    month=OCTOBER,
    level_code="63/64",
    org="azure",
    words="How would you keep the retries of a payment from charging a customer twice?",
    tested="Idempotency and what is stored with a key.",
)


class Reporters:
    """Sends reports, each person from a network of their own."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self._number = 0

    def person(self) -> Account:
        self._number += 1
        return an_account(self.session, self.now, f"person{self._number}@example.org")

    def send(
        self, question: Question | None = None, *, by: Account | None = None, network: str | None = None, **changes: Any
    ) -> Report:
        """A report of ``question``, or of one that is not in the bank, by somebody new unless told."""
        account = by or self.person()
        where = network_hash("a key", network or f"203.0.{self._number}.7")
        sending = replace(SENDING, question_id=question.id if question else None, **changes)
        report = service.send(self.session, account.id, sending, where, self.now, base_url=BASE)
        assert report.state in (State.SCREENED, State.CORROBORATED, State.REFUSED)
        return report

    def pair(self, question: Question) -> tuple[Report, Report]:
        """Two independent reports of one question."""
        return self.send(question), self.send(question, month=SEPTEMBER)

    def review(
        self, report: Report, verdict: Verdict, reasons: list[str] | None = None, *, by: Account | None = None
    ) -> Verdict | None:
        reviewer = by or self.person()
        default = {Verdict.VERIFY: ["reports_agree"], Verdict.DECLINE: ["unclear"]}[verdict]
        return reviews.review(
            self.session, report.id, reviewer.id, verdict, reasons or default, self.now, base_url=BASE
        )

    def decide(self, report: Report, verdict: Verdict) -> None:
        """Two reviewers of one mind."""
        assert self.review(report, verdict) is None
        assert self.review(report, verdict) is verdict


__all__ = ["BASE", "EXPERIENCED", "OCTOBER", "SENDING", "SEPTEMBER", "Reporters"]
