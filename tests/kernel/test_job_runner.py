"""The promise of the job table, without a broker."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from lift.kernel.clock import FixedClock
from lift.kernel.db import make_engine, make_session_factory
from lift.kernel.job_runner import JobRunner, Outside, Work, claim
from lift.kernel.jobs import WAITS, Job, JobRow, enqueue, nudge_after_commit, tries
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


def promise(
    session: Session, now: datetime, key: str = "k", job: Job = Job.SEND_MAIL, give_up_at: datetime | None = None
) -> UUID:
    job_id = enqueue(session, job, key, {"message_id": "x"}, now, give_up_at=give_up_at)
    session.commit()
    assert job_id is not None
    return job_id


def runner(factory: sessionmaker[Session], clock: FixedClock, handler: Counting | Outside) -> JobRunner:
    return JobRunner(factory, clock, dict.fromkeys(Job, handler), LEASE)


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
    assert claim(session, job_id, now, LEASE) is not None
    assert claim(session, job_id, now + LEASE, LEASE) is None
    assert claim(session, job_id, now + LEASE + timedelta(microseconds=1), LEASE) is not None


def test_a_worker_that_lost_its_lease_leaves_no_effect(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now())

    class Slow:
        def __call__(self, inner: Session, payload: dict[str, Any], now: datetime) -> None:
            clock.advance(LEASE + timedelta(seconds=1))
            with session_factory() as other:
                assert claim(other, job_id, clock.now(), LEASE) is not None
                other.commit()
            enqueue(inner, Job.SCORE_ANSWER, "effect", {}, now)

    slow = JobRunner(session_factory, clock, {Job.SEND_MAIL: Slow()}, LEASE)
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
    clock.advance(WAITS[Job.SEND_MAIL][0])
    assert runs.run(job_id) is not None


def test_a_poisonous_job_is_parked_after_its_last_try_with_its_error(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now(), job=Job.SCORE_ANSWER)
    handler = Counting(failures=99)
    runs = runner(session_factory, clock, handler)
    for _ in range(8):
        runs.run(job_id)
        clock.advance(timedelta(minutes=5))
    session.expire_all()
    row = session.get_one(JobRow, job_id)
    assert handler.calls == tries(Job.SCORE_ANSWER) == 5
    assert row.parked_at is not None
    assert row.last_error == "ValueError: not yet"


@pytest.mark.parametrize("job", list(Job))
def test_every_wait_of_a_jobs_schedule_is_kept(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock, job: Job
) -> None:
    job_id = promise(session, clock.now(), job=job)
    handler = Counting(failures=99)
    runs = runner(session_factory, clock, handler)
    for number, wait in enumerate(WAITS[job], start=1):
        runs.run(job_id)
        clock.advance(wait - timedelta(seconds=1))
        runs.run(job_id)
        assert handler.calls == number
        clock.advance(timedelta(seconds=1))
    runs.run(job_id)
    session.expire_all()
    assert session.get_one(JobRow, job_id).parked_at == clock.now()


def test_a_mail_server_may_be_away_for_most_of_a_day() -> None:
    assert timedelta(hours=20) < sum(WAITS[Job.SEND_MAIL], timedelta()) < timedelta(hours=24)


def test_a_job_is_not_tried_when_it_is_too_late_for_it(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now(), give_up_at=clock.now() + timedelta(minutes=1))
    handler = Counting()
    clock.advance(timedelta(minutes=1))
    assert runner(session_factory, clock, handler).run(job_id) is None
    session.expire_all()
    row = session.get_one(JobRow, job_id)
    assert (handler.calls, row.parked_at, row.last_error) == (0, clock.now(), "it is too late for it")


def test_a_job_whose_next_try_would_come_too_late_is_parked_at_once(
    session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now(), give_up_at=clock.now() + WAITS[Job.SEND_MAIL][0])
    runner(session_factory, clock, Counting(failures=1)).run(job_id)
    session.expire_all()
    row = session.get_one(JobRow, job_id)
    assert (row.parked_at, row.last_error) == (clock.now(), "ValueError: not yet")


def test_a_job_whose_worker_died_is_parked_when_its_tries_are_used_up(session: Session, now: datetime) -> None:
    job_id = promise(session, now, job=Job.SCORE_ANSWER)
    for _ in range(tries(Job.SCORE_ANSWER)):
        assert claim(session, job_id, now, LEASE) is not None
        now += LEASE + timedelta(seconds=1)
    assert claim(session, job_id, now, LEASE) is None
    row = session.get_one(JobRow, job_id)
    assert row.parked_at is not None
    assert row.last_error == "its worker died each time"


def test_a_job_that_is_given_its_tries_again_while_a_worker_looks_is_not_parked(
    database_url: str, now: datetime
) -> None:
    engine, aside = make_engine(database_url), make_engine(database_url)
    factory = make_session_factory(engine)
    with factory() as session:
        job_id = promise(session, now, "released")
        session.execute(update(JobRow).where(JobRow.id == job_id).values(parked_at=now))
        session.commit()
    looked: list[str] = []

    @event.listens_for(engine, "after_cursor_execute")
    def _release(_: Connection, __: object, statement: str, *___: object) -> None:
        """Right after the worker saw that the job was not to be had."""
        looked.append(statement)
        if len(looked) == 1:
            with aside.begin() as other:
                other.execute(update(JobRow).where(JobRow.id == job_id).values(parked_at=None))

    with factory() as session, session.begin():
        assert claim(session, job_id, now, LEASE) is None
    with factory() as session, session.begin():
        row = session.get_one(JobRow, job_id)
        assert row.parked_at is None
        session.delete(row)
    for each in (engine, aside):
        each.dispose()


class Away:
    """An effect outside the database that looks whether a transaction is open around it."""

    def __init__(self, engine: Engine, *, fails: bool = False) -> None:
        self.engine = engine
        self.fails = fails
        self.idle_in_transaction = -1

    def __call__(self, work: Work, payload: dict[str, Any], now: datetime) -> None:
        with work() as session:
            session.execute(select(JobRow.id)).all()
        with self.engine.connect() as watcher:
            count = text(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()"
            )
            self.idle_in_transaction = watcher.execute(count).scalar_one()
        if self.fails:
            raise ValueError("not yet")


@pytest.mark.parametrize("fails", [False, True])
def test_an_effect_outside_the_database_is_done_with_no_transaction_open(
    database_url: str, clock: FixedClock, fails: bool
) -> None:
    engine = make_engine(database_url)
    factory = make_session_factory(engine)
    away = Away(engine, fails=fails)
    with factory() as session:
        job_id = promise(session, clock.now(), f"outside:{fails}")
    done = runner(factory, clock, Outside(away)).run(job_id)
    with factory() as session, session.begin():
        row = session.get_one(JobRow, job_id)
        assert (row.done_at is None, done is None) == (fails, fails)
        session.delete(row)
    engine.dispose()
    assert away.idle_in_transaction == 0
