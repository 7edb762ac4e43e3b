"""How usual the order of words is: a table of which kind of word follows which, learnt from real answers.

Function words are kinds of their own, other words are known by their ending, so the table is small and says nothing of
the subject.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lift.scoring.text import STOP_WORDS

ENDINGS = ("ing", "ed", "ly", "tion", "ment", "ity", "ness", "able", "al", "er", "es", "s")
EDGE = "."
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.!?,;:\n]")
KINDS = (EDGE, ",", "#", "-", *(f"-{ending}" for ending in ENDINGS), *sorted(STOP_WORDS))
_NUMBER = {kind: number for number, kind in enumerate(KINDS)}


WINDOW = 6
ODD = 0.3
"""A step that is this much rarer than chance is odd."""


class Usual(NamedTuple):
    """Mean gain a step, about -1 for shuffled words and +1 for plain sentences; share of odd steps; worst stretch."""

    typical: float
    odd: float
    oddest: float


@dataclass(frozen=True)
class WordOrder:
    """Log of how much more often one kind follows another than chance would have it, (kinds, kinds)."""

    gains: NDArray[np.float32]


def kinds(text: str) -> list[int]:
    """The kind of each word and mark, with an edge at both ends."""
    found = [0]
    for match in _TOKEN.finditer(text.lower().replace("’", "'")):
        number = _kind(match.group())
        if number or found[-1]:
            found.append(number)
    if found[-1]:
        found.append(0)
    return found


def _kind(word: str) -> int:
    if word in _NUMBER:
        return _NUMBER[word]
    if word in "!?\n":
        return 0
    if word in ";:":
        return _NUMBER[","]
    if word[0].isdigit():
        return _NUMBER["#"]
    for ending in ENDINGS:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return _NUMBER[f"-{ending}"]
    return _NUMBER["-"]


def learn(texts: Iterable[str], smoothing: float = 2.0) -> WordOrder:
    """The table of ``texts``; rare pairs are drawn towards chance."""
    pairs = np.zeros((len(KINDS), len(KINDS)))
    for text in texts:
        found = kinds(text)
        np.add.at(pairs, (found[:-1], found[1:]), 1)
    total = pairs.sum() + 1e-9
    chance = np.outer(pairs.sum(axis=1), pairs.sum(axis=0)) / total
    gains = np.log(
        (pairs + smoothing * np.minimum(1, chance) + 0.05) / (chance + smoothing * np.minimum(1, chance) + 0.05)
    )
    return WordOrder(np.round(np.clip(gains, -4, 4), 1).astype(np.float32))


def likeness(text: str, order: WordOrder) -> Usual:
    """How usual the order of a text's words is, step by step."""
    found = kinds(text)
    if len(found) < 3:
        return Usual(0.0, 0.0, 0.0)
    gains = order.gains[found[:-1], found[1:]]
    size = min(WINDOW, len(gains))
    stretches = np.convolve(gains, np.full(size, 1 / size), mode="valid")
    return Usual(float(gains.mean()), float((gains < -ODD).mean()), float(stretches.min()))
