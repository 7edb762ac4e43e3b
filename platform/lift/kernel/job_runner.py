"""Claim, run and finish a job row under a lease."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import Table, and_, bindparam, case, func, not_, or_, update
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
    What it returns is called in the transaction that marks the job as done.
    """

    act: Callable[[Work, dict[str, Any], datetime], Callable[[Session], object] | None]


# Built once, on the table: each job of a flood runs them.
_jobs = cast(Table, JobRow.__table__)
_NOW = bindparam("now", type_=_jobs.c.run_after.type)
_IS_OPEN = and_(
    _jobs.c.id == bindparam("job_id"),
    _jobs.c.job.in_(sorted(KNOWN)),
    _jobs.c.done_at.is_(None),
    _jobs.c.parked_at.is_(None),
    _jobs.c.run_after <= _NOW,
    or_(_jobs.c.lease_until.is_(None), _jobs.c.lease_until < _NOW),
)
_IS_TIMELY = or_(_jobs.c.give_up_at.is_(None), _jobs.c.give_up_at > _NOW)
_TRIES = case({str(job): tries(job) for job in Job}, value=_jobs.c.job)
_MAY_RUN = and_(_IS_TIMELY, _jobs.c.attempts < _TRIES)
_CLAIM = (
    update(_jobs)
    .where(_IS_OPEN, _MAY_RUN)
    # When the lease ends with the job not done, the sweep need not wait to ask again: nudged_at is emptied.
    .values(
        attempts=_jobs.c.attempts + 1, lease_token=bindparam("token"), lease_until=bindparam("until"), nudged_at=None
    )
    .returning(_jobs.c.job, _jobs.c.payload, _jobs.c.attempts, _jobs.c.give_up_at)
)
# Asked in full: between the two statements another may have given the job its tries again.
_PARK = (
    update(_jobs)
    .where(_IS_OPEN, not_(_MAY_RUN))
    .values(
        parked_at=_NOW,
        lease_until=None,
        last_error=func.coalesce(
            _jobs.c.last_error, case((_IS_TIMELY, "its worker died each time"), else_="it is too late for it")
        ),
    )
    .returning(_jobs.c.job, _jobs.c.last_error)
)
_FINISH = (
    update(_jobs)
    .where(_jobs.c.id == bindparam("job_id"), _jobs.c.lease_token == bindparam("token"), _jobs.c.done_at.is_(None))
    .values(done_at=_NOW, lease_until=None, last_error=None)
    .returning(_jobs.c.id)
)


def claim(session: Session, job_id: UUID, now: datetime, lease: timedelta) -> Claim | None:
    """Take the job if it is open, due and not held; None when there is nothing to do.

    One that came too late, or was tried often enough, is parked.
    """
    token = uuid7()
    taken = session.execute(_CLAIM, {"job_id": job_id, "now": now, "token": token, "until": now + lease}).one_or_none()
    if taken is not None:
        return Claim(job_id, Job(taken.job), taken.payload, token, taken.attempts, taken.give_up_at)
    parked = session.execute(_PARK, {"job_id": job_id, "now": now}).one_or_none()
    if parked is not None:
        log.error("job_parked", job=parked.job, job_id=str(job_id), error=parked.last_error)
    return None


def _finish(session: Session, held: Claim, now: datetime) -> bool:
    """Mark done if the lease is still ours; False means that another worker has taken over."""
    done = session.execute(_FINISH, {"job_id": held.id, "token": held.token, "now": now})
    return done.scalar_one_or_none() is not None


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
        effect = self._effect(held)
        with unit_of_work(self.factory) as session:
            effect(session)
            if not _finish(session, held, self.clock.now()):
                raise LostLease

    def _effect(self, held: Claim) -> Callable[[Session], object]:
        """What is left to do in the transaction that marks the job as done."""
        handler = self.handlers[held.job]
        if isinstance(handler, Outside):
            noted = handler.act(partial(unit_of_work, self.factory), held.payload, self.clock.now())
            return noted or (lambda _: None)
        return lambda session: handler(session, held.payload, self.clock.now())
