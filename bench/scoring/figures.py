"""Measures of agreement between scores and grades."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = 5
"""Steps of the scale, 0 to 1, on which kappa compares."""


def pearson(first: Floats, second: Floats) -> float:
    """Pearson's r; 0 where one side never changes."""
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def centred(values: Floats, groups: Sequence[str]) -> Floats:
    """``values`` without the mean of their group."""
    _, at = np.unique(np.asarray(groups), return_inverse=True)
    means = np.bincount(at, weights=values) / np.bincount(at)
    return np.asarray(values - means[at])


def within(scores: Floats, grades: Floats, questions: Sequence[str]) -> float:
    """r of what is left when each question's means are taken away."""
    return pearson(centred(scores, questions), centred(grades, questions))


def rmse(scores: Floats, grades: Floats) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(np.mean((scores - grades) ** 2)))


def kappa(scores: Floats, grades: Floats) -> float:
    """Quadratic weighted kappa on a scale of 0 to 1 in ``STEPS`` steps."""
    a = np.clip(np.round(scores * STEPS), 0, STEPS)
    b = np.clip(np.round(grades * STEPS), 0, STEPS)
    seen = float(np.mean((a - b) ** 2))
    chance = float(np.mean((a[:, None] - b[None, :]) ** 2)) if len(a) <= 4000 else _by_chance(a, b)
    return 1 - seen / chance if chance else 1.0


def _by_chance(a: Floats, b: Floats) -> float:
    first = np.bincount(a.astype(int), minlength=STEPS + 1) / len(a)
    second = np.bincount(b.astype(int), minlength=STEPS + 1) / len(b)
    steps = np.arange(STEPS + 1)
    return float((np.outer(first, second) * (steps[:, None] - steps[None, :]) ** 2).sum())
