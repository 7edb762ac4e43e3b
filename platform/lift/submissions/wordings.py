"""Reported questions in house style: written, written anew, and restored, with every wording kept."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.questions.linter import FEWEST_WORDS, MOST_WORDS
from lift.submissions.desk_models import Wording
from lift.submissions.guarding import guard
from lift.submissions.models import ReportedQuestion


def write(session: Session, reported_id: UUID, prompt: str, reviewer_id: UUID, now: datetime) -> Wording:
    """Give the reported question this wording. ``Invalid`` says what the house style lacks."""
    reported = _held(session, reported_id)
    text = " ".join(prompt.split())
    _check(text)
    if reported.prompt == text:
        raise Conflict("It has these words already.")
    made = Wording(reported_id=reported_id, prompt=text, reviewer_id=reviewer_id, at=now)
    session.add(made)
    reported.prompt, reported.updated_at = text, now
    session.flush()
    return made


def restore(session: Session, wording_id: UUID, reviewer_id: UUID, now: datetime) -> Wording:
    """Write an older wording again; the ones since stay in the history."""
    older = session.get(Wording, wording_id)
    if older is None:
        raise NotFound("There is no such wording.")
    return write(session, older.reported_id, older.prompt, reviewer_id, now)


def history(session: Session, reported_id: UUID) -> Sequence[Wording]:
    """Every wording, the newest first."""
    return (
        session.execute(select(Wording).where(Wording.reported_id == reported_id).order_by(Wording.id.desc()))
        .scalars()
        .all()
    )


def reported(session: Session, reported_id: UUID) -> ReportedQuestion:
    """The reported question; NotFound."""
    found = session.get(ReportedQuestion, reported_id)
    if found is None:
        raise NotFound("There is no such reported question.")
    return found


def is_reported(session: Session, reported_id: UUID) -> bool:
    """Whether there is such a reported question."""
    return session.get(ReportedQuestion, reported_id) is not None


def _held(session: Session, reported_id: UUID) -> ReportedQuestion:
    statement = select(ReportedQuestion).where(ReportedQuestion.id == reported_id).with_for_update()
    found = session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such reported question.")
    if found.question_id is not None:
        raise Conflict("It is a question of the bank by now: edit that one.")
    return found


def _check(text: str) -> None:
    count = len(text.split())
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        raise Invalid(f"It has {count} words; a prompt of the bank has {FEWEST_WORDS} to {MOST_WORDS}.")
    guarded = guard(text)
    if guarded.refusals:
        raise Invalid(guarded.refusals[0])
    if guarded.text != text:
        raise Invalid("It names a person, an address or a number that the guard would mask. Say it without.")
