"""From a fresh clone with empty caches to a product that is ready, and down again."""

import os
import subprocess
import time
from pathlib import Path

from bench.site import free_port

ROOT = Path(__file__).parents[1]


def cold_start(clone: Path) -> None:
    """Time ``./lift up --check`` on what is committed, with nothing installed before but Python."""
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(clone)], check=True)  # noqa: S607 - git is where it is
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LIFT_", "VIRTUAL_ENV", "PYTHON"))
    }
    empty = {"UV_CACHE_DIR": str(clone / ".cold/uv"), "npm_config_cache": str(clone / ".cold/npm")}
    started = time.perf_counter()
    done = subprocess.run(
        ["./lift", "up", "--check", "--port", str(free_port())],
        cwd=clone,
        env={**kept, **empty},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"lift up --check failed on a fresh clone: {done.stderr[-500:]}")
    print(f"up --check, fresh clone   {seconds:6.1f} s    {seconds / 180:.2f} of the bound of 180 s")
