"""Several answers pooled: a score with the range in which it may lie, never a point alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from lift.scoring.bands import CREDIT, DOUBT, LEAST_POINTS, Pair, points, share

Z = 1.2816
"""Four ranges of five hold the true score: 80 % of a normal distribution lies this many deviations around its mean."""
WELL_EXAMINED = 2 * LEAST_POINTS
"""Points from which hearing nothing is a result, and no longer a lack of evidence."""


@dataclass(frozen=True)
class Estimate:
    """A score on the rubric's scale of 1 to 4; ``low <= value <= high``."""

    value: float
    low: float
    high: float

    @property
    def band(self) -> int:
        """The band that the value falls into."""
        return nearest(self.value)

    @property
    def bands(self) -> tuple[int, int]:
        """The bands of both ends."""
        return nearest(self.low), nearest(self.high)


def nearest(value: float) -> int:
    """The band, 1..4, of a score on the scale. Half belongs to the band above, as a share on a limit does."""
    return max(1, min(4, int(value + 0.5 + 1e-9)))


def on_scale(earned: float) -> float:
    """A share of points, 0..1, as a score of 1 to 4: each band's middle is its number."""
    return max(1.0, min(4.0, 4 * earned + 0.5))


def pooled(found: Sequence[Pair]) -> Estimate | None:
    """The score of one dimension over all its signals in several answers; None is *not enough evidence*.

    The range is a Wilson interval over as many trials as the signals are worth, from the low reading of each
    *partly* (a quarter) to the high one (three quarters).
    """
    asked = sum(points(signal) for signal, _ in found)
    heard = any(result.status != "missed" for _, result in found)
    if asked < LEAST_POINTS or (not heard and asked < WELL_EXAMINED):
        return None
    trials = _trials(found)
    low, _ = wilson(share(found, CREDIT["partly"] - DOUBT), trials)
    _, high = wilson(share(found, CREDIT["partly"] + DOUBT), trials)
    return Estimate(on_scale(share(found)), on_scale(low), on_scale(high))


def _trials(found: Sequence[Pair]) -> float:
    """How many signals of equal weight say as much: (Σw)² ÷ Σw²."""
    weights = [points(signal) for signal, _ in found if signal.weight != "bonus"] or [1] * len(found)
    return sum(weights) ** 2 / sum(weight * weight for weight in weights)


def wilson(rate: float, trials: float, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval of a rate, 0..1, that was seen in ``trials`` trials (Wilson 1927)."""
    z2 = z * z
    middle = (rate + z2 / (2 * trials)) / (1 + z2 / trials)
    half = z / (1 + z2 / trials) * sqrt(max(0.0, rate * (1 - rate)) / trials + z2 / (4 * trials * trials))
    # Rounding may put an end a hair inside of the rate itself.
    return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))


def weighted_mean(parts: Sequence[tuple[Estimate, float]]) -> Estimate:
    """The mean by weight (any positive unit). Errors of the parts are taken to be independent."""
    total = sum(weight for _, weight in parts)
    shares = [(part, weight / total) for part, weight in parts]
    value = sum(part.value * weight for part, weight in shares)
    below = sqrt(sum(((part.value - part.low) * weight) ** 2 for part, weight in shares))
    above = sqrt(sum(((part.high - part.value) * weight) ** 2 for part, weight in shares))
    return Estimate(value, max(1.0, value - below), min(4.0, value + above))
