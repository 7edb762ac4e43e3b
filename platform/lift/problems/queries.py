"""Read side of reported problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lift.problems.models import QuestionProblem
from lift.questions.models import Question


@dataclass(frozen=True)
class OpenProblem:
    """A report as a desk shows it: who made it is nobody's business there."""

    id: UUID
    kind: str
    text: str
    created_at: datetime
    question_id: UUID
    slug: str
    prompt: str


def open_problems(session: Session, limit: int = 100) -> Sequence[OpenProblem]:
    """Open reports, oldest first."""
    rows = session.execute(
        select(
            QuestionProblem.id,
            QuestionProblem.kind,
            QuestionProblem.text,
            QuestionProblem.created_at,
            Question.id,
            Question.slug,
            Question.prompt,
        )
        .join(Question, Question.id == QuestionProblem.question_id)
        .where(QuestionProblem.closed_at.is_(None))
        .order_by(QuestionProblem.created_at, QuestionProblem.id)
        .limit(limit)
    )
    return [OpenProblem(*row) for row in rows]


def open_count(session: Session) -> int:
    """How many reports are open."""
    return session.execute(select(func.count()).where(QuestionProblem.closed_at.is_(None))).scalar_one()


def own_open(session: Session, account_id: UUID, question_id: UUID) -> Sequence[str]:
    """The kinds of problem with the question that the account has reported and that are open."""
    statement = select(QuestionProblem.kind).where(
        QuestionProblem.account_id == account_id,
        QuestionProblem.question_id == question_id,
        QuestionProblem.closed_at.is_(None),
    )
    return session.execute(statement.order_by(QuestionProblem.created_at)).scalars().all()
