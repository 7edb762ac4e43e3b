"""Asking for a question to be taken down, and the answer. Nobody needs an account for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.notifications.service import send_mail
from lift.questions import rollups
from lift.questions.models import Question
from lift.submissions.models import Takedown

OPEN, REMOVED, KEPT = "open", "removed", "kept"


@dataclass(frozen=True)
class Asking:
    """What the form says, and nothing more is kept."""

    name: str
    email: str
    on_behalf_of: str
    why: str


def ask(session: Session, question_id: UUID, asking: Asking, now: datetime) -> Takedown:
    """Put it into the queue and mail a receipt. NotFound."""
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound("There is no such question.")
    row = Takedown(
        id=uuid7(),
        question_id=question_id,
        name=asking.name,
        email=asking.email,
        on_behalf_of=asking.on_behalf_of,
        why=asking.why,
        state=OPEN,
        created_at=now,
        answer="",
    )
    session.add(row)
    session.flush()
    context = {"question": question.prompt, "number": str(row.id)}
    send_mail(session, None, asking.email, "takedown_received", f"takedown:{row.id}:received", context, now)
    return row


def waiting(session: Session) -> Sequence[tuple[Takedown, Question]]:
    """What was asked and not answered, the oldest first, with its question."""
    rows = session.execute(
        select(Takedown, Question)
        .join(Question, Question.id == Takedown.question_id)
        .where(Takedown.state == OPEN)
        .order_by(Takedown.created_at, Takedown.id)
    )
    return [(row[0], row[1]) for row in rows]


def decide(
    session: Session, takedown_id: UUID, reviewer_id: UUID, *, remove: bool, answer: str, now: datetime
) -> Takedown:
    """Answer it. A question that is removed is retired for good: answers to it stay with who gave them.

    ``Invalid`` without words for the one who asked; ``Conflict`` when it was answered.
    """
    if not answer.strip():
        raise Invalid("Say why, in words for the one who asked.")
    statement = select(Takedown).where(Takedown.id == takedown_id).with_for_update()
    row = session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound("Nobody has asked for this.")
    if row.state != OPEN:
        raise Conflict("This was answered already.")
    row.state = REMOVED if remove else KEPT
    row.decided_at, row.decided_by, row.answer = now, reviewer_id, answer.strip()
    question = session.get_one(Question, row.question_id)
    if remove:
        # Of the desk from now on: the next load of the files would bring it back.
        question.origin = "desk"
        question.retired_at = question.retired_at or now
    session.flush()
    if remove:
        rollups.promise(session, now)
    context = {"question": question.prompt, "removed": remove, "answer": row.answer}
    send_mail(session, None, row.email, "takedown_answered", f"takedown:{row.id}:answered", context, now)
    return row
