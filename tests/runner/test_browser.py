"""Chromium is looked for in one way, and its lack is one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lift.runner.browser import NAMES, find_chromium
from lift.runner.errors import RunnerError


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("LIFT_CHROMIUM", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_each_of_its_names_is_known(alone: Path, name: str) -> None:
    assert find_chromium() is None
    assert find_chromium() != program(alone, name) == find_chromium()


def test_the_one_that_the_setting_names_wins(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(alone, "chromium")
    named = program(alone, "mine")
    monkeypatch.setenv("LIFT_CHROMIUM", named)
    assert find_chromium() == named


@pytest.mark.parametrize("named", ["/nowhere/chromium", "/tmp"])
def test_a_setting_that_names_no_program_is_said(alone: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("LIFT_CHROMIUM", named)
    with pytest.raises(RunnerError, match=f"LIFT_CHROMIUM names {named}"):
        find_chromium()


@pytest.mark.parametrize(
    ("apt", "said"),
    [
        (None, "The tests need Chromium"),
        ("#!/bin/sh\necho 'Get: 1' \necho 'E: Unable to fetch' >&2\nexit 100\n", "Chromium could not be installed"),
    ],
)
def test_tests_without_chromium_end_with_one_line(alone: Path, apt: str | None, said: str) -> None:
    if apt:
        Path(program(alone, "apt-get")).write_text(apt)
    done = subprocess.run(
        [sys.executable, "-m", "lift.cli", "test", "tests/kernel/test_ids.py"],
        env={**os.environ, "PATH": str(alone)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    # Only root may install it.
    assert done.stderr.startswith(said if os.geteuid() == 0 else "The tests need Chromium")
