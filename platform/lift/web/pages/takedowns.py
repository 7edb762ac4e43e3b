"""Asking for a question to be taken down: for anybody, without an account."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.accounts import throttle
from lift.kernel.errors import NotFound, RateLimited
from lift.questions import queries as questions
from lift.questions.models import Question
from lift.submissions import takedowns
from lift.submissions.takedowns import Asking
from lift.web.context import db, now, release
from lift.web.forms.reports import TakedownForm
from lift.web.guards import Guard, guard
from lift.web.limits import count_try, peer, refused

blueprint = Blueprint("takedowns", __name__)
PAGE = "reports/takedown.html"


def _question(slug: str) -> Question:
    found = questions.by_slug(db(), slug)
    if found is None:
        raise NotFound("There is no such question in the bank.")
    return found


@blueprint.get("/take-down/<slug>")
@guard(Guard.PUBLIC)
def show(slug: str) -> ResponseReturnValue:
    return render_template(PAGE, question=_question(slug), form=TakedownForm())


@blueprint.post("/take-down/<slug>")
@guard(Guard.PUBLIC)
def ask(slug: str) -> ResponseReturnValue:
    """Put it into the queue; a receipt is mailed."""
    question, form = _question(slug), TakedownForm()
    if not form.validate_on_submit():
        return render_template(PAGE, question=question, form=form), 422
    question_id = question.id
    release()
    try:
        count_try(throttle.TAKEDOWN, "takedown", peer())
    except RateLimited as error:
        return refused(error, PAGE, question=_question(slug), form=form)
    asking = Asking(form.name.data, form.email.data, form.on_behalf_of.data or "", form.why.data)
    takedowns.ask(db(), question_id, asking, now())
    flash("We have your request, and a receipt is on its way to you. A person looks at it.", "good")
    return redirect(url_for("takedowns.show", slug=slug), 303)
