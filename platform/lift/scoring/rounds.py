"""From answers to a round, by the rules of the catalogue's rounds: docs/scoring.md says them in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lift.scoring.bands import LEVELS, Pair, rank
from lift.scoring.estimates import Estimate, pooled, weighted_mean

AT_THE_BAR = 2.8
"""A score that counts as reaching the bar."""
MOST_WITHOUT_EVIDENCE = 0.4
"""The share of a round's weight that may lack evidence before the round counts as incomplete."""
TRADE_OFFS = "trade-off-articulation"
CAPPED_BAND, CAPPED_LEVEL = 2, "mid"
"""At this band in trade-offs a round shows no more than this level."""


@dataclass(frozen=True)
class RoundKind:
    """What a kind of round weighs: ``weights`` by dimension, in any positive unit."""

    slug: str
    family: str
    """``technical``, ``people`` or ``screen``."""
    weights: Mapping[str, float]


@dataclass(frozen=True)
class DimensionScore:
    """One dimension of a round; without evidence it has no estimate and its weight is spread over the others."""

    dimension: str
    estimate: Estimate | None
    weight: float
    """Its share of the round's score, 0..1; 0 without evidence."""


@dataclass(frozen=True)
class RoundScore:
    """What a round came to. ``estimate`` None: not enough evidence on any of its dimensions."""

    kind: RoundKind
    dimensions: tuple[DimensionScore, ...]
    estimate: Estimate | None
    incomplete: bool
    level: str | None
    """The highest level that the round shows; None for none."""
    capped: bool
    """Whether trade-offs held the level down."""
    answers: tuple[tuple[Pair, ...], ...]


def round_score(kind: RoundKind, answers: Sequence[Sequence[Pair]]) -> RoundScore:
    """The score of a round from the readings of its answers."""
    kept = tuple(tuple(answer) for answer in answers)
    dimensions, estimate = _scores(kind, kept)
    total = sum(kind.weights.values())
    without = sum(kind.weights[d.dimension] for d in dimensions if d.estimate is None)
    level, capped = _level(kind, kept)
    return RoundScore(
        kind=kind,
        dimensions=dimensions,
        estimate=estimate,
        incomplete=not total or without / total > MOST_WITHOUT_EVIDENCE,
        level=level,
        capped=capped,
        answers=kept,
    )


def by_dimension(answers: Sequence[Sequence[Pair]], level: str | None = None) -> dict[str, list[Pair]]:
    """All signals by dimension; with ``level`` only those that are expected up to it."""
    groups: dict[str, list[Pair]] = {}
    for answer in answers:
        for signal, result in answer:
            if level is None or rank(signal.level) <= rank(level):
                groups.setdefault(signal.dimension, []).append((signal, result))
    return groups


def _scores(
    kind: RoundKind, answers: Sequence[Sequence[Pair]], level: str | None = None
) -> tuple[tuple[DimensionScore, ...], Estimate | None]:
    groups = by_dimension(answers, level)
    estimates = {name: pooled(groups[name]) if name in groups else None for name in kind.weights}
    parts = [(found, kind.weights[name]) for name, found in estimates.items() if found is not None]
    total = sum(weight for _, weight in parts)
    scores = tuple(
        DimensionScore(name, found, kind.weights[name] / total if found is not None else 0.0)
        for name, found in estimates.items()
    )
    return scores, weighted_mean(parts) if parts else None


def read_against(round_: RoundScore, level: str) -> Estimate | None:
    """The round's score when only what is expected up to ``level`` is asked for."""
    return _scores(round_.kind, round_.answers, level)[1]


def _level(kind: RoundKind, answers: Sequence[Sequence[Pair]]) -> tuple[str | None, bool]:
    """(the highest level that the round shows, whether trade-offs capped it)."""
    asked = {signal.level for answer in answers for signal, _ in answer}
    reached = None
    for level in LEVELS:
        if level not in asked:
            continue
        found = _scores(kind, answers, level)[1]
        if found is None or found.value < AT_THE_BAR:
            break
        reached = level
    trade_offs = pooled(by_dimension(answers).get(TRADE_OFFS, []))
    if reached and rank(reached) > rank(CAPPED_LEVEL) and trade_offs is not None and trade_offs.band <= CAPPED_BAND:
        return CAPPED_LEVEL, True
    return reached, False
