"""Makes the people and answers that tests need, through the services that the product uses."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.accounts.models import Account
from lift.interviews import service
from lift.interviews.loop_models import Loop, Round, RoundQuestion
from lift.interviews.models import Answer
from lift.kernel.ids import uuid7
from lift.questions.models import Question


class SignedIn:
    """What Flask-Login knows of a person."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account
        self.web_session = None

    def get_id(self) -> str:
        return "test"


def an_account(session: Session, now: datetime, email: str = "ada@example.org", *, verified: bool = True) -> Account:
    """An account, with its mailbox proved unless told otherwise; no trial is granted."""
    account = Account(
        id=uuid7(),
        email=email,
        email_canonical=email,
        password_hash="unusable",
        created_at=now,
        email_verified_at=now if verified else None,
    )
    session.add(account)
    session.flush()
    return account


def a_question(session: Session, slug: str | None = None) -> Question:
    """A question of the shipped bank."""
    statement = select(Question).where(Question.retired_at.is_(None)).order_by(Question.slug)
    if slug:
        statement = statement.where(Question.slug == slug)
    return session.execute(statement.limit(1)).scalar_one()


def a_submitted_answer(session: Session, account: Account, question: Question, text: str, now: datetime) -> Answer:
    """An answer that waits for its assessment."""
    answer = service.begin(session, account.id, question, now)
    return service.submit(session, account.id, answer.id, text, 3, now)


def a_loop(session: Session, account: Account, now: datetime, *rounds: Sequence[Question]) -> Loop:
    """A loop at Microsoft with these questions in its rounds, each of the kind of its first question."""
    loop = Loop(
        id=uuid7(),
        account_id=account.id,
        company_slug="microsoft",
        role_slug="backend-engineer",
        level="senior",
        scope="loop",
        seed=1,
        planned_at=now,
        rounds=[
            Round(
                id=uuid7(),
                position=place,
                kind=asked[0].round_kind,
                minutes=60,
                run_by="engineer",
                looks_for="Large systems",
                questions=[
                    RoundQuestion(id=uuid7(), position=number, question_id=question.id)
                    for number, question in enumerate(asked, start=1)
                ],
            )
            for place, asked in enumerate(rounds, start=1)
        ],
    )
    session.add(loop)
    session.flush()
    return loop
