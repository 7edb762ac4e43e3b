"""From a reply to statuses: strict about its form, and no credit without a passage that stands in the answer."""

from collections.abc import Callable, Sequence

from lift.scoring.llm.framing import CONFIDENCE, STATUSES, Question
from lift.scoring.llm.quotes import find_quote
from lift.scoring.text import Span, content_words, copied_words, sentences, words
from lift.scoring.types import Rubric, SignalResult, Status

LEAST_RELEVANCE = 0.22
"""Alignment of a passage with its point below which it speaks of something else. Requests to a grader reach 0.21 at
most on the questions tried, passages that earned credit 0.37 at least."""
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
    asked = words(rubric.question)
    by_index = {index: grades[code] for code, index in question.signals.items()}
    return [_result(index, *by_index[index], answer, asked, relevance) for index in range(len(rubric.signals))]


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
    index: int, quote: str, status: Status, confidence: float, answer: str, asked: list[str], relevance: Relevance
) -> SignalResult:
    if status == "missed":
        return SignalResult(index, "missed", None, None, None, confidence)
    span = find_quote(answer, quote)
    if (
        span is None
        or not _is_evidence(answer, span, asked)
        or relevance(index, _around(answer, span)) < LEAST_RELEVANCE
    ):
        # Somebody who invents one passage may be wrong about the rest of this point too.
        return SignalResult(index, "missed", None, None, None, UNSURE)
    return SignalResult(index, status, answer[slice(*span)], *span, confidence)


def _is_evidence(answer: str, span: Span, asked: list[str]) -> bool:
    """Whether the passage says anything of its own."""
    passage = answer[slice(*span)]
    said = words(passage)
    return bool(content_words(passage)) and len(copied_words(said, asked)) <= 0.6 * len(said)


def _around(answer: str, span: Span) -> str:
    """The sentences that the passage stands in: a few words alone say less than they mean."""
    start, end = span
    touched: Sequence[Span] = [s for s in sentences(answer) if s[0] < end and start < s[1]]
    return answer[min([start, *(s[0] for s in touched)]) : max([end, *(s[1] for s in touched)])]
