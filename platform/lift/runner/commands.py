"""The command lines of the web, the workers and beat: one place for `lift up`, `lift serve` and `lift work`."""

import shutil
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path

WEB_PROCESSES = 2
ALL_QUEUES = ("score", "voice", "mail", "default")
SWEEP_QUEUE = "sweep"
"""Every worker reads it too, so that no slow mail and no long answer holds up the sweep."""


def web(host: str, port: int, *, processes: int = WEB_PROCESSES, threads: int = 32) -> list[str]:
    """Granian with ``processes`` × ``threads`` blocking threads: event streams hold a thread each."""
    return [
        *_guarded("granian"),
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads), "--backpressure", str(threads * 4)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "2", "--no-ws", "--log-level", "warning"),
        "lift.web.wsgi:application",
    ]


def worker(queues: Sequence[str], *, name: str, concurrency: int = 1) -> list[str]:
    """A Celery worker for ``queues``, and for sweeps."""
    return [
        *_guarded("celery"),
        *("-A", "workers.app:app", "worker", "--queues", ",".join((*queues, SWEEP_QUEUE)), "--hostname", f"{name}@%h"),
        *("--pool", "prefork", "--concurrency", str(concurrency), "--loglevel", "warning"),
        *("--without-gossip", "--without-mingle"),
    ]


def beat(schedule: Path) -> list[str]:
    """Celery beat: exactly one may run."""
    return [
        *_guarded("celery"),
        *("-A", "workers.app:app", "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "warning"),
    ]


def sandbox(port: int) -> list[str]:
    """The sandbox for payments, on a port of the loopback address."""
    return [sys.executable, "-m", "lift.runner.sandbox", str(port)]


def count_together(folder: Path, env: MutableMapping[str, str]) -> None:
    """Let the processes of one web server add their requests up in an empty ``folder``; before they start."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    env["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _guarded(module: str) -> list[str]:
    return [sys.executable, "-m", "lift.runner.child", module]
