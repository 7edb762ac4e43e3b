"""Why a point matters, in the question's own words: pure functions over its follow-ups, mistakes and levels."""

from collections.abc import Mapping, Sequence
from typing import Any

from lift.scoring.text import content_words, stem

SHARED = 2
"""Words that carry meaning which a mistake must share with a point to be the mistake of that point."""
NOTHING_MORE = "The question says no more about this point."


def reason(index: int, rubric: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> str:
    """What follows from missing the signal ``index``: the follow-up it draws, the mistake made instead, or what its
    level does; says so where the question has none of them."""
    for followup in asked.get("followups", ()):
        if followup.get("when_missed") == index:
            return f"It leaves them asking: “{followup['ask']}”"
    mistake = _mistake_of(index, rubric, asked.get("pitfalls", ()))
    if mistake is not None:
        return f"A common mistake instead: “{mistake}”"
    level = rubric[index]["level"]
    sentence = asked.get("by_level", {}).get(level)
    # A sentence for the whole level is given only where it speaks of this point.
    if sentence and _stems(sentence) & _stems(rubric[index]["text"]):
        return f"At its level a good answer does this: “{sentence}”"
    return NOTHING_MORE


def _mistake_of(index: int, rubric: Sequence[Mapping[str, Any]], pitfalls: Sequence[str]) -> str | None:
    """The mistake that shares most with this point, and with no other point more."""
    points = [_stems(signal["text"]) for signal in rubric]
    best, most = None, SHARED - 1
    for pitfall in pitfalls:
        said = _stems(pitfall)
        shared = len(said & points[index])
        if shared > most and shared == max(len(said & point) for point in points):
            best, most = pitfall, shared
    return best


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))
