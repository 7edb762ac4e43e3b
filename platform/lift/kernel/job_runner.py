"""Claim, run and finish a job row under a lease; sweep up what was committed and not done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lift.kernel.clock import Clock
from lift.kernel.db import SessionFactory, unit_of_work
from lift.kernel.ids import uuid7
from lift.kernel.jobs import Job, JobRow, Queue

log = structlog.get_logger(__name__)

RETRY_AFTER = (2, 8, 20, 60, 180)
"""Seconds before try 2, 3, 4, … after an error."""


@dataclass(frozen=True)
class Claim:
    """A job held by us until ``lease_until``."""

    id: UUID
    job: Job
    payload: dict[str, Any]
    token: UUID
    attempt: int


Handler = Callable[[Session, dict[str, Any], datetime], None]
"""Does the job's effect in the session it is given; must be safe to repeat."""


def claim(session: Session, job_id: UUID, now: datetime, lease: timedelta, max_attempts: int) -> Claim | None:
    """Take the job if it is open, due and not held; None when there is nothing to do."""
    row = session.execute(
        select(JobRow)
        .where(JobRow.id == job_id, JobRow.done_at.is_(None), JobRow.parked_at.is_(None), JobRow.run_after <= now)
        .where(or_(JobRow.lease_until.is_(None), JobRow.lease_until < now))
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if row is None:
        return None
    if row.attempts >= max_attempts:
        row.parked_at = now
        row.last_error = row.last_error or "its worker died each time"
        log.error("job_parked", job=row.job, job_id=str(row.id))
        return None
    row.attempts += 1
    row.lease_token = uuid7()
    row.lease_until = now + lease
    return Claim(row.id, Job(row.job), row.payload, row.lease_token, row.attempts)


def _finish(session: Session, held: Claim, now: datetime) -> bool:
    """Mark done if the lease is still ours; False means that another worker has taken over."""
    done = session.execute(
        update(JobRow)
        .where(JobRow.id == held.id, JobRow.lease_token == held.token, JobRow.done_at.is_(None))
        .values(done_at=now, lease_until=None, last_error=None)
        .returning(JobRow.id)
    ).scalar_one_or_none()
    return done is not None


def _fail(session: Session, held: Claim, error: Exception, now: datetime, max_attempts: int) -> None:
    wait = RETRY_AFTER[min(held.attempt, len(RETRY_AFTER)) - 1]
    parked = now if held.attempt >= max_attempts else None
    session.execute(
        update(JobRow)
        .where(JobRow.id == held.id, JobRow.lease_token == held.token)
        .values(
            lease_until=None,
            run_after=now + timedelta(seconds=wait),
            parked_at=parked,
            last_error=f"{type(error).__name__}: {error}"[:500],
        )
    )


class LostLease(Exception):
    """Another worker holds the job now: our effect is rolled back."""


class JobRunner:
    """Runs claimed jobs: the effect and the mark *done* are committed together, or neither."""

    def __init__(
        self,
        factory: SessionFactory,
        clock: Clock,
        handlers: Mapping[Job, Handler],
        lease: timedelta,
        max_attempts: int,
    ) -> None:
        self.factory = factory
        self.clock = clock
        self.handlers = handlers
        self.lease = lease
        self.max_attempts = max_attempts

    def run(self, job_id: UUID) -> Claim | None:
        """Run one job now if it is ours to run; the claim when its effect was committed by this call."""
        with unit_of_work(self.factory) as session:
            held = claim(session, job_id, self.clock.now(), self.lease, self.max_attempts)
        if held is None:
            return None
        bound = log.bind(job=held.job, job_id=str(held.id), attempt=held.attempt)
        try:
            with unit_of_work(self.factory) as session:
                self.handlers[held.job](session, held.payload, self.clock.now())
                if not _finish(session, held, self.clock.now()):
                    raise LostLease
        except LostLease:
            bound.warning("job_lost_lease")
            return None
        except Exception as error:  # the job's own code may raise anything: it is recorded and tried again
            bound.exception("job_failed")
            with unit_of_work(self.factory) as session:
                _fail(session, held, error, self.clock.now(), self.max_attempts)
            return None
        bound.info("job_done")
        return held


def sweep(session: Session, queue: Queue, now: datetime, limit: int = 500) -> int:
    """Nudge again every job that is due and not held; returns how many."""
    rows = session.execute(
        select(JobRow.id, JobRow.job)
        .where(JobRow.done_at.is_(None), JobRow.parked_at.is_(None), JobRow.run_after <= now - timedelta(seconds=2))
        .where(or_(JobRow.lease_until.is_(None), JobRow.lease_until < now))
        .order_by(JobRow.run_after)
        .limit(limit)
    ).all()
    for job_id, job in rows:
        queue.nudge(Job(job), job_id)
    return len(rows)


def open_jobs(session: Session) -> int:
    """How many jobs are promised and not ended."""
    return session.execute(
        select(func.count()).where(JobRow.done_at.is_(None), JobRow.parked_at.is_(None))
    ).scalar_one()
