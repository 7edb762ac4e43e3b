"""What is measured of an answer against a whole rubric before the coefficients weigh it. Pure.

Each measure is a share or a cosine, about 0..1, and means the same for a rubric of one signal as for one of ten.
"""

from collections.abc import Sequence

import numpy as np

from lift.scoring.alignment import compare
from lift.scoring.encoder import Array, unit
from lift.scoring.keypoints import Asked, KeyPoint, Reading, joined

NAMES = ("whole", "squared", "cubed", "added", "centre", "one_to_one", "aside")
STRANGE = np.float32(0.35)
"""Best cosine below which a word of the answer has nothing to do with question or rubric."""


def measure(points: Sequence[KeyPoint], weights: Sequence[float], reading: Reading, question: Asked) -> Array:
    """The measures in the order of ``NAMES``; zeros where either side has no content words.

    - whole: alignment of all signals with the whole answer, words weighed by novelty and by their signal's weight
    - squared, cubed: the same with each word's agreement to that power: one clear word says more than two vague ones
    - added: how well the words that the answer adds to the question are matched by the rubric
    - centre: cosine of the mean new word of the rubric with the mean added word of the answer
    - one_to_one: alignment where each word of the answer may serve one word only, of each signal and of all together
    - aside: cosine of what the rubric's and the answer's sentence vectors have beside the question's
    """
    kept = [(point, weight) for point, weight in zip(points, weights, strict=True) if len(point.vectors)]
    if not kept or not len(reading.vectors):
        return np.zeros(len(NAMES), dtype=np.float32)
    everything = joined([point for point, _ in kept])
    sizes = [len(point.vectors) for point, _ in kept]
    counts = everything.novelty * np.repeat(np.array([weight for _, weight in kept], dtype=np.float32), sizes)
    cosines = compare(everything, reading)
    by_word = cosines.max(axis=0)
    added = np.array([stem not in question.stems for stem in reading.stems], dtype=np.bool_)
    rubric_centre = unit(everything.vectors[everything.fresh].mean(axis=0))
    centre = rubric_centre @ unit(reading.vectors[added if added.any() else slice(None)].mean(axis=0))
    starts = np.cumsum([0, *sizes])
    single = [
        _one_to_one(cosines[start : start + size][point.fresh])
        for start, size, (point, _) in zip(starts, sizes, kept, strict=False)
    ]
    best = cosines.max(axis=1)
    return np.array(
        [
            float(counts @ best / counts.sum()),
            float(counts @ (best * best) / counts.sum()),
            float(counts @ (best * best * best) / counts.sum()),
            float(by_word[added].mean()) if added.any() else 0.0,
            float(centre),
            (_one_to_one(cosines[everything.fresh]) + float(np.average(single, weights=[w for _, w in kept]))) / 2,
            _aside(everything, reading, question),
        ],
        dtype=np.float32,
    )


def stray(points: Sequence[KeyPoint], reading: Reading, question: Asked) -> float:
    """Share of the words added to the question's that neither rubric nor question come near; 0 for none."""
    added = [at for at, stem in enumerate(reading.stems) if stem not in question.stems]
    topic = np.concatenate([question.vectors, *(point.vectors for point in points)])
    if not added or not len(topic):
        return 0.0
    near = (topic @ reading.vectors[added].T).max(axis=0)
    return float((near < STRANGE).sum() / (3 + len(added)))


def _aside(rubric: KeyPoint, reading: Reading, question: Asked) -> float:
    def beside(vector: Array) -> Array:
        return unit(vector - (vector @ question.sentence) * question.sentence)

    return float(beside(rubric.sentence) @ beside(reading.sentence))


def _one_to_one(cosines: Array) -> float:
    """Mean cosine (k, n) of a greedy matching, strongest words first; unmatched words count 0."""
    left = cosines.copy()
    total = 0.0
    for row in np.argsort(-cosines.max(axis=1), kind="stable")[: cosines.shape[1]]:
        column = int(left[row].argmax())
        total += float(left[row, column])
        left[:, column] = -1
    return total / len(cosines)
