"""The command lines of the web, the workers and beat: one place for `lift up`, `lift serve` and `lift work`."""

import sys
from collections.abc import Sequence
from pathlib import Path

WEB_PROCESSES = 2
ALL_QUEUES = ("score", "voice", "mail", "default")


def web(host: str, port: int, *, processes: int = WEB_PROCESSES, threads: int = 32) -> list[str]:
    """Granian with ``processes`` × ``threads`` blocking threads: event streams hold a thread each."""
    return [
        *_guarded("granian"),
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads), "--backpressure", str(threads * 4)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "2", "--no-ws", "--log-level", "warning"),
        "lift.web.wsgi:application",
    ]


def worker(queues: Sequence[str], *, name: str, concurrency: int = 1, schedule: Path | None = None) -> list[str]:
    """A Celery worker for ``queues``; with ``schedule`` (a file) it also runs beat as a forked child.

    A forked beat shares its parent's pages and costs a few MB where a process of its own costs about 60.
    """
    embedded_beat = ["--beat", "--schedule", str(schedule)] if schedule else []
    return [
        *_guarded("celery"),
        *("-A", "workers.app:app", "worker", "--queues", ",".join(queues), "--hostname", f"{name}@%h"),
        *("--pool", "prefork", "--concurrency", str(concurrency), "--loglevel", "warning"),
        *("--without-gossip", "--without-mingle", *embedded_beat),
    ]


def beat(schedule: Path) -> list[str]:
    """Beat alone, for a stack whose workers are many: exactly one may run."""
    return [
        *_guarded("celery"),
        *("-A", "workers.app:app", "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "warning"),
    ]


def _guarded(module: str) -> list[str]:
    return [sys.executable, "-m", "lift.runner.child", module]
