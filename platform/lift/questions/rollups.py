"""The counts that public pages show: whoever changes questions renews all of them, in the same transaction.

Counting takes a second or more. A page that must not keep its person waiting, or other people's reports of the same
question, promises it in its transaction instead (``promise``): the pages follow a moment later.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.models import ContentVersion
from lift.catalog.queries import BANK
from lift.kernel.ids import uuid7
from lift.kernel.jobs import Job, enqueue
from lift.questions import broad, loops, subjects

MOST_AT_ONCE = 50_000
"""Questions of a bank that is counted with each change: in a second or two, not in half a minute."""


@dataclass(frozen=True)
class Written:
    """How many rows of each roll-up were written."""

    loops: int
    subjects: int


def refresh(session: Session, now: datetime) -> Written:
    """After a change to questions: count everything, and let every public page be drawn again.

    A bank of very many questions is counted by the hour alone: pages say of when their counts are.
    """
    values = {"name": BANK, "digest": uuid7().hex, "loaded_at": now}
    session.execute(insert(ContentVersion).values(values).on_conflict_do_update(index_elements=["name"], set_=values))
    if broad.last_total(session) > MOST_AT_ONCE:
        return Written(0, 0)
    return recount(session, now)


def recount(session: Session, now: datetime) -> Written:
    """Count everything; a row that is right and of this day is left alone."""
    broad.refresh(session, now)
    return Written(loops.refresh(session, now), subjects.refresh(session, now))


def promise(session: Session, now: datetime) -> None:
    """Have everything counted once this transaction is committed; once, however often it is asked for within it."""
    transaction = session.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()
    enqueue(session, Job.COUNT_PAGES, f"after:{transaction}", {}, now)
