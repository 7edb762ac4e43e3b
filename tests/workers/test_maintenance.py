"""Beat's tasks: each exists, goes to a queue that somebody reads, and the quick ones wait behind nothing slow."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery.beat import PersistentScheduler
from sqlalchemy import select

from lift.kernel.clock import FixedClock
from lift.kernel.jobs import QUEUES, Job, JobRow, enqueue
from lift.operations import heartbeats
from lift.providers.queue import RecordingQueue
from lift.questions.models import LoopRow, SubjectRow
from lift.runner import commands
from lift.wiring import Services
from workers import maintenance, runtime, schedule
from workers.app import app
from workers.schedule import SCHEDULE


@pytest.fixture
def wired(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The tasks work on the test's services."""
    for module in (maintenance, runtime):
        monkeypatch.setattr(module, "services", lambda: services)
    return services


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE)
def test_what_beat_sends_is_a_task_on_a_queue_that_workers_read(entry: dict[str, Any]) -> None:
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks
    queue = entry["options"].get("queue", app.conf.task_default_queue)
    assert queue in (*commands.ALL_QUEUES, commands.SWEEP_QUEUE)
    assert entry["options"]["expires"] <= max(10, entry["schedule"].seconds)


def test_what_is_due_is_told_by_the_site_s_clock(tmp_path: Path) -> None:
    """Beat wakes every few seconds; when the sandbox moved the clock by a day, the rounds of the day are due then."""
    due_in_a_quarter, _ = SCHEDULE["trial-reminders"]["schedule"].is_due(schedule.site_now())
    due_since_yesterday, _ = SCHEDULE["trial-reminders"]["schedule"].is_due(schedule.site_now() - timedelta(days=1))
    assert (due_in_a_quarter, due_since_yesterday) == (False, True)
    # One that went by another clock would stand before the others when the site's is ahead, and hold them up.
    kept = PersistentScheduler(app, schedule_filename=str(tmp_path / "beat")).schedule
    assert set(kept) == set(SCHEDULE)
    assert all(entry.schedule.nowfun is schedule.site_now for entry in kept.values())


def test_the_sweep_waits_behind_no_job_and_every_worker_reads_its_queue() -> None:
    assert SCHEDULE["sweep"]["options"]["queue"] == commands.SWEEP_QUEUE
    assert commands.SWEEP_QUEUE not in QUEUES.values()
    for queue in commands.ALL_QUEUES:
        line = commands.worker([queue], name="x")
        assert commands.SWEEP_QUEUE in line[line.index("--queues") + 1].split(",")


def test_a_sweep_nudges_what_was_left_over(wired: Services, clock: FixedClock) -> None:
    with wired.session_factory() as session, session.begin():
        enqueue(session, Job.SEND_MAIL, "k", {}, clock.now())
    queue = wired.queue
    assert isinstance(queue, RecordingQueue)
    queue.nudges.clear()
    clock.advance(timedelta(seconds=3))
    maintenance.sweep()
    assert [job for job, _ in queue.nudges] == [Job.SEND_MAIL]


def test_tidying_forgets_what_is_past_its_term(wired: Services, clock: FixedClock) -> None:
    with wired.session_factory() as session, session.begin():
        enqueue(session, Job.SEND_MAIL, "k", {}, clock.now())
        session.execute(select(JobRow)).scalar_one().done_at = clock.now()
    clock.advance(timedelta(days=8))
    maintenance.tidy()
    with wired.session_factory() as session:
        assert session.execute(select(JobRow.id)).all() == []


def test_loops_are_counted_again_each_day(wired: Services, clock: FixedClock) -> None:
    clock.advance(timedelta(days=1))
    maintenance.count_loops()
    with wired.session_factory() as session:
        assert set(session.execute(select(LoopRow.counted_at)).scalars()) == {clock.now()}
        assert set(session.execute(select(SubjectRow.counted_at)).scalars()) == {clock.now()}


@pytest.mark.parametrize(
    ("queues", "groups"),
    [(("score", "voice", "sweep"), {"score"}), (("mail", "default"), {"default"}), (("mail",), set())],
)
def test_a_task_that_ran_is_a_sign_of_life_of_its_workers_group(
    wired: Services, clock: FixedClock, queues: tuple[str, ...], groups: set[str]
) -> None:
    runtime.show_life(queues)
    assert {group for group, seen in heartbeats.seen(wired.redis, clock.now()).items() if seen} == groups


def test_signs_of_life_are_shown_once_a_second_however_many_tasks_run(wired: Services, clock: FixedClock) -> None:
    pulse, first = heartbeats.Pulse(wired.redis), clock.now()
    pulse.beat("default", first)
    wired.redis.delete(heartbeats.key("default"))
    pulse.beat("default", first + timedelta(milliseconds=999))
    assert not heartbeats.seen(wired.redis, first)["default"]
    pulse.beat("default", first + timedelta(seconds=1))
    assert heartbeats.seen(wired.redis, first)["default"]


class Model:
    """Counts how often the model was read."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self) -> SimpleNamespace:
        self.reads += 1
        return SimpleNamespace()


@pytest.mark.parametrize(("queues", "reads"), [({"score", "voice"}, 1), ({"mail", "default", "sweep"}, 0)])
def test_the_model_is_read_before_the_first_answer_and_only_where_answers_are_scored(
    wired: Services, monkeypatch: pytest.MonkeyPatch, queues: set[str], reads: int
) -> None:
    model = Model()
    monkeypatch.setattr(runtime, "shared_encoder", model)
    monkeypatch.setattr(runtime, "runner", lambda: None)
    runtime.warm_up(queues)
    assert model.reads == reads
