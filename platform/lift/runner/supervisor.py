"""Keeps children running: restarts with back-off, waits that Ctrl-C interrupts, an end in stages."""

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from lift.runner.errors import RunnerError, Stopped
from lift.runner.process import Child, stop_all

FIRST_BACK_OFF = 0.5
LONGEST_BACK_OFF = 30.0
HEALTHY_AFTER = 60.0
TICK = 0.2
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class _Kept:
    child: Child
    stage: int
    failures: int = 0
    restart_at: float | None = None


def back_off(failures: int) -> float:
    """Seconds to wait before the restart after the ``failures``-th death in a row (1, 2, …)."""
    return float(min(FIRST_BACK_OFF * 2.0 ** (failures - 1), LONGEST_BACK_OFF))


class Supervisor:
    """Owns the children. Stage 0 (servers) ends after stage 1 (what uses them)."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._say = say
        self._kept: list[_Kept] = []
        self._stopping = False

    def listen(self) -> None:
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to end."""
        for number in STOP_SIGNALS:
            signal.signal(number, lambda *_: self.request_stop())

    def request_stop(self) -> None:
        """Let the next wait raise Stopped."""
        self._stopping = True

    def pause(self, seconds: float) -> None:
        """Sleep; Stopped when someone asked us to end."""
        if self._stopping:
            raise Stopped
        self._sleep(seconds)
        if self._stopping:
            raise Stopped

    def keep(self, child: Child, *, stage: int) -> None:
        """Look after ``child``, which may run already."""
        self._kept.append(_Kept(child, stage))
        if not child.running():
            child.start()

    def wait_for(self, what: str, ready: Callable[[], bool], timeout: float) -> None:
        """Tend the children until ``ready()``; RunnerError when that takes over ``timeout`` seconds."""
        end = self._clock() + timeout
        while not ready():
            if self._clock() > end:
                raise RunnerError(f"{what} was not ready within {timeout:.0f} s{self._suspect()}")
            self.tend()
            self.pause(0.1)

    def run(self) -> None:
        """Tend the children until someone asks us to end."""
        while True:
            self.tend()
            self.pause(TICK)

    def tend(self) -> None:
        """Restart who died, each after its own back-off."""
        now = self._clock()
        for kept in self._kept:
            child = kept.child
            if child.running():
                if kept.failures and now - child.started_at > HEALTHY_AFTER:
                    kept.failures = 0
            elif kept.restart_at is None:
                child.sweep()  # what it forked must not keep its port or its queue
                kept.failures += 1
                wait = back_off(kept.failures)
                kept.restart_at = now + wait
                self._say(
                    f"{child.name} ended ({child.exit_code}); starting it again in {wait:g} s. Its log: {child.log}"
                )
            elif now >= kept.restart_at:
                kept.restart_at = None
                child.start()

    def stop(self) -> None:
        """End all children within five seconds: those that serve people first, then the servers."""
        end = self._clock() + 4.6
        users = [kept.child for kept in self._kept if kept.stage > 0]
        servers = [kept.child for kept in self._kept if kept.stage == 0]
        # A job cut off in its middle is done again by its lease; PostgreSQL's last checkpoint gets what is left.
        stop_all(users, 2.2, clock=self._clock)
        stop_all(servers, end - self._clock(), clock=self._clock)
        self._kept.clear()

    def _suspect(self) -> str:
        for kept in self._kept:
            if kept.failures:
                return f"; {kept.child.name} keeps ending: {kept.child.last_line()} (log: {kept.child.log})"
            if complaint := kept.child.complaint():
                return f"; {kept.child.name} says: {complaint} (log: {kept.child.log})"
        return f"; see {self._kept[-1].child.log.parent}" if self._kept else ""
