"""Texts made ready to be compared: questions, key points and answers as vectors of their content words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lift.scoring import lexicon
from lift.scoring.encoder import Array, Encoded, unit
from lift.scoring.text import NEGATIONS, Span, amount, continues_number, digits, estimate, is_content, sentences, stem

SCOPE = 4
"""Content words after a negation that it is taken to negate."""

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """A question, encoded: the stems and vectors (n, 384) of its content words, and its sentence vector."""

    stems: frozenset[str]
    vectors: Array
    sentence: Array


@dataclass(frozen=True)
class KeyPoint:
    """A signal, encoded: the vectors (k, 384) of its content words and what is known of each."""

    vectors: Array
    novelty: Array
    """0..1: how little the question says each word already."""
    fresh: Flags
    """Words whose stem the question does not hold; all of them where fewer than two are left."""
    negated: Flags
    numbers: tuple[str, ...]
    """The digits of each word that is a number, else empty."""
    estimates: tuple[float, ...]
    """The value of each number that the signal itself gives as rough, else 0: another rounding of it says the same."""
    concepts: Numbers
    """The lexicon's concept of each word, -1 for none."""
    stems: tuple[str, ...]
    sentence: Array
    """The whole signal's sentence vector."""


@dataclass(frozen=True)
class Reading:
    """An answer, encoded: content words (n) with vectors, places and sentence numbers; sentences as spans."""

    text: str
    vectors: Array
    spans: tuple[Span, ...]
    negated: Flags
    numbers: tuple[str, ...]
    amounts: tuple[float, ...]
    """The value of each word that is a number, else 0."""
    concepts: Numbers
    stems: tuple[str, ...]
    sentences: tuple[Span, ...]
    first_words: tuple[int, ...]
    """Index of each sentence's first content word; sentences without one are left out."""
    sentence: Array
    """The whole answer's sentence vector."""


def _content(text: str, encoded: Encoded) -> list[int]:
    return [
        i
        for i, (start, end) in enumerate(encoded.spans)
        if is_content(text[start:end]) and not continues_number(text, start)
    ]


def _concepts(text: str, encoded: Encoded, content: Sequence[int]) -> Numbers:
    marks = [i for i, (start, _) in enumerate(encoded.spans) if text[start].isalnum()]
    found = dict(zip(marks, lexicon.concepts([text[slice(*encoded.spans[i])].lower() for i in marks]), strict=True))
    return np.array([found.get(i, -1) for i in content], dtype=np.int64)


def _stems(text: str, encoded: Encoded, content: Sequence[int]) -> tuple[str, ...]:
    return tuple(stem(text[slice(*encoded.spans[i])]) for i in content)


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


def asked(text: str, encoded: Encoded) -> Asked:
    """A question."""
    content = _content(text, encoded)
    return Asked(frozenset(_stems(text, encoded, content)), encoded.vectors[content], encoded.sentence)


def key_point(text: str, encoded: Encoded, question: Asked) -> KeyPoint:
    """A signal, with each word weighed by how new it is beside the question."""
    content = _content(text, encoded)
    vectors = encoded.vectors[content]
    stems = _stems(text, encoded, content)
    fresh = np.array([s not in question.stems for s in stems], dtype=np.bool_)
    # With fewer than two new words left there is nothing to tell answers apart by; then all of them count.
    if fresh.sum() < 2:
        fresh[:] = True
    novelty = np.ones(len(content), dtype=np.float32)
    if len(content) and len(question.vectors):
        novelty = 1 - np.clip((vectors @ question.vectors.T).max(axis=1), 0, np.float32(0.999))
    return KeyPoint(
        vectors=vectors,
        novelty=novelty,
        fresh=fresh,
        negated=_negated(text, encoded, content),
        numbers=tuple(digits(text, encoded.spans[i][0]) for i in content),
        estimates=tuple(estimate(text, encoded.spans[i][0]) for i in content),
        concepts=_concepts(text, encoded, content),
        stems=stems,
        sentence=encoded.sentence,
    )


def joined(points: Sequence[KeyPoint]) -> KeyPoint:
    """All key points of a rubric as one."""
    return KeyPoint(
        vectors=np.concatenate([point.vectors for point in points]),
        novelty=np.concatenate([point.novelty for point in points]),
        fresh=np.concatenate([point.fresh for point in points]),
        negated=np.concatenate([point.negated for point in points]),
        numbers=tuple(number for point in points for number in point.numbers),
        estimates=tuple(value for point in points for value in point.estimates),
        concepts=np.concatenate([point.concepts for point in points]),
        stems=tuple(stem for point in points for stem in point.stems),
        sentence=unit(np.sum([point.sentence for point in points], axis=0)),
    )


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
        amounts=tuple(amount(text, start) for start, _ in spans),
        concepts=_concepts(text, encoded, content),
        stems=_stems(text, encoded, content),
        sentences=tuple(kept),
        first_words=tuple(firsts),
        sentence=encoded.sentence,
    )
