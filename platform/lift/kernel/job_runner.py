"""Claim, run and finish a job row under a lease."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lift.kernel.clock import Clock
from lift.kernel.db import SessionFactory, unit_of_work
from lift.kernel.ids import uuid7
from lift.kernel.jobs import WAITS, Job, JobRow, tries
from lift.kernel.privacy import scrubbed

log = structlog.get_logger(__name__)

KNOWN = frozenset(str(job) for job in Job)


@dataclass(frozen=True)
class Claim:
    """A job held by us until ``lease_until``."""

    id: UUID
    job: Job
    payload: dict[str, Any]
    token: UUID
    attempt: int
    give_up_at: datetime | None


Handler = Callable[[Session, dict[str, Any], datetime], None]
"""Does the job's effect in the session it is given; must be safe to repeat."""

Work = Callable[[], AbstractContextManager[Session]]
"""Opens a unit of work."""


@dataclass(frozen=True)
class Outside:
    """A handler whose effect leaves the database: no transaction is open around it, it opens those that it needs.

    It must end within the lease. When its process dies between the effect and the note of it, the effect repeats.
    """

    act: Callable[[Work, dict[str, Any], datetime], None]


def claim(session: Session, job_id: UUID, now: datetime, lease: timedelta) -> Claim | None:
    """Take the job if it is open, due and not held; None when there is nothing to do."""
    row = session.execute(
        select(JobRow)
        .where(JobRow.id == job_id, JobRow.done_at.is_(None), JobRow.parked_at.is_(None), JobRow.run_after <= now)
        .where(or_(JobRow.lease_until.is_(None), JobRow.lease_until < now))
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if row is None or row.job not in KNOWN:
        return None
    job = Job(row.job)
    if row.give_up_at is not None and row.give_up_at <= now:
        _park(row, "it is too late for it", now)
        return None
    if row.attempts >= tries(job):
        _park(row, "its worker died each time", now)
        return None
    row.attempts += 1
    row.lease_token = uuid7()
    row.lease_until = now + lease
    # When the lease ends with the job not done, the sweep need not wait to ask again.
    row.nudged_at = None
    return Claim(row.id, job, row.payload, row.lease_token, row.attempts, row.give_up_at)


def _park(row: JobRow, why: str, now: datetime) -> None:
    row.parked_at = now
    row.lease_until = None
    row.last_error = row.last_error or why
    log.error("job_parked", job=row.job, job_id=str(row.id), error=row.last_error)


def _finish(session: Session, held: Claim, now: datetime) -> bool:
    """Mark done if the lease is still ours; False means that another worker has taken over."""
    done = session.execute(
        update(JobRow)
        .where(JobRow.id == held.id, JobRow.lease_token == held.token, JobRow.done_at.is_(None))
        .values(done_at=now, lease_until=None, last_error=None)
        .returning(JobRow.id)
    ).scalar_one_or_none()
    return done is not None


def _fail(session: Session, held: Claim, error: Exception, now: datetime) -> None:
    """Plan the next try, or park the job after its last one or when the next would come too late."""
    waits = WAITS[held.job]
    again_at = now + waits[held.attempt - 1] if held.attempt <= len(waits) else None
    if again_at is not None and held.give_up_at is not None and again_at >= held.give_up_at:
        again_at = None
    reason = scrubbed(f"{type(error).__name__}: {error}")[:500]
    session.execute(
        update(JobRow)
        .where(JobRow.id == held.id, JobRow.lease_token == held.token)
        .values(
            lease_until=None,
            run_after=again_at or now,
            parked_at=None if again_at else now,
            nudged_at=None,
            last_error=reason,
        )
    )
    if again_at is None:
        log.error("job_parked", error=reason)


class LostLease(Exception):
    """Another worker holds the job now: our effect is rolled back."""


class JobRunner:
    """Runs claimed jobs: the effect and the mark *done* are committed together, or neither.

    For an ``Outside`` handler the mark follows the effect.
    """

    def __init__(
        self,
        factory: SessionFactory,
        clock: Clock,
        handlers: Mapping[Job, Handler | Outside],
        lease: timedelta,
    ) -> None:
        self.factory = factory
        self.clock = clock
        self.handlers = handlers
        self.lease = lease

    def run(self, job_id: UUID) -> Claim | None:
        """Run one job now if it is ours to run; the claim when its effect was committed by this call."""
        with unit_of_work(self.factory) as session:
            held = claim(session, job_id, self.clock.now(), self.lease)
        if held is None:
            return None
        # Every line that is logged until the job ends carries its ids, whoever logs it.
        with structlog.contextvars.bound_contextvars(job=held.job, job_id=str(held.id), attempt=held.attempt):
            return self._run(held)

    def _run(self, held: Claim) -> Claim | None:
        try:
            self._act(held)
        except LostLease:
            log.warning("job_lost_lease")
            return None
        except Exception as error:  # the job's own code may raise anything: it is recorded and tried again
            log.exception("job_failed")
            with unit_of_work(self.factory) as session:
                _fail(session, held, error, self.clock.now())
            return None
        log.info("job_done")
        return held

    def _act(self, held: Claim) -> None:
        handler = self.handlers[held.job]
        if isinstance(handler, Outside):
            handler.act(partial(unit_of_work, self.factory), held.payload, self.clock.now())
        with unit_of_work(self.factory) as session:
            if not isinstance(handler, Outside):
                handler(session, held.payload, self.clock.now())
            if not _finish(session, held, self.clock.now()):
                raise LostLease
