"""`python -m tests.billing.mutants`: plants each bug in a copy and runs the tests; exit 0 only when all are found."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.billing.mutants.catalog import MUTANTS, Mutant
from tests.servers import shared_postgres

ROOT = Path(__file__).resolve().parents[3]
FAILED_TESTS = 1
"""Pytest's exit code when tests ran and some failed; any other says nothing about a bug."""


def copy_to(folder: Path) -> None:
    """Billing and its tests, and links to what they need."""
    ignore = shutil.ignore_patterns("__pycache__", "mutants")
    shutil.copytree(ROOT / "billing", folder / "billing", ignore=ignore)
    shutil.copytree(ROOT / "tests" / "billing", folder / "tests" / "billing", ignore=ignore)
    for name in ("__init__.py", "conftest.py", "servers.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "platform").symlink_to(ROOT / "platform")
    (folder / "migrations").symlink_to(ROOT / "migrations")


def plant(folder: Path, mutant: Mutant) -> None:
    """Change the one place that the bug is about."""
    path = folder / "billing" / mutant.file
    source = path.read_text()
    if source.count(mutant.old) < 1:
        raise SystemExit(f"{mutant.name}: {mutant.file} does not say {mutant.old!r} any more.")
    path.write_text(source.replace(mutant.old, mutant.new, 1))


def run(folder: Path, arguments: tuple[str, ...]) -> int:
    """Pytest in the copy; its exit code."""
    paths = [f"tests/billing/{each}" if each.endswith(".py") else each for each in arguments]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *(paths or ["tests/billing"])]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPYCACHEPREFIX"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


def try_mutant(mutant: Mutant | None) -> tuple[str, str, float]:
    """Name, verdict, seconds; without a mutant the tests must pass."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        copy_to(folder)
        if mutant is None:
            verdict = "sound" if run(folder, ()) == 0 else "broken"
            return "the code as it is", verdict, time.monotonic() - started
        plant(folder, mutant)
        killed = run(folder, mutant.directed) == FAILED_TESTS or run(folder, ()) == FAILED_TESTS
        return mutant.name, "killed" if killed else "SURVIVED", time.monotonic() - started


def main() -> int:
    """Run all; two at a time."""
    with tempfile.TemporaryDirectory() as data, shared_postgres(Path(data)) as url:
        os.environ["LIFT_TEST_DATABASE_URL"] = url
        killed = survived = 0
        with ThreadPoolExecutor(2) as pool:
            for name, verdict, seconds in pool.map(try_mutant, (None, *MUTANTS)):
                print(f"{verdict:8} {seconds:5.1f} s  {name}", flush=True)
                if verdict == "broken":
                    print("The tests fail without any bug: nothing can be said.", file=sys.stderr)
                    pool.shutdown(cancel_futures=True)
                    return 1
                killed += verdict == "killed"
                survived += verdict == "SURVIVED"
    print(f"{killed} killed, {survived} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
