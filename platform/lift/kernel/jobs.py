"""The promise for work: a row in ``jobs``, written with the fact that needs it; the broker is only a nudge."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, event, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class Job(StrEnum):
    """Names of the jobs; each has exactly one task in ``workers``."""

    SCORE_ANSWER = "score_answer"
    SEND_MAIL = "send_mail"


QUEUES: dict[Job, str] = {
    Job.SCORE_ANSWER: "score",
    Job.SEND_MAIL: "mail",
}
"""The Celery queue of each job."""


class Queue(Protocol):
    """Asks a worker to look at a job row soon; losing the call loses nothing."""

    def nudge(self, job: Job, job_id: UUID) -> None: ...


class JobRow(Base):
    """One promised piece of work. ``done_at`` or ``parked_at`` ends it; a lease says who holds it until when."""

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
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))


def enqueue(session: Session, job: Job, key: str, payload: dict[str, Any], now: datetime) -> UUID | None:
    """Promise ``job`` once per ``key``, in the caller's transaction; returns the row's id, None if promised before."""
    statement = (
        insert(JobRow)
        .values(id=uuid7(), job=job, key=key, payload=payload, created_at=now, run_after=now, attempts=0)
        .on_conflict_do_nothing(index_elements=["job", "key"])
        .returning(JobRow.id)
    )
    job_id = session.execute(statement).scalar_one_or_none()
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
