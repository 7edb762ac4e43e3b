"""From the readings of a loop's answers to its committee: a write-up of each round, the votes, the verdict. Pure.

Each write-up is made from its own round alone: no interviewer sees another's before the vote.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lift.debriefs.standing import pairs_of
from lift.debriefs.view import ORDER, AssessmentFacts, band_words, shorten
from lift.scoring.loops import LoopVerdict, loop_verdict
from lift.scoring.rounds import RoundKind, RoundScore, round_score

VOTES = {1: "strong no", 2: "lean no", 3: "hire", 4: "strong hire"}
MOST_POINTS = 3
"""Points on each side of a write-up."""


@dataclass(frozen=True)
class HeardRound:
    """A round with what was read of its answers; refused readings say nothing of a person and are left out."""

    position: int
    kind: RoundKind
    name: str
    readings: Sequence[AssessmentFacts]


@dataclass(frozen=True)
class Line:
    """A dimension of a write-up, as a range of bands."""

    name: str
    low: int | None
    high: int | None
    words: str


@dataclass(frozen=True)
class Point:
    """What speaks for or against, with the candidate's own words where there are some."""

    text: str
    quote: str | None


@dataclass(frozen=True)
class WriteUp:
    """What the interviewer of one round hands in."""

    position: int
    vote: str | None
    """None without enough evidence."""
    low: int | None
    high: int | None
    words: str
    level: str | None
    capped: bool
    incomplete: bool
    lines: Sequence[Line]
    strengths: Sequence[Point]
    doubts: Sequence[Point]


@dataclass(frozen=True)
class Committee:
    """The write-ups, and what the rules make of them."""

    write_ups: Sequence[WriteUp]
    verdict: LoopVerdict
    against: Sequence[str]
    """Why the rules are not met, in the names of the rounds."""


def committee(rounds: Sequence[HeardRound], target_level: str, dimension_names: Mapping[str, str]) -> Committee:
    """The committee on the rounds that were held."""
    scored = [(heard, round_score(heard.kind, [pairs_of(facts) for facts in heard.readings])) for heard in rounds]
    verdict = loop_verdict([score for _, score in scored], target_level)
    names = {heard.kind.slug: heard.name for heard in rounds}
    return Committee(
        [_write_up(heard, score, dimension_names) for heard, score in scored],
        verdict,
        _told(verdict.against, names),
    )


def _write_up(heard: HeardRound, score: RoundScore, names: Mapping[str, str]) -> WriteUp:
    low, high = score.estimate.bands if score.estimate else (None, None)
    lines = []
    for part in score.dimensions:
        least, most = part.estimate.bands if part.estimate else (None, None)
        lines.append(Line(names.get(part.dimension, part.dimension), least, most, band_words(least, most)))
    return WriteUp(
        position=heard.position,
        vote=VOTES[score.estimate.band] if score.estimate else None,
        low=low,
        high=high,
        words=band_words(low, high),
        level=score.level,
        capped=score.capped,
        incomplete=score.incomplete,
        lines=lines,
        strengths=_points(heard.readings, "covered"),
        doubts=_points(heard.readings, "missed"),
    )


def _points(readings: Sequence[AssessmentFacts], status: str) -> list[Point]:
    """The heaviest points with this status; of equals those of the first answers."""
    found = [
        (ORDER.get(signal["weight"], 1), Point(signal["text"], shorten(result["quote"]) if result["quote"] else None))
        for facts in readings
        for result in facts.signals
        if result["status"] == status
        for signal in [facts.rubric[result["signal_index"]]]
        # A bonus takes nothing away when it is not heard.
        if status == "covered" or signal["weight"] != "bonus"
    ]
    return [point for _, point in sorted(found, key=lambda pair: pair[0])[:MOST_POINTS]]


def _told(against: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """The objections in the names of the rounds; one that holds of several rounds of a kind says of how many."""
    times = Counter(against)
    return [_named(text, names) + (f", in {count} rounds" if count > 1 else "") for text, count in times.items()]


def _named(text: str, names: Mapping[str, str]) -> str:
    slug, _, rest = text.partition(" ")
    return f"{names[slug]} {rest}" if slug in names else text
