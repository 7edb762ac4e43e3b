"""The job table seen from outside a job: the sweep that keeps its promise, what is parked, what may be forgotten."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from lift.kernel.job_runner import KNOWN
from lift.kernel.jobs import QUEUES, Job, JobRow, Queue

log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=2)
"""What the first nudge has before the sweep asks again."""
NUDGE_AGAIN_AFTER = timedelta(seconds=15)
"""A job that waits in its queue is not asked for with every sweep."""
A_SWEEP = 500
"""Jobs of one queue that one sweep nudges, oldest first: a queue that nobody works off holds up no other."""


def sweep(session: Session, queue: Queue, now: datetime, limit: int = A_SWEEP) -> int:
    """Nudge again every job that is due, not held, not asked for just now, and for which no call waits; how many."""
    nudged = 0
    for name in sorted(set(QUEUES.values())):
        which = JobRow.job.in_([job for job in Job if QUEUES[job] == name])
        lost = _unasked(session, which, now, queue.waiting(name), limit)
        for job_id, job in _due(session, which, now, lost) if lost else ():
            queue.nudge(Job(job), job_id)
            nudged += 1
    unknown = _due(session, JobRow.job.not_in(KNOWN), now, limit)
    if unknown:
        # A release that was rolled back: the one that knows them will find them.
        log.error("jobs_of_unknown_name", jobs=sorted({job for _, job in unknown}), count=len(unknown))
    return nudged


def _unasked(session: Session, which: ColumnElement[bool], now: datetime, waiting: int, limit: int) -> int:
    """How many jobs nobody is on the way to, at most ``limit``: those that are due, less the calls that wait.

    A queue that is long is not made longer: else each job of a flood would be asked for again and again.
    """
    if not waiting:
        return limit
    due = session.execute(select(func.count()).where(which, _is_open(now), JobRow.run_after <= now)).scalar_one()
    return max(0, min(limit, due - waiting))


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(
        JobRow.done_at.is_(None),
        JobRow.parked_at.is_(None),
        or_(JobRow.lease_until.is_(None), JobRow.lease_until < now),
    )


def _due(session: Session, which: ColumnElement[bool], now: datetime, limit: int) -> Sequence[tuple[UUID, str]]:
    """(id, name) of the due jobs, noted as nudged."""
    found = (
        select(JobRow.id)
        .where(which, _is_open(now), JobRow.run_after <= now - GRACE)
        .where(or_(JobRow.nudged_at.is_(None), JobRow.nudged_at <= now - NUDGE_AGAIN_AFTER))
        .order_by(JobRow.run_after)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # As a subquery it may be run once for each row that is updated, and find others each time.
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    noted = (
        update(JobRow).where(JobRow.id.in_(select(found.c.id))).values(nudged_at=now).returning(JobRow.id, JobRow.job)
    )
    return [(job_id, job) for job_id, job in session.execute(noted)]


def parked(session: Session, limit: int = 200) -> Sequence[JobRow]:
    """The parked jobs, the last one parked first."""
    statement = select(JobRow).where(JobRow.parked_at.is_not(None), JobRow.done_at.is_(None))
    return session.execute(statement.order_by(JobRow.parked_at.desc(), JobRow.id).limit(limit)).scalars().all()


def release(session: Session, now: datetime, job_id: UUID | None = None) -> int:
    """Give the parked job, or all of them, its tries again; returns how many. Not those for which it is too late."""
    which: list[ColumnElement[bool]] = [JobRow.parked_at.is_not(None), JobRow.done_at.is_(None)]
    if job_id is not None:
        which.append(JobRow.id == job_id)
    in_time = or_(JobRow.give_up_at.is_(None), JobRow.give_up_at > now)
    released = session.execute(
        update(JobRow)
        .where(*which, in_time)
        .values(parked_at=None, attempts=0, run_after=now, lease_until=None, nudged_at=None)
        .returning(JobRow.id)
    )
    return len(released.all())


def forget(session: Session, *, done_before: datetime, parked_before: datetime) -> int:
    """Delete the rows of jobs that ended before these moments; returns how many."""
    gone = session.execute(
        delete(JobRow).where(or_(JobRow.done_at < done_before, JobRow.parked_at < parked_before)).returning(JobRow.id)
    )
    return len(gone.all())


def forget_about(session: Session, ids: Collection[str]) -> int:
    """Delete the jobs whose payload names one of these ids, whatever became of them; returns how many."""
    named = func.jsonb_each_text(JobRow.payload).table_valued("key", "value", name="named")
    about = exists(select(1).select_from(named).where(named.c.value.in_(sorted(ids))))
    return len(session.execute(delete(JobRow).where(about).returning(JobRow.id)).all())


def counts_by_queue(session: Session) -> dict[tuple[str, str], int]:
    """(queue, ``open`` or ``parked``) → how many jobs; every queue is there, and ``unknown`` where a name is not known."""
    queues = sorted(set(QUEUES.values()))
    counts = {(queue, state): 0 for queue in queues for state in ("open", "parked")}
    is_parked = JobRow.parked_at.is_not(None)
    waiting = (
        select(JobRow.job, is_parked, func.count()).where(JobRow.done_at.is_(None)).group_by(JobRow.job, is_parked)
    )
    for job, parked_one, count in session.execute(waiting):
        queue = QUEUES[Job(job)] if job in KNOWN else "unknown"
        key = (queue, "parked" if parked_one else "open")
        counts[key] = counts.get(key, 0) + count
    return counts
