"""Why a point matters, in the question's own words: pure functions over its follow-ups, mistakes and levels."""

from collections.abc import Mapping, Sequence
from typing import Any

from lift.scoring.text import content_words, stem

SHARED = 2
"""Words that carry meaning, and that the question has not said already, which a mistake must share with a point."""
NOTHING_MORE = "The question says no more about this point."


def reason(
    index: int, rubric: Sequence[Mapping[str, Any]], asked: Mapping[str, Any], at_the_bar: Mapping[str, str]
) -> str:
    """What follows from missing the signal ``index``: the follow-up it draws, the mistake made instead, what its
    level does, or what its dimension takes ``at_the_bar``; says so where there is none of them."""
    for followup in asked.get("followups", ()):
        if followup.get("when_missed") == index:
            return f"It leaves them asking: “{followup['ask']}”"
    said = _stems(asked.get("prompt", ""))
    points = [_stems(signal["text"]) - said for signal in rubric]
    mistake = _mistake_of(index, points, asked.get("pitfalls", ()))
    if mistake is not None:
        return f"A common mistake instead: “{mistake}”"
    sentence = asked.get("by_level", {}).get(rubric[index]["level"])
    # A sentence for the whole level is given only where it speaks of this point.
    if sentence and _stems(sentence) & points[index]:
        return f"At its level a good answer does this: “{sentence}”"
    anchor = at_the_bar.get(rubric[index]["dimension"])
    return f"What an interviewer wants to see there: “{anchor}”" if anchor else NOTHING_MORE


def _mistake_of(index: int, points: Sequence[frozenset[str]], pitfalls: Sequence[str]) -> str | None:
    """The mistake that shares most with this point, and with no other point more."""
    best, most = None, SHARED - 1
    for pitfall in pitfalls:
        words = _stems(pitfall)
        shared = len(words & points[index])
        if shared > most and shared == max(len(words & point) for point in points):
            best, most = pitfall, shared
    return best


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))
