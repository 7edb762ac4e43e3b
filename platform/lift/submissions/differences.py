"""Where two texts differ, word by word: for who compares them side by side."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST = 2_000
"""Words of a text that are compared: beyond, the rest is shown as one piece."""


class Kind(StrEnum):
    """What a piece is."""

    SAME = "same"
    GONE = "gone"
    """Only the first text has it."""
    NEW = "new"
    """Only the second has it."""


@dataclass(frozen=True)
class Piece:
    """A run of text of one kind."""

    kind: Kind
    text: str


ENOUGH_SHARED = 0.4
"""Share of the shorter text's words that two texts have in the same order, below which marking all others helps nobody."""


def worth_marking(pieces: Sequence[Piece]) -> bool:
    """Whether the two texts are close enough for their differences to tell something."""
    count = {kind: sum(len(p.text.split()) for p in pieces if p.kind is kind) for kind in Kind}
    shorter = count[Kind.SAME] + min(count[Kind.GONE], count[Kind.NEW])
    return shorter > 0 and count[Kind.SAME] / shorter >= ENOUGH_SHARED


def differences(first: str, second: str) -> list[Piece]:
    """Pieces in order; those of the first text (same and gone) make it up, and those of the second make that up."""
    return list(_pieces(_words(first), _words(second)))


def _words(text: str) -> list[str]:
    """Words and the spaces after them; the last one too, since another piece may follow it."""
    found = re.findall(r"\s+|[^\s]+\s*", f"{text.rstrip()} " if text.strip() else "")
    return found if len(found) <= MOST else [*found[:MOST], "".join(found[MOST:])]


def _pieces(first: list[str], second: list[str]) -> Iterator[Piece]:
    # A word at the end of a text is the same word as in its middle.
    matcher = SequenceMatcher(None, [w.strip() for w in first], [w.strip() for w in second], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(Kind.SAME, "".join(second[c:d]))
            continue
        if a < b:
            yield Piece(Kind.GONE, "".join(first[a:b]))
        if c < d:
            yield Piece(Kind.NEW, "".join(second[c:d]))
