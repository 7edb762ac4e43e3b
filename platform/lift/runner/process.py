"""A child process that cannot outlive us: death signal, own session, log file, a polite end and then a firm one."""

import ctypes
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10 * 1024 * 1024
PYTHON_ERROR = re.compile(r"[A-Za-z_.]*(Error|Exception)\b: ")
# Loaded before any fork: the code between fork and exec must allocate as little as it can.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, death_signal: int) -> None:
    """Ask the kernel to send us ``death_signal`` when the thread that forked us ends."""
    _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died between the fork and the line above
        os._exit(1)


def guard_forks() -> None:
    """From now on every fork of this process is killed when this process dies."""
    parent = os.getpid()

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: die_with(parent, signal.SIGKILL))


class Child:
    """One program under us. Start it from the main thread: a death signal follows the thread that forked.

    ``log`` receives its output (rotated once past 10 MB); ``death_signal`` is what it gets if we vanish;
    ``stop_signal`` is the polite end; ``user`` runs it as that account.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        death_signal: signal.Signals = signal.SIGKILL,
        stop_signal: signal.Signals = signal.SIGTERM,
        user: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.log = log
        self.stop_signal = stop_signal
        self._command = [str(part) for part in command]
        self._env = dict(env) if env is not None else None
        self._cwd = cwd
        self._death_signal = death_signal
        self._user = user
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self.started_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process id while it was started and not yet stopped."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it; OSError when the program cannot be run."""
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        parent, death_signal = os.getpid(), int(self._death_signal)
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._env,
                cwd=self._cwd,
                user=self._user,
                group=None if self._user is None else _group_of(self._user),
                extra_groups=None if self._user is None else [],
                start_new_session=True,  # a terminal's Ctrl-C is for the runner alone, which ends us in order
                preexec_fn=lambda: die_with(parent, death_signal),  # noqa: PLW1509 - the runner has one thread
            )
        self.started_at = self._clock()

    def running(self) -> bool:
        """Whether the program itself (not what it forked) runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Its exit code, negative for a signal, None while it runs."""
        return self._process.poll() if self._process else None

    def signal(self, number: signal.Signals) -> None:
        """Send ``number`` to the program, if it runs."""
        if self.running() and self._process:
            self._process.send_signal(number)

    def ask_to_stop(self) -> None:
        """Send the polite signal and return at once."""
        self.signal(self.stop_signal)

    def sweep(self) -> None:
        """Kill whatever is left of its session and collect the exit code."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self, timeout: float = 5.0) -> None:
        """Polite signal, up to ``timeout`` seconds of patience, then SIGKILL to all it started."""
        stop_all([self], timeout, clock=self._clock)

    def last_line(self) -> str:
        """The last line of its log that is not empty."""
        return next((line for line in reversed(self._lines()) if line), "")

    def complaint(self) -> str:
        """The last line since its start that names a Python error; empty when there is none."""
        return next((line for line in reversed(self._lines()) if PYTHON_ERROR.match(line)), "")

    def _lines(self) -> list[str]:
        """The last lines that it wrote since it was started."""
        try:
            with self.log.open("rb") as output:
                output.seek(max(self._log_start, self.log.stat().st_size - 8192))
                return [line.strip() for line in output.read().decode(errors="replace").splitlines()]
        except OSError:
            return []


def stop_all(children: Sequence[Child], timeout: float, *, clock: Callable[[], float] = time.monotonic) -> None:
    """End all ``children`` side by side within about ``timeout`` seconds."""
    for child in children:
        child.ask_to_stop()
    end = clock() + timeout
    while any(child.running() for child in children) and clock() < end:
        time.sleep(0.02)
    for child in children:
        child.sweep()


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
