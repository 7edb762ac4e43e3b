"""The servers' programs are found in the wheels, and on the machine when there are none."""

from pathlib import Path

import pytest

from lift.runner.binaries import LOWEST_POSTGRES, ServerBinaries
from lift.runner.errors import RunnerError


def program(folder: Path, name: str, prints: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{prints}'\n")
    path.chmod(0o755)
    return path


def test_the_wheels_bring_postgresql_18_and_a_valkey() -> None:
    binaries = ServerBinaries(path="", folders=())
    assert binaries.postgres().major == 18
    assert binaries.postgres().initdb.exists()
    assert binaries.valkey().name == "valkey-server"


def test_without_wheels_the_programs_on_the_path_are_taken(tmp_path: Path) -> None:
    server = program(tmp_path, "postgres", "postgres (PostgreSQL) 16.2")
    program(tmp_path, "initdb", "initdb")
    broker = program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=0 bits=64")
    binaries = ServerBinaries(wheels=False, path=str(tmp_path), folders=())
    assert binaries.postgres().postgres == server
    assert binaries.postgres().major == 16
    assert binaries.valkey() == broker


def test_valkey_is_preferred_to_redis(tmp_path: Path) -> None:
    program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=0")
    valkey = program(tmp_path, "valkey-server", "Valkey server v=8.1.0 sha=0")
    assert ServerBinaries(wheels=False, path=str(tmp_path), folders=()).valkey() == valkey


def test_the_newest_of_debians_folders_wins(tmp_path: Path) -> None:
    for major in (15, 17, 9):
        folder = tmp_path / str(major) / "bin"
        program(folder, "postgres", f"postgres (PostgreSQL) {major}.1")
        program(folder, "initdb", "initdb")
    binaries = ServerBinaries(wheels=False, path="", folders=(f"{tmp_path}/*/bin",))
    assert binaries.postgres().major == 17


def test_servers_that_are_too_old_are_not_taken(tmp_path: Path) -> None:
    program(tmp_path, "postgres", f"postgres (PostgreSQL) {LOWEST_POSTGRES - 1}.9")
    program(tmp_path, "initdb", "initdb")
    program(tmp_path, "redis-server", "Redis server v=6.2.1 sha=0")
    binaries = ServerBinaries(wheels=False, path=str(tmp_path), folders=())
    with pytest.raises(RunnerError, match="LIFT_DATABASE_URL"):
        binaries.postgres()
    with pytest.raises(RunnerError, match="LIFT_REDIS_URL"):
        binaries.valkey()


def test_a_program_that_cannot_run_here_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "bad", "valkey-server", "x").write_text("\x7fELF of another machine")
    good = program(tmp_path / "good", "redis-server", "Redis server v=7.2.0 sha=0")
    path = f"{tmp_path / 'bad'}:{tmp_path / 'good'}"
    assert ServerBinaries(wheels=False, path=path, folders=()).valkey() == good
