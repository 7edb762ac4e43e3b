"""What one or two sentences of somebody's answer say already, and what would make them stronger. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lift.copilot.facts import QuestionFacts
from lift.copilot.habits import Check, Habits, habits, tidied
from lift.copilot.pieces import Piece
from lift.copilot.touched import Touched, touched
from lift.scoring.terms import revealed, terms
from lift.scoring.text import content_words

LONGEST = 600
LEAST_WORDS = 3
"""Words that carry meaning, below which there is nothing to improve."""
MOST_ADVICE = 3

# Which check a dimension asks for first; what is not named asks for the mechanism.
_ASKS: Mapping[str, Check] = {
    "failure-and-concurrency": "failure",
    "operational-maturity": "failure",
    "scalability-anchoring": "number",
    "analytical-rigour": "number",
    "trade-off-articulation": "choice",
    "judgement-under-ambiguity": "choice",
}
_ORDER: tuple[Check, ...] = ("mechanism", "failure", "number", "choice")
_ADVICE: Mapping[Check, str] = {
    "mechanism": "It says what, and not how. Name the mechanism that does it, and the reason that it works.",
    "number": "It has no number. Say how many, how often or how long, if only roughly.",
    "failure": "Everything goes well in it. Say what happens when a step fails, repeats or comes late.",
    "choice": "It offers one way. Name the way that you turn down, and what you give up for yours.",
}
_OWN_ADVICE: Mapping[Check, str] = {
    "mechanism": "It says what came about, and not how. Say what you yourself did, step by step.",
    "number": "It has no result that can be counted. Say how much, how many or by when.",
    "failure": "Everything goes well in it. Say what went wrong, and what you changed.",
    "choice": "It shows one way. Say what else you could have done, and why you did not.",
}
BLANK = Piece("", hidden=True)
_BLANKS: Mapping[Check, Sequence[str | Piece]] = {
    "mechanism": ("This works because ", BLANK, "."),
    "number": ("That is about ", BLANK, " in ", BLANK, "."),
    "failure": ("When ", BLANK, " fails, ", BLANK, "."),
    "choice": ("I choose this over ", BLANK, ", and give up ", BLANK, "."),
}
_OWN_BLANKS: Mapping[Check, Sequence[str | Piece]] = {
    "mechanism": ("I myself ", BLANK, "."),
    "number": ("In the end it was ", BLANK, " after ", BLANK, "."),
    "failure": ("What went wrong was ", BLANK, ", so I changed ", BLANK, "."),
    "choice": ("I could have ", BLANK, ", and did not because ", BLANK, "."),
}


@dataclass(frozen=True)
class Advice:
    """One thing that would make the sentence stronger; ``cue`` is how an interviewer hears it, by the rubric."""

    check: Check
    text: str
    cue: str | None


@dataclass(frozen=True)
class Improvement:
    """What is said of one pasted sentence."""

    sentence: str
    touched: Sequence[Touched]
    habits: Habits
    advice: Sequence[Advice]
    skeleton: Sequence[Piece]
    """The sentence in its own words without hedges and fillers, with gaps for what is missing."""

    @property
    def text(self) -> str:
        """The advice as one text."""
        return (
            " ".join(advice.text for advice in self.advice) or "It has a mechanism, a number, a failure and a choice."
        )


def problem_with(sentence: str) -> str | None:
    """Why nothing can be said of ``sentence``; None when something can."""
    if len(sentence) > LONGEST:
        return f"Paste at most {LONGEST} characters; these are {len(sentence):,}. One sentence or two at a time."
    if len(content_words(sentence)) < LEAST_WORDS:
        return "Paste a whole sentence: there is too little in this to say anything of use."
    return None


def improve(facts: QuestionFacts, sentence: str, *, is_open: bool) -> Improvement:
    """Advice on ``sentence``. No point that it does not touch is spoken of, and without ``is_open`` no word of a touched
    one that the person has not said."""
    found = habits(sentence)
    missing = [check for check in _order(facts) if check not in found.present][:MOST_ADVICE]
    own = facts.behavioural
    return Improvement(
        sentence=sentence,
        touched=touched(facts, sentence, is_open=is_open),
        habits=found,
        advice=_advise(facts, missing, sentence, own),
        skeleton=_skeleton(sentence, missing, _OWN_BLANKS if own else _BLANKS),
    )


def _order(facts: QuestionFacts) -> list[Check]:
    """The checks in the order in which this question's points ask for them."""
    asked: dict[Check, int] = dict.fromkeys(_ORDER, 0)
    for slug, points in facts.weights.items():
        asked[_ASKS.get(slug, "mechanism")] += points
    return sorted(_ORDER, key=lambda check: -asked[check])


def _advise(facts: QuestionFacts, missing: Sequence[Check], sentence: str, own: bool) -> list[Advice]:
    """What is missing, with cues that together tell next to nothing of a point."""
    given: list[Advice] = []
    for check in missing:
        said = " ".join(advice.cue or "" for advice in given)
        given.append(_advice(facts, check, sentence, said, own))
    return given


def _advice(facts: QuestionFacts, check: Check, sentence: str, said: str, own: bool) -> Advice:
    text = (_OWN_ADVICE if own else _ADVICE)[check]
    if check == "number" and (given := _numbers_of(facts, sentence)):
        text += f" The question itself gives {' and '.join(given)}."
    for slug in facts.weights:
        if _ASKS.get(slug, "mechanism") == check:
            return Advice(check, text, _cue(facts, slug, sentence, said))
    return Advice(check, text, None)


def _cue(facts: QuestionFacts, dimension: str, sentence: str, said: str) -> str | None:
    """How the dimension is heard, nearest to the question and the sentence, and telling nothing of a point."""
    wanted = terms(facts.prompt, sentence)
    cues = facts.dimension(dimension).cues
    safe = [cue for cue in cues if revealed(f"{said} {cue}", facts.hidden, facts.shown) <= 1]
    return max(safe, key=lambda cue: len(terms(cue) & wanted), default=None)


def _numbers_of(facts: QuestionFacts, sentence: str) -> list[str]:
    """Numbers of the question's prompt, each with the word after it, that the sentence could use."""
    found = re.findall(r"\d[\d.,:]*\d?(?:\s?%|\s[a-z]{3,})?", facts.prompt)
    return [f"“{number.strip(' .,:')}”" for number in dict.fromkeys(found) if number not in sentence][:2]


def _skeleton(sentence: str, missing: Sequence[Check], blanks: Mapping[Check, Sequence[str | Piece]]) -> list[Piece]:
    body = tidied(sentence)
    if body and body[-1] not in ".!?…":
        body += "."
    pieces = [Piece(body)]
    for check in missing:
        pieces.append(Piece(" "))
        pieces.extend(part if isinstance(part, Piece) else Piece(part) for part in blanks[check])
    return pieces
