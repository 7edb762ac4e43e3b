"""What a question's page is drawn from: the question, what the person did with it, and what they asked of the copilot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template

from lift.catalog.queries import Names
from lift.copilot import queries as copilot
from lift.copilot.explain import Explanation, explain
from lift.copilot.facts import QuestionFacts, facts_of
from lift.copilot.hints import RUNGS, TITLES, Hint, hint
from lift.copilot.improve import Improvement, improve
from lift.copilot.models import CopilotAsk
from lift.copilot.wordings import Wording, wording
from lift.debriefs.attempts import AttemptLine, attempt_lines
from lift.interviews import queries as interviews
from lift.interviews.queries import Attempt
from lift.problems import queries as problems
from lift.problems.kinds import KINDS
from lift.questions import neighbours
from lift.questions.models import Question
from lift.shelf import queries as shelf
from lift.web.content import names
from lift.web.context import db, now, required_account, services
from lift.web.forms.copilot import ProblemForm, SentenceForm
from lift.web.forms.practice import StartForm


@dataclass(frozen=True)
class Point:
    """A key point, explained when that was asked for."""

    number: int
    text: str
    weight: str
    level: str
    explanation: Explanation | None
    wording: Wording | None


@dataclass(frozen=True)
class Try:
    """One's own try at the question."""

    attempt: Attempt
    line: AttemptLine | None
    hints: int
    """Hints taken before it was submitted."""


@dataclass(frozen=True)
class Help:
    """What was asked of the copilot, and what it says."""

    hints: Sequence[tuple[Hint, Wording]]
    next_hint: tuple[int, str] | None
    """(rung, title) of the next one; None when all were taken."""
    points: Sequence[Point]
    improvement: Improvement | None
    improved: Wording | None


def question_page(
    question: Question,
    line: Callable[[Any, Names], Any],
    *,
    sentence: SentenceForm | None = None,
    problem: ProblemForm | None = None,
    wait: str | None = None,
) -> str:
    """The page of ``question``; ``line`` makes a row with chips of one. A form that was refused is given, and shown as it was filled in;
    ``wait`` is how long, when it came too often."""
    account = required_account()
    known = names()
    facts = facts_of(db(), question, known)
    asked = copilot.asked(db(), account.id, question.id)
    tries = _tries(interviews.attempts(db(), account.id, question.id), asked)
    answered = any(one.attempt.answer.submitted_at for one in tries)
    help_ = _help(facts, asked, now(), is_open=answered or asked.opened)
    settings = services().settings
    kept = help_.improvement.sentence if help_.improvement else ""
    return render_template(
        "bank/question.html",
        question=question,
        line=line(question, known),
        alike=[line(near.question, known) for near in neighbours.similar(db(), question.id)],
        names=known,
        facts=facts,
        company=question.companies[0] if len(question.companies) == 1 else None,
        answered=answered,
        open=answered or asked.opened,
        tries=[one for one in tries if one.attempt.answer.submitted_at],
        unfinished=next((one.attempt.answer for one in tries if not one.attempt.answer.submitted_at), None),
        help=help_,
        rungs=RUNGS,
        start=StartForm(formdata=None, question=question.slug),
        sentence=sentence or SentenceForm(formdata=None, sentence=kept),
        problem=problem or ProblemForm(formdata=None),
        in_lists=shelf.names_holding(db(), account.id, question.id),
        reported=[KINDS[kind].lower() for kind in problems.own_open(db(), account.id, question.id)],
        sentence_wait=wait if sentence else None,
        problem_wait=wait if problem else None,
        sent_to=settings.llm_host if settings.llm_leaves else None,
    )


def _tries(attempts: Sequence[Attempt], asked: copilot.Asked) -> list[Try]:
    lines = attempt_lines([attempt.reading for attempt in attempts])
    return [
        Try(attempt, line, asked.hints_by(attempt.answer.submitted_at))
        for attempt, line in zip(attempts, lines, strict=True)
    ]


def _help(facts: QuestionFacts, asked: copilot.Asked, moment: datetime, *, is_open: bool) -> Help:
    taken = asked.hints[:RUNGS]
    rung = len(taken) + 1
    sentence = asked.sentence
    improved = improve(facts, sentence.sentence or "", is_open=is_open) if sentence else None
    hints = [(hint(facts, row.number), row) for row in taken]
    return Help(
        hints=[(found, wording(row, found.text, moment)) for found, row in hints],
        next_hint=(rung, TITLES[rung - 1]) if rung <= RUNGS else None,
        points=_points(facts, asked, moment) if is_open else [],
        improvement=improved,
        improved=wording(sentence, improved.text, moment) if sentence and improved else None,
    )


def _points(facts: QuestionFacts, asked: copilot.Asked, moment: datetime) -> list[Point]:
    return [_point(facts, number, asked.points.get(number), moment) for number in range(len(facts.signals))]


def _point(facts: QuestionFacts, number: int, row: CopilotAsk | None, moment: datetime) -> Point:
    signal = facts.signals[number]
    explanation = explain(facts, number) if row else None
    return Point(
        number=number,
        text=str(signal["text"]),
        weight=str(signal["weight"]),
        level=facts.level(signal["level"]),
        explanation=explanation,
        wording=wording(row, explanation.text, moment) if row and explanation else None,
    )
