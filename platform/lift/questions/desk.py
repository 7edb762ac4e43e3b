"""Questions that people at the desk write: stored as the desk's, with what stood there before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lift.kernel.ids import uuid7
from lift.questions import rollups, vectors
from lift.questions.desk_models import QuestionImport, QuestionRevision
from lift.questions.models import Question
from lift.questions.rows import TOLD, record_of

GONE = "a deleted account"


def write(session: Session, row: Mapping[str, Any], *, retired: bool, who: str, how: str, now: datetime) -> Question:
    """Store the columns of ``row`` under its slug as a question of the desk, which a load of the files leaves alone.

    What stood there before is kept as a revision. Call :func:`done` after the last one.
    """
    stored = session.execute(select(Question).where(Question.slug == row["slug"])).scalar_one_or_none()
    if stored is None:
        stored = Question(id=uuid7(), provenance="editorial", **row)
        session.add(stored)
    else:
        keep(session, stored, who=who, how=how, now=now)
        for name, value in row.items():
            setattr(stored, name, value)
    stored.origin = "desk"
    stored.retired_at = (stored.retired_at or now) if retired else None
    session.flush()
    return stored


def keep(session: Session, question: Question, *, who: str, how: str, now: datetime) -> None:
    """Remember the question as it stands, before ``who`` changes it."""
    before = {name: value for name, value in record_of(question).items() if name not in TOLD or name == "origin"}
    session.add(QuestionRevision(question_id=question.id, before=before, who=who, how=how, at=now))


def forget_address(session: Session, address: str) -> None:
    """Leave what a person did at the desk without their address: the person is gone."""
    for model in (QuestionRevision, QuestionImport):
        session.execute(update(model).where(func.lower(model.who) == address.lower()).values(who=GONE))


def done(session: Session, now: datetime) -> None:
    """After the last change of a transaction: public pages are drawn again, and what is like what is looked at."""
    session.flush()
    rollups.refresh(session, now)
    vectors.ask(session, now)
