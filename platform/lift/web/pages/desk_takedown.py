"""What somebody asks to be taken down: read beside its question, decided, and answered by mail."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.kernel.errors import Conflict, NotFound
from lift.questions.models import Question
from lift.submissions import takedowns
from lift.submissions.models import Takedown
from lift.submissions.urgency import TAKEDOWNS, in_words, urgency
from lift.web.context import db, now, required_account
from lift.web.forms.reviews import TakedownForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk_takedown", __name__, url_prefix="/desk/reviews/takedowns/<uuid:takedown_id>")


def _asked(takedown_id: UUID) -> tuple[Takedown, Question]:
    """It and its question; NotFound once it was answered and forgotten."""
    found = db().get(Takedown, takedown_id)
    if found is None:
        raise NotFound("Nobody has asked for this.")
    return found, db().get_one(Question, found.question_id)


@blueprint.get("")
@guard(Guard.REVIEWER)
def show(takedown_id: UUID) -> ResponseReturnValue:
    return _page(takedown_id, TakedownForm(formdata=None))


def _page(takedown_id: UUID, form: TakedownForm) -> str:
    asked, question = _asked(takedown_id)
    return render_template(
        "desk/takedown.html",
        asked=asked,
        question=question,
        form=form,
        limits=TAKEDOWNS,
        at=now(),
        urgency=urgency,
        waited=in_words,
    )


@blueprint.post("")
@guard(Guard.REVIEWER)
def decide(takedown_id: UUID) -> ResponseReturnValue:
    """Decide, and mail the answer."""
    _asked(takedown_id)
    form = TakedownForm()
    if not form.validate_on_submit():
        return _page(takedown_id, form), 422
    remove = form.act.data == "remove"
    try:
        takedowns.decide(db(), takedown_id, required_account().id, remove=remove, answer=form.answer.data, now=now())
    except Conflict as refused:
        flash(refused.message, "warn")
    else:
        flash("Taken down, and the answer is mailed." if remove else "Kept, and the answer is mailed.", "good")
    return redirect(url_for("desk_reviews.taken_down"), 303)
