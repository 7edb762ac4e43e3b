"""The counts that public pages show: whoever changes questions renews all of them, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.models import ContentVersion
from lift.catalog.queries import BANK
from lift.kernel.ids import uuid7
from lift.questions import loops, subjects


@dataclass(frozen=True)
class Written:
    """How many rows of each roll-up were written."""

    loops: int
    subjects: int


def refresh(session: Session, now: datetime) -> Written:
    """After a change to questions: count everything, and let every public page be drawn again."""
    values = {"name": BANK, "digest": uuid7().hex, "loaded_at": now}
    session.execute(insert(ContentVersion).values(values).on_conflict_do_update(index_elements=["name"], set_=values))
    return recount(session, now)


def recount(session: Session, now: datetime) -> Written:
    """Count everything; a row that is right and of this day is left alone."""
    return Written(loops.refresh(session, now), subjects.refresh(session, now))
