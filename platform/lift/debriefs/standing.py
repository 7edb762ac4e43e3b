"""What somebody's answers show so far, dimension by dimension, over several questions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lift.debriefs.view import AssessmentFacts, band_words
from lift.scoring.bands import Pair
from lift.scoring.estimates import pooled
from lift.scoring.rounds import by_dimension
from lift.scoring.types import Signal, SignalResult

LEAST_ANSWERS = 2
"""Answers that speak of a dimension before they are pooled: one alone has its own debrief."""


@dataclass(frozen=True)
class StandingLine:
    """One dimension: the bands that its range covers, and from how many answers."""

    name: str
    low: int | None
    high: int | None
    words: str
    answers: int


def pairs_of(facts: AssessmentFacts) -> list[Pair]:
    """A stored reading as the rules take it."""
    return [
        (
            Signal(signal["text"], signal["weight"], signal["level"], signal["dimension"]),
            SignalResult(found["signal_index"], found["status"], None, None, None, found["confidence"]),
        )
        for found in facts.signals
        for signal in [facts.rubric[found["signal_index"]]]
    ]


def standing(readings: Sequence[AssessmentFacts], names: Mapping[str, str]) -> list[StandingLine]:
    """The dimensions that two or more answers speak of, the weakest first and those without evidence last."""
    answers = [pairs_of(facts) for facts in readings]
    spoken: dict[str, int] = {}
    for answer in answers:
        for dimension in {signal.dimension for signal, _ in answer}:
            spoken[dimension] = spoken.get(dimension, 0) + 1
    lines = []
    for dimension, found in by_dimension(answers).items():
        if spoken[dimension] < LEAST_ANSWERS:
            continue
        estimate = pooled(found)
        low, high = estimate.bands if estimate else (None, None)
        order = estimate.value if estimate else 9.0
        name = names.get(dimension, dimension)
        lines.append((order, StandingLine(name, low, high, band_words(low, high), spoken[dimension])))
    return [line for _, line in sorted(lines, key=lambda item: (item[0], item[1].name))]
