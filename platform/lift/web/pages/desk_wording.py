"""A reported question at the moderation desk: put into house style, and made a question of the bank."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.kernel.errors import Conflict, Invalid
from lift.operations.question_imports import shipped_catalog
from lift.questions import house_text
from lift.questions.models import Question
from lift.submissions import desk, house_draft, queries, reviews, wordings
from lift.submissions.differences import differences
from lift.submissions.models import ReportedQuestion
from lift.submissions.placing import Place
from lift.web.content import names
from lift.web.context import db, now, required_account
from lift.web.forms.reviews import HouseForm, WordingForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk_wording", __name__, url_prefix="/desk/reviews/reported/<uuid:reported_id>")


@blueprint.get("")
@guard(Guard.REVIEWER)
def show(reported_id: UUID) -> ResponseReturnValue:
    reported = wordings.reported(db(), reported_id)
    return _page(reported, WordingForm(formdata=None, prompt=reported.prompt or ""))


def _page(reported: ReportedQuestion, form: WordingForm) -> str:
    history = wordings.history(db(), reported.id)
    older = [each.prompt for each in history[1:]] + [""]
    return render_template(
        "desk/wording.html",
        reported=reported,
        form=form,
        lines=queries.beside(db(), Place(reported.question_id, reported.id)),
        history=[(each, differences(before, each.prompt)) for each, before in zip(history, older, strict=False)],
        names=names(),
        question=db().get(Question, reported.question_id) if reported.question_id else None,
    )


@blueprint.post("")
@guard(Guard.REVIEWER)
def write(reported_id: UUID) -> ResponseReturnValue:
    """Keep the wording."""
    reported, form = wordings.reported(db(), reported_id), WordingForm()
    if not form.validate_on_submit():
        return _page(reported, form), 422
    try:
        wordings.write(db(), reported_id, form.prompt.data, required_account().id, now())
    except (Invalid, Conflict) as refused:
        form.prompt.errors = [refused.message]
        return _page(reported, form), 422
    flash("Kept. Reports that say the same can be merged into it.", "good")
    return redirect(url_for("desk_wording.show", reported_id=reported_id), 303)


@blueprint.post("/restore/<uuid:wording_id>")
@guard(Guard.REVIEWER)
def restore(reported_id: UUID, wording_id: UUID) -> ResponseReturnValue:
    """Write an older wording again."""
    try:
        wordings.restore(db(), wording_id, required_account().id, now())
    except (Invalid, Conflict) as refused:
        flash(refused.message, "warn")
    else:
        flash("Restored. What stood there since is kept in the history.", "good")
    return redirect(url_for("desk_wording.show", reported_id=reported_id), 303)


@blueprint.post("/part")
@guard(Guard.REVIEWER)
def part(reported_id: UUID) -> ResponseReturnValue:
    """It has become no question of the bank after all: its reports count for it alone again."""
    if wordings.reported(db(), reported_id).question_id is not None:
        reviews.adopt(db(), reported_id, None, required_account().id, now())
        flash("Parted: its reports no longer count for the question of the bank, which stays.", "good")
    return redirect(url_for("desk_wording.show", reported_id=reported_id), 303)


@blueprint.get("/question")
@guard(Guard.REVIEWER)
def question(reported_id: UUID) -> ResponseReturnValue:
    """The house format, filled with what the reports say."""
    reported = _unmade(reported_id)
    text = house_draft.draft(db(), reported, shipped_catalog())
    return _house_page(reported, HouseForm(formdata=None, text=text), [])


def _unmade(reported_id: UUID) -> ReportedQuestion:
    reported = wordings.reported(db(), reported_id)
    if reported.question_id is not None:
        raise Conflict("It is a question of the bank by now: edit that one.")
    return reported


def _house_page(reported: ReportedQuestion, form: HouseForm, faults: list[house_text.Fault]) -> str:
    return render_template(
        "desk/house.html",
        form=form,
        faults=faults,
        reported=reported,
        lines=queries.beside(db(), Place(reported.question_id, reported.id)),
        names=names(),
        catalog=shipped_catalog(),
    )


@blueprint.post("/question")
@guard(Guard.REVIEWER)
def make(reported_id: UUID) -> ResponseReturnValue:
    """Make it a question of the bank; its reports count for that from then on."""
    reported, form = _unmade(reported_id), HouseForm()
    if not form.validate_on_submit():
        return _house_page(reported, form, []), 422
    me = required_account()
    made = desk.make_question(
        db(), reported_id, form.text.data, shipped_catalog(), who=me.email, reviewer_id=me.id, now=now()
    )
    if made.question is None:
        return _house_page(reported, form, made.faults), 422
    flash(f"{made.question.id} is in the bank, and its reports count for it.", "good")
    return redirect(url_for("desk_edit.show", slug=made.question.id), 303)
