"""When one reading is not enough, and what three of them say together. Pure."""

from collections.abc import Sequence
from statistics import mean, median_low

from lift.scoring import bands
from lift.scoring.types import Rubric, SignalResult, Status

READINGS = 3
LOW = 0.65
"""Mean confidence, weighted by the signals' points, below which a reading is doubted."""
LEAST_OF_A_MUST = 0.5
FAR = 1.5
"""Distance from the embedded score, of 5, beyond which a reading is doubted."""
_RANK: dict[Status, int] = {"missed": 0, "partly": 1, "covered": 2}


def is_doubtful(rubric: Rubric, reading: Sequence[SignalResult], embedded: Sequence[SignalResult]) -> bool:
    """Whether the reading is unsure of itself or far from the embedded scorer's."""
    found = bands.pairs(rubric, reading)
    weight = sum(bands.points(signal) for signal, _ in found)
    if not weight:
        return False
    sure = sum(bands.points(signal) * result.confidence for signal, result in found) / weight
    unsure_must = any(signal.weight == "must" and result.confidence < LEAST_OF_A_MUST for signal, result in found)
    distance = 5 * abs(bands.share(found) - bands.share(bands.pairs(rubric, embedded)))
    return sure < LOW or unsure_must or distance > FAR


def pooled(readings: Sequence[Sequence[SignalResult]]) -> list[SignalResult]:
    """The median status of each signal with the first passage that earned it; of two readings the stricter counts."""
    return [_median(results) for results in zip(*readings, strict=True)]


def _median(results: Sequence[SignalResult]) -> SignalResult:
    middle = median_low(_RANK[result.status] for result in results)
    agreeing = [result for result in results if _RANK[result.status] == middle]
    first = agreeing[0]
    # Where the readings differ, so might another reader.
    confidence = round(mean(result.confidence for result in agreeing) * len(agreeing) / len(results), 2)
    return SignalResult(first.signal_index, first.status, first.quote, first.start, first.end, confidence)
