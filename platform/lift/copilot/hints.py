"""Four hints, from what the question is about to its first step with the telling words kept back. Pure.

No rung but the last may tell more than ``MOST`` terms of any point or step that the page does not show already: what
would tell more is left out, and something vaguer is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lift.copilot.facts import QuestionFacts
from lift.copilot.pieces import Piece, masked
from lift.scoring.terms import revealed, terms
from lift.scoring.text import sentences

TITLES = (
    "What it is about",
    "Where the heaviest point lies",
    "A question to put to yourself",
    "The first step, with gaps",
)
RUNGS = len(TITLES)
MOST = 2
"""Terms of one hidden point or step that a hint before the last may say."""
SHARED = 2
"""Terms that a point shares with the part of the question that it hangs on: with one it may be chance."""


@dataclass(frozen=True)
class Hint:
    """One rung: what it is called, and its sentences."""

    rung: int
    title: str
    lines: Sequence[Sequence[Piece]]

    @property
    def text(self) -> str:
        """The hint as one text, without what is kept back."""
        return " ".join("".join(p.text for p in line if not p.hidden) for line in self.lines)


def hint(facts: QuestionFacts, rung: int) -> Hint:
    """The hint of ``rung``, 1 to ``RUNGS``."""
    return Hint(rung, TITLES[rung - 1], _RUNGS[rung - 1](facts))


Lines = list[list[Piece]]


def _about(facts: QuestionFacts) -> Lines:
    """What it is about, and what weighs most."""
    name, definition = facts.guide.subtopic
    heaviest = facts.dimension(next(iter(facts.weights), ""))
    musts = sum(signal["weight"] == "must" for signal in facts.signals)
    said = _Careful(facts)
    said.add(f"It is about {name}: {_lower(definition)}" if definition else "", f"It is about {name}.")
    named = f"What weighs most is {_lower(heaviest.name)}."
    said.add(f"{named} {heaviest.definition}", named)
    count = f"{musts} of its {len(facts.signals)} points are musts" if musts != 1 else "One of its points is a must"
    said.add(f"{count}. Spend most of your {facts.minutes} minutes there, and say the rest briefly.")
    return said.lines


def _area(facts: QuestionFacts) -> Lines:
    """Where the heaviest must lies, without its words."""
    point = facts.signals[facts.heaviest]
    guide = facts.dimension(point["dimension"])
    said = _Careful(facts)
    said.add(
        f"The must that everything hangs on belongs to {_lower(guide.name)}, from {facts.level(point['level'])} on."
    )
    part = _part_of_prompt(facts, str(point["text"]))
    said.add(f"It hangs on this part of the question: “{part}”" if part else "")
    wanted = terms(str(point["text"]), facts.prompt)
    near = sorted(guide.cues, key=lambda cue: -len(terms(cue) & wanted))
    cues = [cue for cue in near if said.allows(cue)][:2]
    said.add(f"Heard in a good answer there: {'; '.join(cues)}." if cues else "")
    return said.lines


def _question_back(facts: QuestionFacts) -> Lines:
    """The competency behind it, and a question to put to oneself."""
    said = _Careful(facts)
    for name, definition in facts.guide.competencies[:1]:
        said.add(f"The skill behind it is {name}: {_lower(definition)}", f"The skill behind it is {name}.")
    asked = next((ask for ask in _guiding(facts) if said.allows(ask)), None)
    if asked is None:
        guide = facts.dimension(facts.signals[facts.heaviest]["dimension"])
        cue = next((cue for cue in reversed(guide.cues) if said.allows(cue)), None)
        said.add(f"Ask yourself where your answer has this: {cue}." if cue else "")
    else:
        said.add(f"Ask yourself: “{asked}”")
    if not said.lines:
        said.add("Ask yourself what goes wrong first, and who would notice.")
    return said.lines


def _first_step(facts: QuestionFacts) -> Lines:
    """The first step of the model answer, its telling words kept back."""
    step = facts.outline[0] if facts.outline else ""
    return [masked(step, facts.shown, letters=1)]


_RUNGS: tuple[Callable[[QuestionFacts], Lines], ...] = (_about, _area, _question_back, _first_step)


class _Careful:
    """Lines that together tell no more than they may."""

    def __init__(self, facts: QuestionFacts) -> None:
        self.lines: list[list[Piece]] = []
        self._facts = facts
        self._said = ""

    def allows(self, text: str) -> bool:
        """Whether ``text`` may stand beside what was said."""
        return revealed(f"{self._said} {text}", self._facts.hidden, self._facts.shown) <= MOST

    def add(self, *wordings: str) -> None:
        """The first of the wordings that may be said; none when none may."""
        text = next((text for text in wordings if text and self.allows(text)), None)
        if text is not None:
            self._said = f"{self._said} {text}"
            self.lines.append([Piece(text)])


def _part_of_prompt(facts: QuestionFacts, point: str) -> str | None:
    """The sentence of the prompt that shares most with the point; None when none shares enough to be meant."""
    spans = sentences(facts.prompt)
    wanted = terms(point)
    shared = [(len(terms(facts.prompt[start:end]) & wanted), facts.prompt[start:end]) for start, end in spans]
    most, part = max(shared, key=lambda item: item[0], default=(0, ""))
    return part if most >= SHARED and len(spans) > 1 else None


def _guiding(facts: QuestionFacts) -> list[str]:
    """Follow-ups: the one that the heaviest must draws, those of other musts, then the rest."""

    def order(followup: object) -> tuple[bool, bool]:
        missed = followup.get("when_missed") if isinstance(followup, dict) else None
        must = missed is not None and missed < len(facts.signals) and facts.signals[missed]["weight"] == "must"
        return missed != facts.heaviest, not must

    return [str(followup["ask"]) for followup in sorted(facts.followups, key=order)]


def _lower(text: str) -> str:
    """A name or definition as the rest of a sentence: its first letter small unless an acronym begins with it."""
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]
