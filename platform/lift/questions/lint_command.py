"""``lift lint``: check the questions and print what is wrong, where."""

import sys
from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from lift.catalog.files import CONTENT
from lift.questions.linter import Assess, lint
from lift.questions.similarity import Embed

REMEMBERED = 1_000
"""Texts whose vectors are kept meanwhile, some 70 MB: those of about a hundred questions."""


def run(
    content_dir: Path = CONTENT,
    *,
    readings: bool = True,
    models: bool = True,
    out: TextIO | None = None,
) -> int:
    """Print ``file:line: id: message`` for each fault; 0 when there is none, else 1.

    ``models`` False leaves out the two rules that need the encoder; ``readings`` False the second readings.
    """
    out = out or sys.stdout
    embed, assess = (embedder(), scorer()) if models else (None, None)
    found = lint(Path(content_dir), embed=embed, assess=assess, readings=readings)
    for problem in found.problems:
        print(problem, file=out)
    count = len(found.problems)
    print(f"{found.questions} questions, {count} {'problem' if count == 1 else 'problems'}", file=out)
    return 1 if found.problems else 0


def embedder() -> Embed:
    """The encoder's sentence vectors, one row a text."""
    import numpy as np

    from lift.scoring.encoder import shared_encoder

    def embed(texts: Sequence[str]) -> Any:
        return np.stack([encoded.sentence for encoded in shared_encoder().encode_all(texts)])

    return embed


def scorer() -> Assess:
    """The embedded scorer, which remembers the last texts: each outline is read against two questions."""
    from lift.scoring.embedded import EmbeddedScorer
    from lift.scoring.encoder import shared_encoder

    encoder = copy(shared_encoder())
    encoder.encode = lru_cache(maxsize=REMEMBERED)(encoder.encode)  # type: ignore[method-assign]  # this copy's alone
    return EmbeddedScorer(encoder=encoder).assess
