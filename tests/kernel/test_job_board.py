"""The sweep, what is parked, and what is forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from lift.kernel import job_board
from lift.kernel.ids import uuid7
from lift.kernel.job_board import GRACE, NUDGE_AGAIN_AFTER, sweep
from lift.kernel.job_runner import claim
from lift.kernel.jobs import Job, JobRow, enqueue
from lift.providers.queue import RecordingQueue

LEASE = timedelta(seconds=20)
MOMENT = timedelta(seconds=1)


def promise(session: Session, now: datetime, key: str, job: Job = Job.SEND_MAIL) -> UUID:
    job_id = enqueue(session, job, key, {}, now)
    assert job_id is not None
    return job_id


def parked(session: Session, now: datetime, key: str, *, give_up_at: datetime | None = None) -> UUID:
    job_id = promise(session, now, key)
    row = session.get_one(JobRow, job_id)
    row.parked_at, row.attempts, row.last_error, row.give_up_at = now, 5, "ValueError: no", give_up_at
    session.flush()
    return job_id


def test_the_sweep_nudges_what_was_promised_and_not_done(session: Session, now: datetime) -> None:
    queue = RecordingQueue()
    lost = promise(session, now, "lost")
    held = promise(session, now, "held")
    claim(session, held, now, LEASE)
    assert sweep(session, queue, now + GRACE) == 1
    assert queue.nudges == [(Job.SEND_MAIL, lost)]
    assert sweep(session, queue, now + LEASE + GRACE) == 2


def test_a_job_that_waits_in_its_queue_is_not_asked_for_with_every_sweep(session: Session, now: datetime) -> None:
    queue = RecordingQueue()
    promise(session, now, "k")
    first = now + GRACE
    assert sweep(session, queue, first) == 1
    assert sweep(session, queue, first + NUDGE_AGAIN_AFTER - MOMENT) == 0
    assert sweep(session, queue, first + NUDGE_AGAIN_AFTER) == 1


def test_a_queue_that_is_long_is_not_made_longer(session: Session, now: datetime) -> None:
    queue = RecordingQueue()
    for number in range(5):
        promise(session, now, f"mail {number}")
    queue.unread = {"mail": 5}
    assert sweep(session, queue, now + GRACE) == 0


def test_as_many_are_asked_for_as_no_call_is_on_the_way_to_the_oldest_first(session: Session, now: datetime) -> None:
    queue = RecordingQueue()
    oldest = promise(session, now - MOMENT, "oldest")
    for number in range(4):
        promise(session, now, f"mail {number}")
    claim(session, promise(session, now, "held"), now, LEASE)
    queue.unread = {"mail": 4}
    assert sweep(session, queue, now + GRACE) == 1
    assert queue.nudges == [(Job.SEND_MAIL, oldest)]


def test_a_job_whose_lease_ended_is_asked_for_at_once(session: Session, now: datetime) -> None:
    queue, job_id = RecordingQueue(), promise(session, now, "k")
    sweep(session, queue, now + GRACE)
    claim(session, job_id, now + GRACE, timedelta(seconds=3))
    assert sweep(session, queue, now + GRACE + timedelta(seconds=4)) == 1


def test_a_queue_that_nobody_works_off_holds_up_no_other(session: Session, now: datetime) -> None:
    queue = RecordingQueue()
    for number in range(4):
        promise(session, now, f"mail {number}")
    young = promise(session, now + MOMENT, "answer", Job.SCORE_ANSWER)
    assert sweep(session, queue, now + MOMENT + GRACE, limit=3) == 4
    assert (Job.SCORE_ANSWER, young) in queue.nudges


def test_a_sweep_keeps_to_its_limit_whatever_plan_the_database_takes(session: Session, now: datetime) -> None:
    for setting in ("enable_hashjoin", "enable_mergejoin", "enable_hashagg", "enable_sort", "enable_material"):
        session.execute(text(f"SET LOCAL {setting} = off"))
    for number in range(6):
        promise(session, now, f"mail {number}")
    assert sweep(session, RecordingQueue(), now + GRACE, limit=3) == 3


def test_a_job_of_a_name_that_this_release_does_not_know_is_said_and_skipped(session: Session, now: datetime) -> None:
    queue = RecordingQueue()
    session.add(JobRow(id=uuid7(), job="of_tomorrow", key="k", payload={}, created_at=now, run_after=now))
    known = promise(session, now, "k")
    session.flush()
    with capture_logs() as logs:
        assert sweep(session, queue, now + GRACE) == 1
    assert queue.nudges == [(Job.SEND_MAIL, known)]
    assert [(line["event"], line["jobs"], line["count"]) for line in logs] == [
        ("jobs_of_unknown_name", ["of_tomorrow"], 1)
    ]
    strange = session.execute(select(JobRow.id).where(JobRow.job == "of_tomorrow")).scalar_one()
    assert claim(session, strange, now + GRACE, LEASE) is None
    assert session.get_one(JobRow, strange).parked_at is None


def test_the_parked_are_listed_the_last_one_first(session: Session, now: datetime) -> None:
    promise(session, now, "open")
    old, new = parked(session, now, "old"), parked(session, now + MOMENT, "new")
    assert [row.id for row in job_board.parked(session)] == [new, old]


def test_a_released_job_has_all_its_tries_again(session: Session, now: datetime) -> None:
    one, other = parked(session, now, "one"), parked(session, now, "other")
    later = now + timedelta(days=1)
    assert job_board.release(session, later, one) == 1
    session.expire_all()
    held = claim(session, one, later, LEASE)
    assert held is not None
    assert held.attempt == 1
    assert session.get_one(JobRow, other).parked_at is not None
    assert job_board.release(session, later) == 1
    assert job_board.release(session, later, uuid7()) == 0


def test_what_it_is_too_late_for_stays_parked(session: Session, now: datetime) -> None:
    parked(session, now, "late", give_up_at=now + MOMENT)
    assert job_board.release(session, now + MOMENT) == 0


@pytest.mark.parametrize(("age", "gone"), [(timedelta(days=7), False), (timedelta(days=7) + MOMENT, True)])
def test_jobs_that_ended_are_forgotten_after_their_term(
    session: Session, now: datetime, age: timedelta, gone: bool
) -> None:
    done, failed, waiting = promise(session, now, "done"), parked(session, now, "parked"), promise(session, now, "open")
    session.get_one(JobRow, done).done_at = now
    session.flush()
    later = now + age
    forgotten = job_board.forget(
        session, done_before=later - timedelta(days=7), parked_before=later - timedelta(days=90)
    )
    assert forgotten == int(gone)
    left = set(session.execute(select(JobRow.id)).scalars())
    assert ({done, failed, waiting} - left == {done}) is gone
