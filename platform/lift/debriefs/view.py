"""From an assessment row to what the debrief shows: pure functions over stored facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from lift.debriefs.hurdle import Hurdle, hurdle
from lift.debriefs.lacking import lacking
from lift.debriefs.reasons import reason
from lift.scoring.bands import LEVELS

BAND_WORDS = {1: "below the bar", 2: "mixed", 3: "at the bar", 4: "above the bar"}
VERDICTS = {1: "Not there yet", 2: "A mixed answer", 3: "At the bar", 4: "Above the bar"}
ORDER = {"must": 0, "should": 1, "bonus": 2}


class AssessmentFacts(Protocol):
    """The part of an assessment row that a debrief is drawn from."""

    valid: bool
    reason: str | None
    band: int | None
    highest_level: str | None
    followup_signal: int | None
    rubric: list[Any]
    asked: dict[str, Any]
    signals: list[Any]
    dimensions: list[Any]


@dataclass(frozen=True)
class SignalLine:
    """One signal of the rubric with what was heard of it."""

    number: int
    text: str
    weight: str
    level: str
    status: str
    quote: str | None
    sure: bool
    heard: str
    """What was heard of it."""
    why: str | None
    """Why it matters that the rest was not; None when all of it was."""
    change: str | None
    """``better``, ``worse`` or None against the try before."""


@dataclass(frozen=True)
class DimensionLine:
    """One dimension's band, as a range."""

    name: str
    low: int | None
    high: int | None
    words: str


@dataclass(frozen=True)
class Segment:
    """A run of the answer's text; ``status`` is None outside any quote."""

    text: str
    status: str | None
    signals: tuple[int, ...]


@dataclass(frozen=True)
class Debrief:
    """Everything the page shows of one assessed answer."""

    title: str
    signals: Sequence[SignalLine]
    dimensions: Sequence[DimensionLine]
    segments: Sequence[Segment]
    fix_first: SignalLine | None
    followup: str | None
    next_level: tuple[str, str] | None
    hurdle: Hurdle | None
    """The level that was not cleared, and why."""
    outline: Sequence[str]
    pitfalls: Sequence[str]
    counts: Mapping[str, int]
    gained: int
    lost: int


def band_words(low: int | None, high: int | None) -> str:
    """``3 · at the bar``, ``2–3 · mixed or at the bar``, ``1–3 · not settled yet`` or ``not enough evidence``."""
    if low is None or high is None:
        return "not enough evidence"
    if low == high:
        return f"{low} · {BAND_WORDS[low]}"
    return f"{low}–{high} · " + (f"{BAND_WORDS[low]} or {BAND_WORDS[high]}" if high - low == 1 else "not settled yet")


RANK = {"missed": 0, "partly": 1, "covered": 2}


def _heard(point: str, status: str, quote: str | None, prompt: str) -> str:
    if status == "covered":
        return f"Heard: “{shorten(quote or '')}”"
    if status == "partly":
        rest = lacking(point, quote or "", prompt)
        return f"Partly: “{shorten(quote or '')}” touches it." + (f" Not in those words: {rest}." if rest else "")
    return "Not heard."


def shorten(quote: str, words: int = 14) -> str:
    """The first words of a quote, with an ellipsis when it goes on."""
    parts = quote.split()
    return " ".join(parts) if len(parts) <= words else " ".join(parts[:words]) + " …"


def signal_lines(
    facts: AssessmentFacts, at_the_bar: Mapping[str, str], before: AssessmentFacts | None = None
) -> list[SignalLine]:
    """The rubric's signals in the order of their weight, each with its evidence."""
    # Two tries are compared signal by signal, and only while the rubric is the same one.
    comparable = (
        before if before is not None and before.valid and facts.valid and before.rubric == facts.rubric else None
    )
    old = {s["signal_index"]: s["status"] for s in comparable.signals} if comparable else {}
    lines = []
    for found in facts.signals:
        index = found["signal_index"]
        signal = facts.rubric[index]
        change = None
        if index in old and old[index] != found["status"]:
            change = "better" if RANK[found["status"]] > RANK[old[index]] else "worse"
        lines.append(
            SignalLine(
                number=index,
                text=signal["text"],
                weight=signal["weight"],
                level=signal["level"],
                status=found["status"],
                quote=found["quote"],
                sure=found["confidence"] >= 0.6,
                heard=_heard(signal["text"], found["status"], found["quote"], facts.asked.get("prompt", "")),
                why=None if found["status"] == "covered" else reason(index, facts.rubric, facts.asked, at_the_bar),
                change=change,
            )
        )
    return sorted(lines, key=lambda line: (ORDER[line.weight], line.number))


