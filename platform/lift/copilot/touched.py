"""Which points a sentence touches, by shared terms. Pure; it reads words and not meanings, and the page says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from lift.copilot.facts import QuestionFacts
from lift.copilot.pieces import Piece, masked
from lift.debriefs.lacking import lacking
from lift.scoring.terms import terms
from lift.scoring.text import NEGATIONS, clauses, sentences, words

LEAST = 2
"""Terms of a point, not said by the question itself, that touch it."""
SHARE = 1 / 3
"""Share of such terms that touches it."""
MET = 1 / 2
"""Share of a part's terms from which the part is said."""


@dataclass(frozen=True)
class Touched:
    """A point that a sentence touches: the words that do, and the parts of the point that they say."""

    number: int
    quote: str
    parts: Sequence[Sequence[Piece]]
    """The parts of the point that are said; words that neither the person nor the page has said are kept back."""
    complete: bool
    """Every part is said."""
    denied: bool
    """The sentence has a "not" where the point has none."""
    rest: str
    """What of the point is not said in those words; empty where it is kept back."""

    @property
    def has_gaps(self) -> bool:
        """Some word of the parts is kept back."""
        return any(piece.hidden for part in self.parts for piece in part)


def touched(facts: QuestionFacts, sentence: str, *, is_open: bool) -> list[Touched]:
    """The points that ``sentence`` touches, the fullest first. With ``is_open`` no word of them is kept back."""
    said = terms(sentence)
    found: list[tuple[float, Touched]] = []
    for number, signal in enumerate(facts.signals):
        point = str(signal["text"])
        fresh = _fresh(facts, point)
        shared = fresh & said
        if len(shared) < LEAST or len(shared) < SHARE * len(fresh):
            continue
        found.append((len(shared) / len(fresh), _touched(facts, number, point, sentence, is_open)))
    return [one for _, one in sorted(found, key=lambda item: (-item[0], item[1].number))]


def _fresh(facts: QuestionFacts, text: str) -> frozenset[str]:
    return terms(text) - terms(facts.prompt, facts.context)


def _touched(facts: QuestionFacts, number: int, point: str, sentence: str, is_open: bool) -> Touched:
    said = terms(sentence)
    spans = [point[start:end].strip(" ,;:") for start, end in clauses(point, (0, len(point)))] or [point]
    # A part of which the question itself says every word tells nothing either way.
    telling = [part for part in spans if _fresh(facts, part)]
    met = [part for part in telling if _is_met(_fresh(facts, part), said)]
    known = said | facts.shown
    quote = _quote(sentence, _fresh(facts, point))
    return Touched(
        number=number,
        quote=quote,
        parts=[[Piece(part)] if is_open else masked(part, known) for part in met or [point]],
        complete=len(met) == len(telling),
        denied=_negates(quote) and not _negates(point),
        rest=lacking(point, sentence, facts.prompt) if is_open else "",
    )


def _is_met(fresh: frozenset[str], said: frozenset[str]) -> bool:
    return len(fresh & said) >= MET * len(fresh)


def _quote(sentence: str, wanted: frozenset[str]) -> str:
    """The shortest clause or sentence that holds most of what is wanted."""
    spans = [*sentences(sentence), *(part for span in sentences(sentence) for part in clauses(sentence, span))]
    passages = [sentence[start:end].strip(" ,;:") for start, end in spans] or [sentence]
    return max(passages, key=lambda passage: (len(terms(passage) & wanted), -len(passage)))


def _negates(text: str) -> bool:
    return any(word in NEGATIONS for word in words(text))
