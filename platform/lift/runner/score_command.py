"""`lift score`: a file of answers in, a file of scored answers out."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lift.runner.errors import RunnerError
from lift.runner.files import reading, writing

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
    with reading(source) as lines, writing(into) as out:
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
