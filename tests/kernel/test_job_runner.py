"""The promise of the job table, without a broker."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lift.kernel.clock import FixedClock
from lift.kernel.job_runner import JobRunner, claim, sweep
from lift.kernel.jobs import Job, JobRow, enqueue, nudge_after_commit
from lift.providers.queue import RecordingQueue

LEASE = timedelta(seconds=20)


class Counting:
    """A handler that counts, and fails the first ``failures`` times."""

    def __init__(self, failures: int = 0) -> None:
        self.calls = 0
        self.failures = failures

    def __call__(self, session: Session, payload: dict[str, Any], now: datetime) -> None:
        self.calls += 1
        if self.calls <= self.failures:
            raise ValueError("not yet")


def promise(session: Session, now: datetime, key: str = "k") -> UUID:
    job_id = enqueue(session, Job.SEND_MAIL, key, {"message_id": "x"}, now)
    session.commit()
    assert job_id is not None
    return job_id


def runner(factory: sessionmaker[Session], clock: FixedClock, handler: Counting, tries: int = 5) -> JobRunner:
    return JobRunner(factory, clock, {Job.SEND_MAIL: handler}, LEASE, tries)


def test_a_job_is_promised_once_a_key(session: Session, now: datetime) -> None:
    promise(session, now)
    assert enqueue(session, Job.SEND_MAIL, "k", {"message_id": "y"}, now) is None


def test_a_nudge_leaves_after_the_commit_and_not_before(session_factory: sessionmaker[Session], now: datetime) -> None:
    queue = RecordingQueue()
    nudge_after_commit(session_factory, queue)
    with session_factory() as session:
        enqueue(session, Job.SEND_MAIL, "k", {}, now)
        assert queue.nudges == []
        session.commit()
    assert [job for job, _ in queue.nudges] == [Job.SEND_MAIL]


def test_a_rolled_back_promise_sends_no_nudge(session_factory: sessionmaker[Session], now: datetime) -> None:
    queue = RecordingQueue()
    nudge_after_commit(session_factory, queue)
    with session_factory() as session:
        enqueue(session, Job.SEND_MAIL, "k", {}, now)
        session.rollback()
        session.commit()
    assert queue.nudges == []


def test_a_done_job_is_not_run_again(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now())
    handler = Counting()
    assert runner(session_factory, clock, handler).run(job_id) is not None
    assert runner(session_factory, clock, handler).run(job_id) is None
    assert handler.calls == 1


def test_a_held_job_is_left_alone_until_its_lease_ends(session: Session, now: datetime) -> None:
    job_id = promise(session, now)
    assert claim(session, job_id, now, LEASE, 5) is not None
    assert claim(session, job_id, now + LEASE, LEASE, 5) is None
    assert claim(session, job_id, now + LEASE + timedelta(microseconds=1), LEASE, 5) is not None


def test_a_worker_that_lost_its_lease_leaves_no_effect(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now())

    class Slow:
        def __call__(self, inner: Session, payload: dict[str, Any], now: datetime) -> None:
            clock.advance(LEASE + timedelta(seconds=1))
            with session_factory() as other:
                assert claim(other, job_id, clock.now(), LEASE, 5) is not None
                other.commit()
            enqueue(inner, Job.SCORE_ANSWER, "effect", {}, now)

    slow = JobRunner(session_factory, clock, {Job.SEND_MAIL: Slow()}, LEASE, 5)
    assert slow.run(job_id) is None
    assert session.execute(select(JobRow.id).where(JobRow.key == "effect")).first() is None


def test_a_failed_job_waits_and_is_tried_again(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now())
    handler = Counting(failures=1)
    runs = runner(session_factory, clock, handler)
    assert runs.run(job_id) is None
    assert runs.run(job_id) is None
    assert handler.calls == 1
    clock.advance(timedelta(seconds=2))
    assert runs.run(job_id) is not None


def test_a_poisonous_job_is_parked_after_its_last_try_with_its_error(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now())
    handler = Counting(failures=99)
    runs = runner(session_factory, clock, handler, tries=3)
    for _ in range(6):
        runs.run(job_id)
        clock.advance(timedelta(minutes=5))
    session.expire_all()
    row = session.get_one(JobRow, job_id)
    assert handler.calls == 3
    assert row.parked_at is not None
    assert row.last_error == "ValueError: not yet"


@pytest.mark.parametrize("died", [1, 2])
def test_a_job_whose_worker_died_is_parked_when_its_tries_are_used_up(
    session: Session, now: datetime, died: int
) -> None:
    job_id = promise(session, now)
    for _ in range(died):
        assert claim(session, job_id, now, LEASE, died) is not None
        now += LEASE + timedelta(seconds=1)
    assert claim(session, job_id, now, LEASE, died) is None
    assert session.get_one(JobRow, job_id).parked_at is not None


def test_the_sweep_nudges_what_was_promised_and_not_done(session: Session, now: datetime) -> None:
    queue = RecordingQueue()
    lost = promise(session, now, "lost")
    held = promise(session, now, "held")
    claim(session, held, now, LEASE, 5)
    assert sweep(session, queue, now + timedelta(seconds=3)) == 1
    assert queue.nudges == [(Job.SEND_MAIL, lost)]
    assert sweep(session, queue, now + LEASE + timedelta(seconds=3)) == 2
