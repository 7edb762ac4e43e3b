"""The promise for work: a row in ``jobs``, written with the fact that needs it; the broker is only a nudge."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Index, String, Table, UniqueConstraint, event, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class Job(StrEnum):
    """Names of the jobs; each has exactly one task in ``workers``."""

    SCORE_ANSWER = "score_answer"
    WORD_HELP = "word_help"
    SEND_MAIL = "send_mail"
    BILLING_EVENT = "billing_event"
    BILLING_SYNC = "billing_sync"
    EMBED_QUESTIONS = "embed_questions"
    COUNT_PAGES = "count_pages"


QUEUES: dict[Job, str] = {
    Job.SCORE_ANSWER: "score",
    # Its workers have the language model's key, and know of its outages.
    Job.WORD_HELP: "score",
    Job.SEND_MAIL: "mail",
    Job.BILLING_EVENT: "default",
    Job.BILLING_SYNC: "default",
    # Where the encoder is in memory anyway.
    Job.EMBED_QUESTIONS: "score",
    Job.COUNT_PAGES: "default",
}
"""The Celery queue of each job."""

WAITS: dict[Job, tuple[timedelta, ...]] = {
    Job.SCORE_ANSWER: tuple(timedelta(seconds=n) for n in (2, 8, 20, 60)),
    # Who asked has read our own words meanwhile: another try would come too late.
    Job.WORD_HELP: (timedelta(seconds=2),),
    # A mail server may be away for hours; what a mail is good for ends earlier for some (``give_up_at``).
    Job.SEND_MAIL: tuple(timedelta(seconds=n) for n in (5, 30, 120, 600, 1800, *(3600,) * 4, *(7200,) * 8)),
    # The provider may be away for hours, and an event is told only once.
    Job.BILLING_EVENT: tuple(timedelta(seconds=n) for n in (2, 5, 15, 60, 300, 1800, *(3600,) * 12)),
    # The next hour brings another one.
    Job.BILLING_SYNC: tuple(timedelta(seconds=n) for n in (5, 60, 600)),
    # Nor is a question without a vector in anybody's way.
    Job.EMBED_QUESTIONS: tuple(timedelta(seconds=n) for n in (5, 60, 600)),
    # All is counted once an hour anyway.
    Job.COUNT_PAGES: tuple(timedelta(seconds=n) for n in (5, 60, 600)),
}
"""What a job waits after its first, second, … failed try; after one more it is parked."""


def tries(job: Job) -> int:
    """How often the job is tried before it is parked."""
    return len(WAITS[job]) + 1


class Queue(Protocol):
    """Asks a worker to look at a job row soon; losing the call loses nothing."""

    def nudge(self, job: Job, job_id: UUID) -> None: ...
    def waiting(self, name: str) -> int:
        """How many calls wait in the queue of this name; 0 when nobody can tell."""


class JobRow(Base):
    """One promised piece of work. ``done_at`` or ``parked_at`` ends it; a lease says who holds it until when.

    After ``give_up_at`` its effect is of no use to anybody. ``nudged_at`` is when the sweep last asked for it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("job", "key"),
        Index("ix_jobs_open", "run_after", postgresql_where=text("done_at IS NULL AND parked_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    job: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    run_after: Mapped[datetime]
    give_up_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))


_jobs = cast(Table, JobRow.__table__)
# Built once, on the table: every promise of the product runs it.
_PROMISE = insert(_jobs).on_conflict_do_nothing(index_elements=["job", "key"]).returning(_jobs.c.id)


def enqueue(
    session: Session,
    job: Job,
    key: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    give_up_at: datetime | None = None,
) -> UUID | None:
    """Promise ``job`` once per ``key``, in the caller's transaction; returns the row's id, None if promised before."""
    row = {
        "id": uuid7(),
        "job": job,
        "key": key,
        "payload": payload,
        "created_at": now,
        "run_after": now,
        "attempts": 0,
        "give_up_at": give_up_at,
    }
    job_id: UUID | None = session.execute(_PROMISE, row).scalar_one_or_none()
    if job_id is not None:
        session.info.setdefault("nudges", []).append((job, job_id))
    return job_id


def is_parked(session: Session, job: Job, key: str) -> bool:
    """Whether ``job`` was given up: no worker will touch it until it is opened again."""
    return (
        session.execute(
            select(JobRow.parked_at.is_not(None)).where(JobRow.job == job, JobRow.key == key)
        ).scalar_one_or_none()
        is True
    )


def reopen(session: Session, job: Job, key: str, now: datetime) -> bool:
    """Give a parked ``job`` all its tries again, in the caller's transaction; False when it was not parked."""
    job_id = session.execute(
        update(JobRow)
        .where(JobRow.job == job, JobRow.key == key, JobRow.parked_at.is_not(None))
        .values(parked_at=None, attempts=0, run_after=now, lease_token=None, lease_until=None)
        .returning(JobRow.id)
    ).scalar_one_or_none()
    if job_id is not None:
        session.info.setdefault("nudges", []).append((job, job_id))
    return job_id is not None


def nudge_after_commit(factory: Callable[..., Any], queue: Queue) -> None:
    """Send the nudges of a session of ``factory`` when, and only when, its transaction is committed."""

    @event.listens_for(factory, "after_commit")
    def _send(session: Session) -> None:
        if session.in_nested_transaction():
            return
        for job, job_id in session.info.pop("nudges", []):
            queue.nudge(job, job_id)

    @event.listens_for(factory, "after_rollback")
    def _forget(session: Session) -> None:
        session.info.pop("nudges", None)
