"""Children that die come back, each later than the last time; the end is asked for, not met by chance."""

import signal
import sys
from pathlib import Path

import pytest

from lift.runner.errors import RunnerError, Stopped
from lift.runner.process import Child
from lift.runner.supervisor import Supervisor, back_off


class FakeTime:
    """A clock that only moves when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class FakeChild(Child):
    """A child without a process: it runs until the test says that it died."""

    def __init__(self, name: str, clock: FakeTime, tmp_path: Path) -> None:
        super().__init__(name, ["unused"], log=tmp_path / f"{name}.log", clock=clock)
        self._fake_clock = clock
        self.alive = False
        self.starts: list[float] = []

    def start(self) -> None:
        self.alive = True
        self.started_at = self._fake_clock()
        self.starts.append(self.started_at)

    def running(self) -> bool:
        return self.alive

    @property
    def exit_code(self) -> int | None:
        return None if self.alive else 1


@pytest.fixture
def clock() -> FakeTime:
    return FakeTime()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(clock: FakeTime, said: list[str]) -> Supervisor:
    return Supervisor(clock=clock, sleep=clock.sleep, say=said.append)


def test_the_back_off_doubles_up_to_half_a_minute() -> None:
    assert [back_off(n) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_dead_child_comes_back_after_its_back_off(
    supervisor: Supervisor, clock: FakeTime, said: list[str], tmp_path: Path
) -> None:
    child = FakeChild("web", clock, tmp_path)
    supervisor.keep(child, stage=1)
    child.alive = False
    supervisor.tend()
    clock.sleep(0.4)
    supervisor.tend()
    assert child.starts == [0.0]
    clock.sleep(0.2)
    supervisor.tend()
    assert child.starts == [0.0, pytest.approx(0.6)]
    assert said == [f"web ended (1); starting it again in 0.5 s. Its log: {tmp_path / 'web.log'}"]


def test_a_minute_of_health_forgives_earlier_deaths(
    supervisor: Supervisor, clock: FakeTime, said: list[str], tmp_path: Path
) -> None:
    child = FakeChild("web", clock, tmp_path)
    supervisor.keep(child, stage=1)
    for _ in range(3):
        child.alive = False
        supervisor.tend()
        clock.sleep(10)
        supervisor.tend()
    clock.sleep(61)
    supervisor.tend()
    child.alive = False
    supervisor.tend()
    assert [line.split(" in ")[1].split(" s.")[0] for line in said] == ["0.5", "1", "2", "0.5"]


def test_what_is_never_ready_is_named_with_the_child_that_keeps_ending(
    supervisor: Supervisor, clock: FakeTime, tmp_path: Path
) -> None:
    child = FakeChild("web", clock, tmp_path)
    (tmp_path / "web.log").write_text("Traceback\nImportError: no module named granny\n\n")
    supervisor.keep(child, stage=1)
    child.alive = False
    with pytest.raises(RunnerError, match="not ready within 5 s; web keeps ending: ImportError: no module named"):
        supervisor.wait_for("Interview Lift", lambda: False, 5)


def test_a_wish_to_stop_ends_every_wait(supervisor: Supervisor) -> None:
    supervisor.request_stop()
    with pytest.raises(Stopped):
        supervisor.wait_for("anything", lambda: False, 60)


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_child_that_ignores_the_polite_signal_is_killed_with_all_it_started(tmp_path: Path) -> None:
    script = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(os.fork(), flush=True); time.sleep(60)"
    )
    child = Child("stubborn", [sys.executable, "-c", script], log=tmp_path / "stubborn.log")
    child.start()
    while len((tmp_path / "stubborn.log").read_text().split()) < 2:
        assert child.running()
    child.stop(timeout=0.1)
    assert child.exit_code == -signal.SIGKILL
    forked = max(int(word) for word in (tmp_path / "stubborn.log").read_text().split())
    # The kernel ends it and init takes it away: a moment after the signal on a busy machine.
    assert any(_is_gone(forked) for _ in range(200_000))