def segments(text: str, signals: Sequence[Mapping[str, Any]]) -> list[Segment]:
    """Cut the answer at the quotes' offsets; where quotes overlap, the better status colours the run."""
    spans = [s for s in signals if s["start"] is not None and text[s["start"] : s["end"]] == s["quote"]]
    cuts = sorted({0, len(text), *(s["start"] for s in spans), *(s["end"] for s in spans)})
    runs = []
    for start, end in pairwise(cuts):
        inside = [s for s in spans if s["start"] <= start and end <= s["end"]]
        best = max(inside, key=lambda s: RANK[s["status"]], default=None)
        runs.append(
            Segment(
                text=text[start:end],
                status=best["status"] if best else None,
                signals=tuple(sorted(s["signal_index"] for s in inside)),
            )
        )
    return runs


def next_level(by_level: Mapping[str, str], highest: str | None) -> tuple[str, str] | None:
    """(level, what it adds) of the next level that the question suits above ``highest``."""
    reached = LEVELS.index(highest) if highest in LEVELS else -1
    for level in LEVELS[reached + 1 :]:
        if level in by_level:
            return level, by_level[level]
    return None


def followup_for(followups: Sequence[Mapping[str, Any]], facts: AssessmentFacts) -> str | None:
    """The follow-up aimed at the heaviest miss, else one that deepens."""
    for followup in followups:
        if facts.followup_signal is not None and followup.get("when_missed") == facts.followup_signal:
            return str(followup["ask"])
    statuses = {s["signal_index"]: s["status"] for s in facts.signals}
    open_ends = [f for f in followups if statuses.get(f.get("when_missed", -1)) in ("missed", "partly")]
    deepening = [f for f in followups if f.get("deepen")]
    chosen = next(iter([*open_ends, *deepening]), None)
    return str(chosen["ask"]) if chosen else None


def draw(
    text: str,
    facts: AssessmentFacts,
    *,
    dimension_names: Mapping[str, str],
    at_the_bar: Mapping[str, str] | None = None,
    before: AssessmentFacts | None = None,
) -> Debrief:
    """The debrief of one answer, with the difference to the try before when there was one.

    ``at_the_bar`` has of each dimension what an answer at the bar does: the third anchor of the published rubric.
    """
    lines = signal_lines(facts, at_the_bar or {}, before)
    open_lines = [line for line in lines if line.status != "covered"]
    return Debrief(
        title=VERDICTS[facts.band] if facts.band else "Not enough evidence",
        signals=lines,
        dimensions=[
            DimensionLine(
                dimension_names.get(d["dimension"], d["dimension"]),
                d["low"],
                d["high"],
                band_words(d["low"], d["high"]),
            )
            for d in facts.dimensions
        ],
        segments=segments(text, facts.signals),
        fix_first=min(open_lines, key=lambda line: (ORDER[line.weight], RANK[line.status], line.number), default=None),
        followup=followup_for(facts.asked.get("followups", ()), facts),
        next_level=next_level(facts.asked.get("by_level", {}), facts.highest_level),
        hurdle=hurdle(lines, facts.highest_level),
        outline=facts.asked.get("outline", ()),
        pitfalls=facts.asked.get("pitfalls", ()),
        counts={status: sum(line.status == status for line in lines) for status in RANK},
        gained=sum(line.change == "better" for line in lines),
        lost=sum(line.change == "worse" for line in lines),
    )
