"""`lift score`: a file of answers in, a file of scored answers out."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lift.runner.errors import RunnerError

if TYPE_CHECKING:
    from lift.scoring.port import Scorer

SCORERS = ("embedded", "llm")


def run(source: str, into: str, name: str) -> None:
    """Score ``source`` into ``into``; RunnerError in one line when a file or the scorer cannot be had."""
    if name not in SCORERS:
        raise RunnerError(f"There is no scorer {name}; there are {' and '.join(SCORERS)}.")
    if source != "-" and into != "-" and Path(source).absolute() == Path(into).absolute():
        raise RunnerError("--in and --out are the same file.")
    # Before numpy is loaded: more threads only make short answers slower.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from lift.scoring.batch import score_lines

    scorer = _scorer(name)
    with _reading(source) as lines, _writing(into) as out:
        for line in score_lines(lines, scorer):
            out.write(line.encode() + b"\n")
            out.flush()


def _scorer(name: str) -> "Scorer":
    from lift.scoring.embedded import EmbeddedScorer

    if name == "embedded":
        # It needs no settings, and asks for none.
        return EmbeddedScorer()
    from lift.kernel.settings import Settings
    from lift.providers.scorers import NotSetUp, make_scorer

    try:
        return make_scorer(Settings(), "llm")
    except NotSetUp as missing:
        raise RunnerError(str(missing)) from None


@contextlib.contextmanager
def _reading(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - only opening may fail with these words
    except OSError as error:
        raise RunnerError(f"{name} cannot be read: {(error.strerror or 'no such file').lower()}.") from None
    with file:
        yield file


@contextlib.contextmanager
def _writing(name: str) -> Iterator[BinaryIO]:
    """The file appears under its name only when it is whole, so that a broken run leaves the old one."""
    if name == "-":
        yield sys.stdout.buffer
        return
    path = Path(name)
    part = path.with_name(path.name + ".part")
    try:
        file = part.open("wb")
    except OSError as error:
        raise RunnerError(f"{name} cannot be written: {(error.strerror or 'no such folder').lower()}.") from None
    try:
        with file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
