"""Chromium, wherever it is: one search for the tests, for their preparation and for whoever else needs it."""

import os
import shutil
import subprocess
from pathlib import Path

from lift.runner.errors import RunnerError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The program that ``LIFT_CHROMIUM`` names, else the first on PATH; RunnerError when the named one is not there."""
    named = os.environ.get("LIFT_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK) or Path(named).is_dir():
            raise RunnerError(f"LIFT_CHROMIUM names {named}, which is no program.")
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure_chromium() -> None:
    """See that Chromium is here, installing Debian's as root; RunnerError when it cannot be had."""
    if find_chromium():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RunnerError("The tests need Chromium: install it (on Debian: apt-get install chromium) and try again.")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-qq", *command], env=quiet, capture_output=True, text=True, check=False)  # noqa: S607 - where apt-get is differs
        if done.returncode != 0:
            reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise RunnerError(f"Chromium could not be installed: {reason[0] if reason else 'apt-get failed'}")
