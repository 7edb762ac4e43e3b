"""What is wrong with a machine is said in one line before anything starts."""

import os
import socket
import stat
from pathlib import Path

import pytest

from lift.kernel.clock import clock_file, move_ahead
from lift.runner.binaries import LOWEST_POSTGRES, LOWEST_VALKEY
from lift.runner.errors import RunnerError
from lift.runner.lock import HomeLock
from lift.runner.ports import LOOPBACK, free_port, require_free
from lift.runner.preflight import (
    prepare_home,
    require_database,
    require_redis,
    require_unmoved_clock,
    secret_key,
    trial_key,
)


def test_a_second_runner_on_one_data_directory_is_told_who_has_it(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path), HomeLock(tmp_path)
    first.acquire("http://127.0.0.1:8000")
    with pytest.raises(RunnerError, match=rf"already runs on .*process {os.getpid()}, http://127.0.0.1:8000"):
        second.acquire("http://127.0.0.1:9000")
    first.release()
    second.acquire("http://127.0.0.1:9000")
    second.release()


def test_a_lock_left_by_a_runner_that_is_gone_is_free(tmp_path: Path) -> None:
    (tmp_path / "lift.lock").write_text("process 4711, http://127.0.0.1:8000, a longer text than the next one\n")
    lock = HomeLock(tmp_path)
    lock.acquire("http://127.0.0.1:1")
    assert (tmp_path / "lift.lock").read_text() == f"process {os.getpid()}, http://127.0.0.1:1\n"
    lock.release()


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RunnerError, match=f"Port {port} is taken by another program; choose another with --port"):
            require_free(LOOPBACK, port)


def test_a_free_port_is_accepted_and_left_free() -> None:
    port = free_port()
    require_free(LOOPBACK, port)
    require_free(LOOPBACK, port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(RunnerError, match="--host"):
        require_free("192.0.2.1", 8000)


def test_a_full_disk_is_named_with_what_is_left(tmp_path: Path) -> None:
    with pytest.raises(RunnerError, match=r"The disk is nearly full: .* has 12 MB left and needs 300 MB"):
        prepare_home(tmp_path, lambda _: 12 * 2**20)


def test_a_home_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")
    with pytest.raises(RunnerError, match="cannot be written"):
        prepare_home(home)


def test_a_new_home_is_private(tmp_path: Path) -> None:
    home = tmp_path / "a" / "home"
    prepare_home(home, lambda _: 2**40)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert list(home.iterdir()) == []


def test_the_secret_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) >= 64
    assert secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("left", ["", "\n", "half a key"])
def test_a_key_file_without_a_key_is_named_and_left_alone(tmp_path: Path, left: str) -> None:
    (tmp_path / "secret_key").write_text(left)
    with pytest.raises(RunnerError, match=r"secret_key holds no key: delete it"):
        secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_text() == left


def test_a_key_whose_making_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret_key.new").write_text("half a")
    assert secret_key(tmp_path) == (tmp_path / "secret_key").read_text().strip()
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_postgresql_that_is_too_old_is_named_with_the_lowest_that_works(server_url: str) -> None:
    require_database(server_url)
    with pytest.raises(RunnerError, match=r"LIFT_DATABASE_URL names a PostgreSQL \d+; the lowest that works is 99\."):
        require_database(server_url, lowest=99)


def test_a_valkey_that_is_too_old_is_named_with_the_lowest_that_works(redis_url: str) -> None:
    require_redis(redis_url)
    with pytest.raises(RunnerError, match=r"LIFT_REDIS_URL names a (Valkey|Redis) [\d.]+; the lowest that works is 99"):
        require_redis(redis_url, lowest=99)


def test_the_lowest_versions_are_those_that_the_documents_name() -> None:
    said = (Path(__file__).resolve().parents[2] / "docs/operations.md").read_text()
    assert f"PostgreSQL {LOWEST_POSTGRES} or newer" in said
    assert f"Valkey {LOWEST_VALKEY} or Redis {LOWEST_VALKEY} or newer" in said


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://lift:hunter2@127.0.0.1:{port}/lift", "sqlite:///x.db", "postgresql://[::1"]
)
def test_a_wrong_database_url_is_one_line_without_its_password(url: str) -> None:
    with pytest.raises(RunnerError) as caught:
        require_database(url.format(port=free_port()))
    assert str(caught.value).startswith("LIFT_DATABASE_URL ")
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["redis://:hunter2@127.0.0.1:{port}/0", "http://127.0.0.1"])
def test_a_wrong_redis_url_is_one_line_without_its_password(url: str) -> None:
    with pytest.raises(RunnerError) as caught:
        require_redis(url.format(port=free_port()))
    assert str(caught.value).startswith("LIFT_REDIS_URL ")
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_the_trial_key_is_made_once_private_and_not_the_secret_key(tmp_path: Path) -> None:
    key = trial_key(tmp_path)
    assert trial_key(tmp_path) == key != secret_key(tmp_path)
    assert len(key) >= 32
    assert stat.S_IMODE((tmp_path / "trial_key").stat().st_mode) == 0o600


def test_a_home_from_before_the_trial_key_keeps_its_mailboxes_whatever_becomes_of_the_secret_key(
    tmp_path: Path,
) -> None:
    old = secret_key(tmp_path)
    assert trial_key(tmp_path) == old
    (tmp_path / "secret_key").unlink()
    assert secret_key(tmp_path) != old
    assert trial_key(tmp_path) == old


def test_stripe_is_not_asked_from_a_home_whose_clock_was_moved_ahead(tmp_path: Path) -> None:
    require_unmoved_clock(tmp_path)
    move_ahead(clock_file(tmp_path), 8 * 86_400)
    with pytest.raises(RunnerError, match=r"was moved 8 days ahead with the sandbox.*choose another LIFT_HOME"):
        require_unmoved_clock(tmp_path)
