"""The practice copilot of a question's page: each thing is asked for by itself, and stays asked for."""

from datetime import timedelta

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from lift.accounts.throttle import Limit
from lift.copilot import service
from lift.copilot.hints import RUNGS
from lift.kernel.errors import NotFound, RateLimited
from lift.questions import queries as questions
from lift.questions.models import Question
from lift.web.context import db, now, release, required_account, services
from lift.web.forms.copilot import HintForm, SentenceForm
from lift.web.guards import Guard, guard
from lift.web.limits import count_try, wait_words
from lift.web.pages.bank import line
from lift.web.question_page import question_page

blueprint = Blueprint("copilot", __name__)

SENTENCES = Limit(60, timedelta(hours=1))
"""Sentences of one account: more than anybody improves, and few enough to read each."""


def question_of(slug: str) -> Question:
    """The live question of this name; NotFound."""
    found = questions.by_slug(db(), slug)
    if found is None:
        raise NotFound("There is no such question in the bank.")
    return found


def _with_model() -> bool:
    return bool(services().settings.llm_provider)


def _back(slug: str, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("bank.question", slug=slug, _anchor=anchor), 303)


@blueprint.post("/questions/<slug>/hints")
@guard(Guard.ACCESS)
def take_hint(slug: str) -> ResponseReturnValue:
    """The next hint, and no other."""
    question = question_of(slug)
    form = HintForm()
    if not form.validate_on_submit():
        return question_page(question, line), 422
    rung = form.rung.data or RUNGS
    service.take_hint(db(), required_account().id, question, rung, now(), with_model=_with_model())
    return _back(slug, f"hint-{rung}")


@blueprint.post("/questions/<slug>/outline")
@guard(Guard.ACCESS)
def open_outline(slug: str) -> ResponseReturnValue:
    """Points, follow-ups, mistakes and model answer, on demand."""
    service.open_outline(db(), required_account().id, question_of(slug), now())
    return _back(slug, "answers")


@blueprint.post("/questions/<slug>/points/<int:number>")
@guard(Guard.ACCESS)
def explain_point(slug: str, number: int) -> ResponseReturnValue:
    """Why one point matters."""
    service.explain_point(db(), required_account().id, question_of(slug), number, now(), with_model=_with_model())
    return _back(slug, f"point-{number + 1}")


@blueprint.post("/questions/<slug>/sentence")
@guard(Guard.ACCESS)
def improve_sentence(slug: str) -> ResponseReturnValue:
    """What a pasted sentence says already, and what would make it stronger."""
    question = question_of(slug)
    account_id = required_account().id
    form = SentenceForm()
    if not form.validate_on_submit():
        return question_page(question, line, sentence=form), 422
    release()
    try:
        count_try(SENTENCES, "copilot-sentence", str(account_id))
    except RateLimited as error:
        question, wait = question_of(slug), wait_words(error.retry_after)
        page = question_page(question, line, sentence=form, wait=wait)
        return page, 429, {"Retry-After": str(error.retry_after)}
    service.improve_sentence(
        db(), account_id, question_of(slug), form.sentence.data or "", now(), with_model=_with_model()
    )
    return _back(slug, "improve")
