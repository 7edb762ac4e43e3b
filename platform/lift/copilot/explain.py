"""Why one key point matters, assembled from the question's own data. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lift.copilot.facts import QuestionFacts
from lift.scoring.bands import POINTS
from lift.scoring.terms import terms

NEAR = 2
"""Terms, not said by the question itself, that a mistake or a follow-up shares with the point that it speaks of."""
WEIGHTS = {
    "must": "It is a must: an answer that leaves it out does not clear {level}, however good the rest.",
    "should": "It is a should, expected from {level} on: one alone may be missing, several may not.",
    "bonus": "It is a bonus, heard from {level} on: it lifts an answer, and nobody loses for its absence.",
}


@dataclass(frozen=True)
class Explanation:
    """One point with the sentences that say why it matters."""

    number: int
    point: str
    why: Sequence[str]

    @property
    def text(self) -> str:
        """All of it as one text."""
        return " ".join([f"{self.point}.", *self.why])


def explain(facts: QuestionFacts, number: int) -> Explanation:
    """The point ``number``, an index of the question's signals."""
    signal = facts.signals[number]
    level = facts.level(signal["level"])
    guide = facts.dimension(signal["dimension"])
    share = round(100 * POINTS.get(signal["weight"], 2) / max(1, sum(facts.weights.values())))
    why = [WEIGHTS.get(signal["weight"], WEIGHTS["should"]).format(level=level)]
    why.append(f"It counts for {guide.name}, and for about {share} % of all points of this question.")
    general = len(why)
    sentence = facts.by_level.get(signal["level"], "")
    # A sentence for the whole level is given only where it speaks of this point.
    if sentence and terms(sentence) & _own(facts, number):
        why.append(f"{level} shows it like this: “{sentence}”")
    if (mistake := _nearest(facts, number, facts.pitfalls)) is not None:
        why.append(f"A common mistake instead: “{mistake}”.")
    if (followup := _followup(facts, number)) is not None:
        why.append(f"Leave it out and expect: “{followup}”")
    if len(why) == general and guide.at_the_bar:
        why.append(f"What an interviewer wants to see there: “{guide.at_the_bar}”.")
    return Explanation(number, str(signal["text"]), why)


def _own(facts: QuestionFacts, number: int) -> frozenset[str]:
    """The point's terms that the prompt does not say already."""
    return terms(str(facts.signals[number]["text"])) - terms(facts.prompt)


def _nearest(facts: QuestionFacts, number: int, texts: Sequence[str]) -> str | None:
    """The text that shares most with this point, and with no other point more."""
    points = [_own(facts, other) for other in range(len(facts.signals))]
    best, most = None, NEAR - 1
    for text in texts:
        said = terms(text)
        shared = len(said & points[number])
        if shared > most and shared == max(len(said & point) for point in points):
            best, most = text, shared
    return best


def _followup(facts: QuestionFacts, number: int) -> str | None:
    """What an interviewer asks who missed this point, else the question nearest to it."""
    for followup in facts.followups:
        if followup.get("when_missed") == number:
            return str(followup["ask"])
    open_ones = [str(followup["ask"]) for followup in facts.followups if followup.get("when_missed") is None]
    return _nearest(facts, number, open_ones)
