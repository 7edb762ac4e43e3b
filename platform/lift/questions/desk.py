"""Questions that people at the desk write: stored as the desk's, with what stood there before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lift.catalog.files import CatalogFiles
from lift.kernel.errors import Conflict, NotFound
from lift.kernel.ids import uuid7
from lift.questions import broad, house_text, rollups, vectors
from lift.questions.desk_models import QuestionImport, QuestionRevision
from lift.questions.format import ONE
from lift.questions.house_text import Checked
from lift.questions.loading import row_of
from lift.questions.models import Question
from lift.questions.rows import RETIRED, TOLD, record_of

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
    """After the last change of a transaction: everything is counted, public pages are drawn again, and what is like what is looked at."""
    session.flush()
    rollups.refresh(session, now)
    broad.refresh(session, now)
    vectors.ask(session, now)


def promised(session: Session, now: datetime) -> None:
    """Like :func:`done` for a single question: the pages follow a moment after the commit, and nobody waits for them."""
    session.flush()
    rollups.promise(session, now)
    vectors.ask(session, now)


def edit(session: Session, question: Question, text: str, files: CatalogFiles, *, who: str, now: datetime) -> Checked:
    """Put ``text`` in the place of a question's; it is the desk's from then on. Faults change nothing."""
    checked = house_text.check(session, text, files, slug=question.slug)
    if checked.question is not None:
        retired = question.retired_at is not None
        write(session, row_of(checked.question, files), retired=retired, who=who, how="edit", now=now)
        promised(session, now)
    return checked


def restore(session: Session, revision: QuestionRevision, files: CatalogFiles, *, who: str, now: datetime) -> Question:
    """Write what stood there before again; what stands there now is kept as well. ``Conflict`` where it fits no more."""
    try:
        part = ONE.validate_python(
            {k: v for k, v in revision.before.items() if k not in (*TOLD, RETIRED) and v is not None}
        )
        row = row_of(part, files)
    except (ValidationError, KeyError) as error:
        raise Conflict(
            "This is of an older house format, or of a competency that is gone: edit the text by hand."
        ) from error
    retired = bool(revision.before.get(RETIRED))
    restored = write(session, row, retired=retired, who=who, how="restore", now=now)
    promised(session, now)
    return restored


def history(session: Session, question_id: UUID, limit: int = 20) -> Sequence[QuestionRevision]:
    """What stood in a question before, the newest first."""
    statement = select(QuestionRevision).where(QuestionRevision.question_id == question_id).limit(limit)
    return session.execute(statement.order_by(QuestionRevision.at.desc(), QuestionRevision.id.desc())).scalars().all()


def revision(session: Session, revision_id: UUID) -> QuestionRevision:
    """One of them; NotFound."""
    found = session.get(QuestionRevision, revision_id)
    if found is None:
        raise NotFound("There is no such revision.")
    return found
