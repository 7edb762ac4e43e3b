"""Tries at one question as lines of a list, each held against the one before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lift.debriefs.view import BAND_WORDS, VERDICTS, AssessmentFacts, signal_lines


@dataclass(frozen=True)
class AttemptLine:
    """One try that was read."""

    verdict: str
    band: int | None
    words: str
    """The band in words."""
    level: str | None
    """The highest common level that it cleared."""
    change: str
    """Against the try before; empty where there is none to compare with."""


def attempt_line(facts: AssessmentFacts, before: AssessmentFacts | None) -> AttemptLine:
    """One try's line; ``before`` is the reading of the try before it."""
    if not facts.valid:
        return AttemptLine("Not scored", None, facts.reason or "", None, "")
    band = facts.band
    verdict = VERDICTS[band] if band else "Not enough evidence"
    return AttemptLine(verdict, band, BAND_WORDS[band] if band else "", facts.highest_level, _change(facts, before))


def attempt_lines(readings: Sequence[AssessmentFacts | None]) -> list[AttemptLine | None]:
    """The lines of tries given newest first; None of one that has not been read."""
    lines: list[AttemptLine | None] = []
    for place, facts in enumerate(readings):
        before = next((older for older in readings[place + 1 :] if older is not None and older.valid), None)
        lines.append(attempt_line(facts, before) if facts is not None else None)
    return lines


def _change(facts: AssessmentFacts, before: AssessmentFacts | None) -> str:
    if before is None:
        return ""
    if before.rubric != facts.rubric:
        return "The question’s points have changed since the try before."
    changes = [line.change for line in signal_lines(facts, {}, before)]
    gained, lost = changes.count("better"), changes.count("worse")
    if not gained and not lost:
        return "Every point stands as in the try before."
    points = "1 point" if gained == 1 else f"{gained} points"
    return f"{points} better than the try before, {lost} worse."
