"""Token alignment: how much of a key point a passage of the answer says, whatever words it uses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lift.scoring.encoder import Array, Encoded
from lift.scoring.text import NEGATIONS, Span, clauses, continues_number, digits, is_content, sentences, stem

WINDOW = 3
EXTRA_SENTENCE = 0.02
"""What a window must gain for each sentence more, so that evidence stays short."""
CLAUSE_SHARE = 0.92
SCOPE = 4
"""Content words after a negation that it is taken to negate."""
SAME = 0.5
"""Cosine from which a word of the answer counts as saying a word of the key point."""
SAME_NUMBER = np.float32(0.8)
OTHER_NUMBER = np.float32(0.4)

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class KeyPoint:
    """A signal, encoded: the vectors (k, 384) of its content words and which of them stand under a negation."""

    vectors: Array
    negated: Flags
    numbers: tuple[str, ...]
    """The digits of each word that is a number, else empty."""


@dataclass(frozen=True)
class Reading:
    """An answer, encoded: content words (n) with vectors, places and sentence numbers; sentences as spans."""

    text: str
    vectors: Array
    spans: tuple[Span, ...]
    negated: Flags
    numbers: tuple[str, ...]
    sentences: tuple[Span, ...]
    first_words: tuple[int, ...]
    """Index of each sentence's first content word; sentences without one are left out."""


@dataclass(frozen=True)
class Evidence:
    """The best window for one key point: its score and offsets, the quote in it, and whether it denies the point."""

    score: float
    window: Span
    quote: Span
    quote_score: float
    negated: bool


def _content(text: str, encoded: Encoded) -> list[int]:
    return [
        i
        for i, (start, end) in enumerate(encoded.spans)
        if is_content(text[start:end]) and not continues_number(text, start)
    ]


def _negated(text: str, encoded: Encoded, content: Sequence[int]) -> Flags:
    """Whether each content word follows a negation in its clause within ``SCOPE`` content words."""
    kept = set(content)
    flags: list[bool] = []
    left = 0
    for i, (start, end) in enumerate(encoded.spans):
        word = text[start:end].lower()
        rest = text[end : end + 6].lower()
        if word in NEGATIONS or (word == "t" and i > 0 and text[start - 1] in "'’"):
            # "no lock" and "without a lock" reach less far than "do not take a lock when …".
            left = 10 * SCOPE if rest.startswith(" true") else 2 if word in {"no", "without"} else SCOPE
        elif word in {"false", "wrong", "untrue"} and rest.startswith(" that"):
            left = 10 * SCOPE
        elif (word == "rather" and rest.startswith(" than")) or (word == "instead" and rest.startswith(" of")):
            left = 3
        elif word in {".", "!", "?", ";"} or (word in {",", ":", "but"} and left <= SCOPE):
            left = 0
        if i in kept:
            flags.append((left > 0 and word not in NEGATIONS) or (len(word) > 6 and word.endswith("less")))
            left = max(0, left - 1)
    return np.array(flags, dtype=np.bool_)


def key_point(text: str, encoded: Encoded, asked: frozenset[str]) -> KeyPoint:
    """A signal without the words that the question already says (``asked`` are its stems)."""
    content = _content(text, encoded)
    flags = _negated(text, encoded, content)
    fresh = [n for n, i in enumerate(content) if stem(text[slice(*encoded.spans[i])]) not in asked]
    # With fewer than two new words left there is nothing to tell answers apart by; then all of them count.
    chosen = fresh if len(fresh) >= 2 else list(range(len(content)))
    kept = [content[n] for n in chosen]
    return KeyPoint(encoded.vectors[kept], flags[chosen], tuple(digits(text, encoded.spans[i][0]) for i in kept))


