"""A stack to be hurt: our own PostgreSQL and Valkey, a real Celery worker with beat, and the shipped content."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from redis import Redis

from lift.catalog.loader import load_content
from lift.kernel.db import unit_of_work
from lift.kernel.migrations import script_location
from lift.kernel.settings import Settings
from lift.runner import commands
from lift.wiring import Services, build
from tests.servers import shared_postgres, shared_valkey


def eventually(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """Look until ``holds``; the seconds it took, or a failure that says what did not come."""
    started, pause = time.monotonic(), threading.Event()
    while not holds():
        if time.monotonic() - started > seconds:
            pytest.fail(f"not within {seconds} s: {what}")
        pause.wait(0.05)
    return time.monotonic() - started


def children_of(pid: int) -> list[int]:
    """The process ids of the children of ``pid``."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@dataclass
class Stack:
    """Running servers, the services of a web process, and a worker that can be killed."""

    services: Services
    redis: Redis
    environment: dict[str, str]
    folder: Path
    worker: subprocess.Popen[bytes] | None = None
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> None:
        """A worker of all queues with one pool child, as a process group of its own."""
        self.worker = self._start("worker", commands.worker(commands.ALL_QUEUES, name="all"))

    def start_beat(self) -> None:
        """The schedule, which `lift up` keeps alive as a process of its own."""
        self._start("beat", commands.beat(self.folder / "beat"))

    def start_web(self, command: list[str]) -> None:
        """The web, as ``command`` serves it."""
        self._start("web", command)

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        self.started.append(process)
        return process

    def kill_worker(self) -> None:
        """Kill -9 of the worker and its children."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def kill_pool_child(self) -> None:
        """Kill -9 of whichever children run tasks; the worker itself lives on."""
        assert self.worker is not None
        for child in children_of(self.worker.pid):
            os.kill(child, signal.SIGKILL)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with shared_postgres(folder / "postgres") as database_url, shared_valkey(folder / "valkey") as redis_url:
        config = Config()
        config.set_main_option("script_location", str(script_location()))
        config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
        command.upgrade(config, "head")
        settings = Settings(
            environment="test", embedded=True, database_url=database_url, redis_url=redis_url, home=folder
        )
        services = build(settings)
        with unit_of_work(services.session_factory) as session:
            load_content(session, datetime.now(UTC))
        environment = {
            **os.environ,
            "LIFT_DATABASE_URL": database_url,
            "LIFT_REDIS_URL": redis_url,
            "LIFT_EMBEDDED": "1",
            "LIFT_HOME": str(folder),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        made = Stack(services, Redis.from_url(redis_url), environment, folder)
        made.start_beat()
        made.start_worker()
        yield made
        for process in made.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        services.engine.dispose()
