"""`lift up` as a person meets it: through the command line, as a process that ends well or is killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from lift.runner.ports import LOOPBACK, free_port
from tests.faults.conftest import eventually
from tests.runner.test_cli import one_line
from tests.servers import shared_postgres, shared_valkey

pytestmark = pytest.mark.fault
NOBODY = 65534
READY_WITHIN = 120


def environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """This environment with these settings of ours and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIFT_")}
    return {**kept, "LIFT_HOME": str(home), **settings}


def up(port: int, *arguments: str, through: Sequence[str] = ()) -> list[str]:
    """The command line of `lift up`; ``through`` goes before it."""
    return [*through, sys.executable, "-m", "lift.cli", "up", "--port", str(port), *arguments]


def check(
    home: Path, port: int | None = None, *, through: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    """`lift up --check` on ``home``, ended."""
    return subprocess.run(
        up(port or free_port(), "--check", through=through),
        env=environment(home, settings),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=READY_WITHIN,
        check=False,
    )


def descendants(pid: int) -> list[int]:
    """The process ids below ``pid``."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(below for child in children for below in descendants(child))]


def living(pids: Sequence[int]) -> list[int]:
    """Those of ``pids`` that still run."""
    found = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state not in "ZX":
            found.append(pid)
    return found


@dataclass
class Running:
    """A product that is up."""

    process: subprocess.Popen[str]
    home: Path
    port: int

    def all_below(self) -> list[int]:
        """Its processes: PostgreSQL's, Valkey, web, workers and beat with what they forked."""
        found = descendants(self.process.pid)
        assert len(found) >= 12, "the whole stack runs"
        return found


@contextmanager
def running(home: Path) -> Iterator[Running]:
    """`lift up` on ``home`` from its address to the end of the block."""
    port = free_port()
    process = subprocess.Popen(
        up(port), env=environment(home, {}), cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Interview Lift is at http://{LOOPBACK}:{port}\n"
        yield Running(process, home, port)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data directory for the tests of this module: the later ones start on what the earlier ones left."""
    return tmp_path_factory.mktemp("home")


def test_check_starts_everything_and_ends_with_0(home: Path) -> None:
    done = check(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Interview Lift was ready at http://127.0.0.1:")


def test_beside_a_running_product_and_at_its_end(home: Path, tmp_path: Path) -> None:
    with running(home) as product:
        assert f"already runs on {home} (process {product.process.pid}, http://" in one_line(check(home))
        taken = one_line(check(tmp_path / "another", product.port))
        assert taken == f"Port {product.port} is taken by another program; choose another with --port."
        below, asked = product.all_below(), time.monotonic()
        product.process.send_signal(signal.SIGINT)
        assert product.process.wait(10) == 0
        assert time.monotonic() - asked < 5
        assert living(below) == []


def test_a_runner_that_is_killed_leaves_no_process_and_a_home_that_starts_again(home: Path) -> None:
    with running(home) as product:
        below = product.all_below()
        product.process.kill()
        product.process.wait()
        eventually(lambda: living(below) == [], 5, "the end of all that was below the runner")
    assert check(home).returncode == 0


def test_a_port_that_something_else_listens_on_is_named(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in one_line(check(tmp_path, port))


def test_a_database_without_our_role_is_named_without_the_password(tmp_path: Path) -> None:
    with shared_postgres(tmp_path / "server") as url:
        wrong = url.replace("//lift:", "//stranger:x")
        line = one_line(check(tmp_path / "home", LIFT_DATABASE_URL=wrong))
    assert line.startswith("LIFT_DATABASE_URL does not work: ")
    assert "stranger:x" not in line


def test_servers_that_are_named_are_used_and_none_of_our_own_is_started(tmp_path: Path) -> None:
    with shared_postgres(tmp_path / "postgres") as database, shared_valkey(tmp_path / "valkey") as broker:
        done = check(tmp_path / "home", LIFT_DATABASE_URL=database, LIFT_REDIS_URL=broker)
        assert (done.returncode, done.stderr) == (0, "")
        with psycopg.connect(database.replace("+psycopg", "")) as connection:
            questions = connection.execute("SELECT count(*) FROM questions").fetchone()
        with Redis.from_url(broker) as client:
            assert client.exists("lift:worker-seen:score", "lift:worker-seen:default") == 2
    assert questions is not None
    assert questions[0] > 100
    assert not (tmp_path / "home" / "postgres").exists()
    assert not (tmp_path / "home" / "valkey").exists()


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    # A mount of its own name space: it is gone with the process, and needs no root where user name spaces exist.
    spaces = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]
    mounting = f'mount -t tmpfs -o size=64m none {tmp_path} && exec "$@"'
    line = one_line(check(tmp_path, through=["unshare", *spaces, "sh", "-c", mounting, "sh"]))
    assert line.startswith(f"The disk is nearly full: {tmp_path} has ")
    assert line.endswith("and needs 300 MB.")


@pytest.fixture
def home_of_somebody() -> Iterator[Path]:
    """A data directory of an ordinary user, where that user can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="lift-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def as_somebody() -> list[str]:
    """Before a command: become an ordinary user, who may at most read where the checkout is kept."""
    if os.geteuid() != 0:
        return []
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    python = [sys.executable, "-c", f"import redis, sys; sys.exit(sys.base_prefix != {sys.base_prefix!r})"]
    if subprocess.run([*become, *python], cwd="/", capture_output=True, check=False).returncode == 0:
        return become
    return [*become, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


def test_an_ordinary_user_needs_no_more_than_a_folder(home_of_somebody: Path) -> None:
    done = check(home_of_somebody, through=as_somebody())
    assert (done.returncode, done.stderr) == (0, "")
    owner = (home_of_somebody / "postgres" / "data" / "PG_VERSION").stat().st_uid
    assert owner == (NOBODY if os.geteuid() == 0 else os.geteuid())
