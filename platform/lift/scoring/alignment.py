"""Token alignment: how much of a key point a passage of the answer says, whatever words it uses.

Each content word of the key point takes its best cosine in the passage; the mean is weighed by how new the word is
beside the question, and words that stand in the question count nothing.
"""

from dataclasses import dataclass

import numpy as np

from lift.scoring.encoder import Array
from lift.scoring.keypoints import KeyPoint, Reading
from lift.scoring.text import Span, clauses

WINDOW = 3
EXTRA_SENTENCE = 0.02
"""What a window must gain for each sentence more, so that evidence stays short."""
CLAUSE_SHARE = 0.92
SAME = 0.5
"""Cosine from which a word of the answer counts as saying a word of the key point."""
SAME_NUMBER = np.float32(0.8)
OTHER_NUMBER = np.float32(0.4)
ROUNDING = 0.07
"""How far a number may lie from an estimate that it agrees with: 20 from 19 may, 50 from 45 may not."""
SAME_CONCEPT = np.float32(0.85)


@dataclass(frozen=True)
class Evidence:
    """The best window for one key point: its score and offsets, the quote in it, and whether it denies the point."""

    score: float
    window: Span
    quote: Span
    quote_score: float
    negated: bool


def find(point: KeyPoint, reading: Reading) -> Evidence | None:
    """The best window of one to three sentences for ``point``; None when either side has no content words."""
    if not len(point.vectors) or not reading.sentences:
        return None
    cosines = _strict(point, reading)
    weights = point.novelty * point.fresh
    weights /= weights.sum()
    by_sentence = np.maximum.reduceat(cosines, reading.first_words, axis=1)
    best, first, last = -1.0, 0, 0
    peak = by_sentence
    for size in range(1, min(WINDOW, by_sentence.shape[1]) + 1):
        if size > 1:
            peak = np.maximum(peak[:, :-1], by_sentence[:, size - 1 :])
        means = weights @ peak - np.float32(EXTRA_SENTENCE * (size - 1))
        at = int(means.argmax())
        if float(means[at]) > best:
            best, first, last = float(means[at]), at, at + size - 1
    within = weights @ by_sentence[:, first : last + 1]
    chosen = first + int(within.argmax())
    quote, quote_score = _quote(reading, cosines, weights, chosen, float(within.max()))
    inside = _inside(reading, (reading.sentences[first][0], reading.sentences[last][1]))
    return Evidence(
        score=best + EXTRA_SENTENCE * (last - first),
        window=(reading.sentences[first][0], reading.sentences[last][1]),
        quote=quote,
        quote_score=quote_score,
        negated=_contradicts(point, reading, cosines, inside),
    )


def compare(point: KeyPoint, reading: Reading) -> Array:
    """Cosines (k, n), with the lexicon's concepts held to one another."""
    cosines: Array = point.vectors @ reading.vectors.T
    return _with_concepts(cosines, point, reading)


def _with_concepts(cosines: Array, point: KeyPoint, reading: Reading) -> Array:
    same = (point.concepts[:, None] == reading.concepts[None, :]) & (point.concepts[:, None] >= 0)
    return np.where(same, np.maximum(cosines, SAME_CONCEPT), cosines) if same.any() else cosines


def _strict(point: KeyPoint, reading: Reading) -> Array:
    """``compare`` with numbers held to their digits: to the model one number is much like another.

    An estimate is met by another rounding of it.
    """
    cosines: Array = point.vectors @ reading.vectors.T
    for row, number in enumerate(point.numbers):
        if number:
            same = np.array([said == number for said in reading.numbers], dtype=np.bool_)
            if point.estimates[row]:
                same |= np.abs(np.array(reading.amounts) / point.estimates[row] - 1) <= ROUNDING
            cosines[row] = np.where(same, np.maximum(cosines[row], SAME_NUMBER), cosines[row] * OTHER_NUMBER)
    return _with_concepts(cosines, point, reading)


def _inside(reading: Reading, span: Span) -> list[int]:
    return [i for i, (start, end) in enumerate(reading.spans) if span[0] <= start and end <= span[1]]


def _quote(reading: Reading, cosines: Array, weights: Array, number: int, whole: float) -> tuple[Span, float]:
    """The shortest clause that says nearly as much as its sentence, else the sentence."""
    sentence = reading.sentences[number]
    for clause in sorted(clauses(reading.text, sentence), key=lambda span: span[1] - span[0]):
        inside = _inside(reading, clause)
        if len(inside) >= 3:
            score = float(weights @ cosines[:, inside].max(axis=1))
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
