"""The counts that public pages show: whoever changes questions renews all of them, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lift.questions import loops, subjects


@dataclass(frozen=True)
class Written:
    """How many rows of each roll-up were written."""

    loops: int
    subjects: int


def refresh(session: Session, now: datetime) -> Written:
    """Count everything; a row that is right and of this day is left alone."""
    return Written(loops.refresh(session, now), subjects.refresh(session, now))
