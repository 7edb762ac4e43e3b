"""The terms of a text: stems of its content words, with the lexicon's names of one thing taken for one. Pure."""

from collections.abc import Iterable
from functools import lru_cache

from lift.scoring import lexicon
from lift.scoring.text import STOP_WORDS, stem, words


def term_list(text: str) -> list[str]:
    """One term for each content word, in order; a concept of the lexicon stands for each word of its form."""
    said = words(text)
    return [
        f"={concept}" if concept >= 0 else stem(word)
        for word, concept in zip(said, lexicon.concepts(said), strict=True)
        if concept >= 0 or word not in STOP_WORDS
    ]


def terms(*texts: str) -> frozenset[str]:
    """The different terms of all ``texts``."""
    return frozenset().union(*map(_terms, texts))


@lru_cache(maxsize=4096)
def _terms(text: str) -> frozenset[str]:
    # One question's texts are asked for again and again while help with it is drawn.
    return frozenset(term_list(text))


def revealed(text: str, hidden: Iterable[str], shown: frozenset[str]) -> int:
    """How many terms of any one of the ``hidden`` texts ``text`` says that are not ``shown`` already: the most of them."""
    new = terms(text) - shown
    return max((len(new & terms(part)) for part in hidden), default=0)
