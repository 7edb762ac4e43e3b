"""Reports of problems with a question, from its page."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lift.accounts.throttle import Limit
from lift.kernel.errors import RateLimited
from lift.problems import service
from lift.web.context import db, now, release, required_account
from lift.web.forms.copilot import ProblemForm
from lift.web.guards import Guard, guard
from lift.web.limits import count_try, wait_words
from lift.web.pages.bank import line
from lift.web.pages.copilot import question_of
from lift.web.question_page import question_page

blueprint = Blueprint("problems", __name__)

REPORTS = Limit(10, timedelta(days=1))


@blueprint.post("/questions/<slug>/problems")
@guard(Guard.ACCESS)
def report(slug: str) -> ResponseReturnValue:
    """Report what is wrong; a notice says that it arrived, and later what became of it."""
    question = question_of(slug)
    account_id = required_account().id
    form = ProblemForm()
    if not form.validate_on_submit():
        return question_page(question, line, problem=form), 422
    release()
    try:
        count_try(REPORTS, "problem", str(account_id))
    except RateLimited as error:
        question, wait = question_of(slug), wait_words(error.retry_after)
        page = question_page(question, line, problem=form, wait=wait)
        return page, 429, {"Retry-After": str(error.retry_after)}
    service.report(db(), account_id, question_of(slug), form.problem.data, form.details.data or "", now())
    flash("Thank you: the report is with us. Your notices will say what became of it.", "good")
    return redirect(url_for("bank.question", slug=slug), 303)