def read(text: str, encoded: Encoded) -> Reading:
    """An answer made ready to be compared with key points."""
    content = _content(text, encoded)
    spans = tuple(encoded.spans[i] for i in content)
    kept: list[Span] = []
    firsts: list[int] = []
    at = 0
    for start, end in sentences(text):
        while at < len(spans) and spans[at][0] < start:
            at += 1
        if at < len(spans) and spans[at][0] < end:
            kept.append((start, end))
            firsts.append(at)
    return Reading(
        text=text,
        vectors=encoded.vectors[content],
        spans=spans,
        negated=_negated(text, encoded, content),
        numbers=tuple(digits(text, start) for start, _ in spans),
        sentences=tuple(kept),
        first_words=tuple(firsts),
    )


def find(point: KeyPoint, reading: Reading) -> Evidence | None:
    """The best window of one to three sentences for ``point``; None when either side has no content words."""
    if not len(point.vectors) or not reading.sentences:
        return None
    cosines = _compare(point, reading)
    by_sentence = np.maximum.reduceat(cosines, reading.first_words, axis=1)
    best, first, last = -1.0, 0, 0
    peak = by_sentence
    for size in range(1, min(WINDOW, by_sentence.shape[1]) + 1):
        if size > 1:
            peak = np.maximum(peak[:, :-1], by_sentence[:, size - 1 :])
        means = peak.mean(axis=0) - np.float32(EXTRA_SENTENCE * (size - 1))
        at = int(means.argmax())
        if float(means[at]) > best:
            best, first, last = float(means[at]), at, at + size - 1
    within = by_sentence[:, first : last + 1].mean(axis=0)
    chosen = first + int(within.argmax())
    quote, quote_score = _quote(reading, cosines, chosen, float(within.max()))
    inside = _inside(reading, (reading.sentences[first][0], reading.sentences[last][1]))
    return Evidence(
        score=best + EXTRA_SENTENCE * (last - first),
        window=(reading.sentences[first][0], reading.sentences[last][1]),
        quote=quote,
        quote_score=quote_score,
        negated=_contradicts(point, reading, cosines, inside),
    )


def _compare(point: KeyPoint, reading: Reading) -> Array:
    """Cosines (k, n), with numbers held to their digits: to the model one number is much like another."""
    cosines: Array = point.vectors @ reading.vectors.T
    for row, number in enumerate(point.numbers):
        if number:
            same = np.array([said == number for said in reading.numbers], dtype=np.bool_)
            cosines[row] = np.where(same, np.maximum(cosines[row], SAME_NUMBER), cosines[row] * OTHER_NUMBER)
    return cosines


def _inside(reading: Reading, span: Span) -> list[int]:
    return [i for i, (start, end) in enumerate(reading.spans) if span[0] <= start and end <= span[1]]


def _quote(reading: Reading, cosines: Array, number: int, whole: float) -> tuple[Span, float]:
    """The shortest clause that says nearly as much as its sentence, else the sentence."""
    sentence = reading.sentences[number]
    for clause in sorted(clauses(reading.text, sentence), key=lambda span: span[1] - span[0]):
        inside = _inside(reading, clause)
        if len(inside) >= 3:
            score = float(cosines[:, inside].max(axis=1).mean())
            if score >= CLAUSE_SHARE * whole:
                return clause, score
    return sentence, whole


def _contradicts(point: KeyPoint, reading: Reading, cosines: Array, inside: list[int]) -> bool:
    """Whether the matched words are mostly negated on one side only."""
    if not inside:
        return False
    near = cosines[:, inside]
    matches = near.argmax(axis=1)
    matched = near.max(axis=1) >= SAME
    if not matched.any():
        return False
    said = reading.negated[inside][matches][matched]
    meant = point.negated[matched]
    # With a negation on both sides they mostly say the same in another order. With one, what the point affirms
    # and the answer denies is the plainer contradiction.
    if said.any() and meant.any():
        return float((said != meant).mean()) > 0.8
    return float((said & ~meant).mean()) > 0.4 or float((said != meant).mean()) > 0.5
