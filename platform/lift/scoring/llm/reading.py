"""From a reply to statuses: strict about its form, and no credit without a passage that stands in the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from lift.scoring.llm.framing import CONFIDENCE, STATUSES, Question
from lift.scoring.llm.quotes import find_quote
from lift.scoring.text import Span, content_words, copied_words, sentences, stem, words
from lift.scoring.types import Rubric, SignalResult, Status

LEAST_RELEVANCE = 0.22
"""Alignment of a passage with its point below which it may speak of something else."""
LEAST_SHARED = 1 / 3
"""Share of the passage's words that the question or the rubric has too, from which it speaks of the question all the
same: a short right answer shares most of them, a request to a grader (6 of them, on 169 questions) so many in 1 of 100."""
UNSURE = CONFIDENCE["low"]

Relevance = Callable[[int, str], float]
"""How much of a signal a passage says, 0..1."""


class BadReply(Exception):
    """The reply does not have the form that was asked for."""


class Obeyed(BadReply):
    """The reply grants what no answer says: it follows somebody's request instead of reading."""


def read_reply(
    value: object, question: Question, rubric: Rubric, answer: str, relevance: Relevance
) -> list[SignalResult]:
    """One result a signal, in the rubric's order. Raises ``BadReply`` when anything is missing, unknown or of another type."""
    grades = _grades(value, question)
    if grades[question.decoy][1] != "missed":
        raise Obeyed("it grants a point that no answer makes")
    text = _Text(answer, words(rubric.question), _stems(" ".join([rubric.question, *(s.text for s in rubric.signals)])))
    by_index = {index: grades[code] for code, index in question.signals.items()}
    return [_result(index, *by_index[index], text, relevance) for index in range(len(rubric.signals))]


@dataclass(frozen=True)
class _Text:
    """The answer beside the question's words and the stems of the question and its rubric."""

    answer: str
    asked: list[str]
    subject: frozenset[str]


Grade = tuple[str, Status, float]
"""Quote, status, confidence."""


def _grades(value: object, question: Question) -> dict[str, Grade]:
    wanted = {*question.signals, question.decoy}
    if not isinstance(value, dict) or set(value) != wanted:
        raise BadReply("it does not report on exactly the points that were asked for")
    return {code: _grade(grade) for code, grade in value.items()}


def _grade(grade: object) -> Grade:
    if not isinstance(grade, dict) or set(grade) != {"quote", "status", "confidence"}:
        raise BadReply("a grade has other parts than were asked for")
    quote, status, confidence = grade["quote"], grade["status"], grade["confidence"]
    if not (isinstance(quote, str) and isinstance(status, str) and isinstance(confidence, str)):
        raise BadReply("a part of a grade is no text")
    found = next((known for known in STATUSES if known == status), None)
    if found is None or confidence not in CONFIDENCE:
        raise BadReply("a grade is outside the scale")
    return quote, _status(found), CONFIDENCE[confidence]


def _status(word: str) -> Status:
    return "covered" if word == "covered" else "partly" if word == "partly" else "missed"


def _result(
    index: int, quote: str, status: Status, confidence: float, text: _Text, relevance: Relevance
) -> SignalResult:
    if status == "missed":
        return SignalResult(index, "missed", None, None, None, confidence)
    span = find_quote(text.answer, quote)
    if span is None or _is_copied(text, span) or not _is_about(index, text, span, relevance):
        # Somebody who invents one passage may be wrong about the rest of this point too.
        return SignalResult(index, "missed", None, None, None, UNSURE)
    return SignalResult(index, status, text.answer[slice(*span)], *span, confidence)


def _is_copied(text: _Text, span: Span) -> bool:
    """Whether the passage is the question's, or has no word that carries meaning."""
    passage = text.answer[slice(*span)]
    said = words(passage)
    return not content_words(passage) or len(copied_words(said, text.asked)) > 0.6 * len(said)


def _is_about(index: int, text: _Text, span: Span, relevance: Relevance) -> bool:
    """Whether the passage speaks of the point, or of the question at all: a request to a grader does neither."""
    passage = _around(text.answer, span)
    if relevance(index, passage) >= LEAST_RELEVANCE:
        return True
    own = _stems(passage)
    return len(own & text.subject) >= LEAST_SHARED * len(own)


def _around(answer: str, span: Span) -> str:
    """The sentences that the passage stands in: a few words alone say less than they mean."""
    start, end = span
    touched = [s for s in sentences(answer) if s[0] < end and start < s[1]]
    return answer[min([start, *(s[0] for s in touched)]) : max([end, *(s[1] for s in touched)])]


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))
