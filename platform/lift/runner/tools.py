"""The commands of a developer: lint, check, bench and test."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lift.runner.browser import ensure_chromium
from lift.runner.errors import RunnerError

ROOT = Path(__file__).resolve().parents[3]


PLANTED = {"billing-mutants": "tests.billing.mutants"}
"""Suites that are run against planted bugs: each must be found."""


def test(paths: Sequence[str], *, everything: bool) -> NoReturn:
    """Static checks (unless ``paths`` narrow the run), then pytest; with ``everything`` the planted bugs too."""
    if not (ROOT / "tests").is_dir():
        raise RunnerError("The tests are in the checkout of Interview Lift; this is an installed package.")
    os.chdir(ROOT)
    if len(paths) == 1 and paths[0] in PLANTED:
        sys.exit(_python(PLANTED[paths[0]]))
    ensure_chromium()
    if not paths:
        static_checks()
    # A file stays with one worker: its servers and its stack are started once.
    arguments = ["-n", "2", "--dist", "loadfile"]
    if not everything:
        arguments += ["-m", "not fault"]
    planted = PLANTED.values() if everything and not paths else ()
    for module, its_arguments in [("pytest", [*arguments, *paths]), *((each, []) for each in planted)]:
        code = _python(module, *its_arguments)
        if code != 0:
            sys.exit(code)
    sys.exit(0)


def _python(module: str, *arguments: str) -> int:
    """Run a module in this interpreter's environment; its exit code."""
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode


def static_checks() -> None:
    """Ruff, mypy, import-linter and squawk; RunnerError naming the first that complains."""
    _run("ruff", "check", ".")
    _run("ruff", "format", "--check", "--quiet", ".")
    _run("mypy")
    _run("lint-imports")
    lint_migrations()


def lint_migrations() -> None:
    """Squawk on the SQL that the migrations run."""
    from lift.runner.steps import migrations_as_sql

    # Squawk takes what stands in one file for one transaction, so each migration gets a file, with the limits before it.
    limits, begin, rest = migrations_as_sql().partition("BEGIN;\n")
    with tempfile.TemporaryDirectory() as folder:
        scripts = []
        for number, transaction in enumerate((begin + rest).strip().removesuffix("COMMIT;").split("COMMIT;\n")):
            script = Path(folder) / f"{number + 1:04d}.sql"
            script.write_text(f"{limits}{transaction}COMMIT;\n")
            scripts.append(str(script))
        _run("squawk", *scripts)


def lint_questions(*, quick: bool) -> None:
    """Run the question linter, ``quick`` without its models; RunnerError when it has complaints (one a line)."""
    from lift.questions.lint_command import run

    if run(models=not quick) != 0:
        raise RunnerError("The questions have faults (above).")


def check_parts() -> None:
    """Print each part and whether it is ready; RunnerError when one is not."""
    from lift.kernel.clock import SystemClock
    from lift.kernel.settings import Settings
    from lift.operations.health import check_ready
    from lift.wiring import build

    wired = build(Settings())
    parts = check_ready(wired.engine, wired.redis, SystemClock().now())
    for name, ready in parts.items():
        print(f"{name}: {'ready' if ready else 'not ready'}")
    missing = [name for name, ready in parts.items() if not ready]
    if missing:
        raise RunnerError(f"Not ready: {', '.join(missing)}.")


def bench(*arguments: str, module: str = "bench") -> NoReturn:
    """Run the measurements of the checkout's ``bench/`` in place of this process."""
    if not (ROOT / "bench").is_dir():
        raise RunnerError("The measurements are in the checkout of Interview Lift; this is an installed package.")
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - a fixed argument list, no shell


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).parent / tool
    if not program.exists():
        raise RunnerError(f"{tool} is not installed: the tests need the group dev of pyproject.toml.")
    print(f"{tool} {' '.join(arguments)}".rstrip(), flush=True)
    # Tools speak on standard output; their failure is one line of ours after it.
    if subprocess.run([program, *arguments], cwd=ROOT, check=False).returncode != 0:
        raise RunnerError(f"{tool} found faults (above).")
