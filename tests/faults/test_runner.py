"""The runner's servers under kill -9: no row is lost, and nothing outlives the runner."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from lift.runner.binaries import ServerBinaries
from lift.runner.errors import RunnerError
from lift.runner.postgres import EmbeddedPostgres
from lift.runner.valkey import EmbeddedValkey

pytestmark = pytest.mark.fault

PARENT = """
import os, sys
from pathlib import Path
from lift.runner.binaries import ServerBinaries
from lift.runner.postgres import EmbeddedPostgres
from lift.runner.process import Child
from lift.runner.valkey import EmbeddedValkey

home = Path(sys.argv[1])
EmbeddedPostgres(home / "postgres", ServerBinaries()).start()
EmbeddedValkey(home / "valkey", ServerBinaries()).start()
forking = home / "forking.py"
forking.write_text("import os, time\\nos.fork() and os.fork()\\nprint('forked', flush=True)\\ntime.sleep(600)\\n")
env = {**os.environ, "PYTHONPATH": str(home)}
child = Child("forking", [sys.executable, "-m", "lift.runner.child", "forking"], log=home / "forking.log", env=env)
child.start()
while child.log.read_text().count("forked") < 3:
    assert child.running()
print("up", flush=True)
input()
"""


def plain(url: str) -> str:
    """libpq's form of SQLAlchemy's URL."""
    return url.replace("+psycopg", "")


def processes_of(folder: Path) -> list[str]:
    """The command lines (and process ids) that name ``folder`` and are not this test's own."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            where = (entry / "cwd").readlink()
            group = (entry / "environ").read_bytes().decode(errors="replace") if "forking" in command else ""
        except OSError:
            continue
        if str(folder) in command or str(folder) in group or where.is_relative_to(folder):
            found.append(f"{entry.name} {command}")
    return found


def eventually(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether ``holds`` becomes true within ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        os.sched_yield()
    return holds()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "postgres", ServerBinaries())
    server.start()
    yield server
    server.stop()


def test_postgresql_lets_nobody_in_without_the_scram_password(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(plain(postgres.url)) as connection:
        assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'lift'").fetchone() == (False,)
        rules = (postgres.data / "pg_hba.conf").read_text().splitlines()
        assert {line.split()[-1] for line in rules if line and not line.startswith("#")} == {"scram-sha-256"}
    for wrong in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=postgres.port, user="lift", dbname="lift", password=wrong)


def test_committed_rows_survive_a_kill_of_the_postmaster(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(plain(postgres.url), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT n FROM generate_series(1, 20000) AS n")
        assert postgres.child is not None
        assert postgres.child.pid is not None
        os.kill(postgres.child.pid, signal.SIGKILL)
    postgres.child.sweep()
    again = EmbeddedPostgres(postgres.folder, ServerBinaries())
    again.start()
    try:
        with psycopg.connect(plain(again.url)) as connection:
            assert connection.execute("SELECT count(*), sum(n) FROM kept").fetchone() == (20000, 200010000)
    finally:
        again.stop()


def test_an_interrupted_first_start_is_begun_anew(tmp_path: Path) -> None:
    half_made = tmp_path / "postgres" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(tmp_path / "postgres", ServerBinaries())
    server.start()
    server.stop()
    assert not half_made.exists()


def test_a_cluster_of_another_version_is_named_and_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(RunnerError, match="was made by PostgreSQL 14"):
        EmbeddedPostgres(tmp_path / "postgres", ServerBinaries()).start()
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_valkey_keeps_its_keys_over_a_kill_and_asks_for_its_password(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "valkey", ServerBinaries())
    server.start()
    client = Redis.from_url(server.url)
    client.set("kept", "yes")
    client.execute_command("WAITAOF", 1, 0, 2000)
    with pytest.raises(AuthenticationError):
        Redis(port=server.port).ping()
    assert server.child is not None
    server.child.signal(signal.SIGKILL)
    server.child.sweep()
    client.close()
    again = EmbeddedValkey(tmp_path / "valkey", ServerBinaries())
    again.start()
    try:
        with Redis.from_url(again.url) as client:
            assert client.get("kept") == b"yes"
    finally:
        again.stop()


def test_killing_the_parent_leaves_no_server_no_child_and_no_fork(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        assert len(processes_of(tmp_path)) >= 6
        parent.kill()
    assert eventually(lambda: processes_of(tmp_path) == [], 5), processes_of(tmp_path)


def test_a_server_killed_with_its_runner_is_waited_for_at_the_next_start(tmp_path: Path) -> None:
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", PARENT, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as parent:
            assert parent.stdout is not None
            assert parent.stdout.readline() == "up\n"
            parent.kill()
    assert eventually(lambda: processes_of(tmp_path) == [], 5), processes_of(tmp_path)
