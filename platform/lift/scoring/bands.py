"""The published rules of docs/scoring.md: from statuses to bands, levels and the follow-up. Pure."""

from collections.abc import Sequence

from lift.scoring.types import DimensionBand, Rubric, Signal, SignalResult, Status

POINTS = {"must": 3, "should": 2, "bonus": 1}
CREDIT: dict[Status, float] = {"covered": 1.0, "partly": 0.5, "missed": 0.0}
LEVELS = ("entry", "mid", "senior", "staff", "principal", "partner", "distinguished")
BAND_FROM = ((4, 0.75), (3, 0.5), (2, 0.25))
"""The share of points from which a band is given."""
LEAST_POINTS = 4
"""Two ``should`` signals' worth: below it a dimension was not examined."""
THIN = 3
"""With fewer signals than this a dimension's band is a range that does not start at 4."""
LEVEL_SHARE = 2 / 3
DOUBT = 0.25
"""How far what a *partly* is worth may lie from its credit, either way."""
_EPSILON = 1e-9

Pair = tuple[Signal, SignalResult]


def pairs(rubric: Rubric, results: Sequence[SignalResult]) -> list[Pair]:
    """Each result beside the signal it speaks of."""
    return [(rubric.signals[result.signal_index], result) for result in results]


def points(signal: Signal) -> int:
    """What a signal counts; an unknown weight counts as ``should``."""
    return POINTS.get(signal.weight, POINTS["should"])


def rank(level: str) -> int:
    """A level's place on the ladder; an unknown one counts as the first."""
    return LEVELS.index(level) if level in LEVELS else 0


def share(found: Sequence[Pair], partly: float = CREDIT["partly"]) -> float:
    """Points earned of points expected, 0..1. A bonus adds when heard and takes nothing away when not."""
    earned = expected = 0.0
    for signal, result in found:
        earned += points(signal) * (partly if result.status == "partly" else CREDIT[result.status])
        expected += points(signal) if signal.weight != "bonus" else 0
    # A group of bonuses alone is measured against itself.
    expected = expected or float(sum(points(signal) for signal, _ in found))
    return min(1.0, earned / expected) if expected else 0.0


def band_of_share(value: float) -> int:
    """1..4 from a share of points."""
    return next((band for band, least in BAND_FROM if value + _EPSILON >= least), 1)


def dimension_bands(found: Sequence[Pair]) -> tuple[DimensionBand, ...]:
    """A band per dimension, in the rubric's order; how much a *partly* is worth makes the range."""
    groups: dict[str, list[Pair]] = {}
    for pair in found:
        groups.setdefault(pair[0].dimension, []).append(pair)
    return tuple(_dimension(name, group) for name, group in groups.items())


def _dimension(name: str, group: list[Pair]) -> DimensionBand:
    heard = any(result.status != "missed" for _, result in group)
    if not heard or sum(points(signal) for signal, _ in group) < LEAST_POINTS:
        return DimensionBand(name, None, None)
    low = band_of_share(share(group, CREDIT["partly"] - DOUBT))
    high = band_of_share(share(group, CREDIT["partly"] + DOUBT))
    if len(group) < THIN:
        low = min(low, 3)
    return DimensionBand(name, low, high)


def answer_band(found: Sequence[Pair]) -> int | None:
    """The answer's band. A missed must keeps it below 4, and two or more, or all of them, below 3."""
    if not found:
        return None
    band = band_of_share(share(found))
    musts = [result.status for signal, result in found if signal.weight == "must"]
    missed = musts.count("missed")
    if missed >= 2 or (missed and missed == len(musts)):
        return min(band, 2)
    return min(band, 3) if missed else band


def highest_level(rubric: Rubric, found: Sequence[Pair]) -> str | None:
    """The highest of the question's levels that is cleared, with every level of the question below it."""
    cleared = None
    for level in sorted(rubric.levels, key=rank):
        expected = [pair for pair in found if rank(pair[0].level) <= rank(level)]
        if not expected:
            # Nothing is asked of this level that could be cleared; the next one decides.
            continue
        musts = [result.status for signal, result in expected if signal.weight == "must"]
        if "missed" in musts or musts.count("partly") > 1 or share(expected) + _EPSILON < LEVEL_SHARE:
            break
        cleared = level
    return cleared


def followup_signal(found: Sequence[Pair]) -> int | None:
    """The signal that the interviewer would come back to: the heaviest, missed before partly heard."""
    open_ends = [
        (-points(signal), CREDIT[result.status], rank(signal.level), result.signal_index)
        for signal, result in found
        if result.status != "covered"
    ]
    return min(open_ends)[-1] if open_ends else None
