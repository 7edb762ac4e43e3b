"""A sentence of which some words are kept back. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lift.scoring import lexicon
from lift.scoring.terms import terms

# A number with its separators is kept back as a whole: half of it tells its size.
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Piece:
    """A run of text; of a hidden one ``text`` holds its first letter at most."""

    text: str
    hidden: bool = False


def masked(text: str, known: frozenset[str], *, letters: int = 0) -> list[Piece]:
    """``text`` with every content word hidden whose term is not ``known``; ``letters`` of each stay, of a number none."""
    found = list(_WORD.finditer(text))
    concepts = lexicon.concepts([match.group().lower().replace("’", "'") for match in found])
    pieces: list[Piece] = []
    at = 0
    for match, concept in zip(found, concepts, strict=True):
        word = match.group()
        own = {f"={concept}"} if concept >= 0 else terms(word)
        if own <= known:
            continue
        if match.start() > at:
            pieces.append(Piece(text[at : match.start()]))
        pieces.append(Piece("" if word[0].isdigit() else word[:letters], hidden=True))
        at = match.end()
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def plain(pieces: Sequence[Piece]) -> str:
    """The sentence as text, an ellipsis for what is kept back."""
    return "".join(f"{piece.text}…" if piece.hidden else piece.text for piece in pieces)
