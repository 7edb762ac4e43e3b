"""A question of the bank at the moderation desk: edited as text, with what stood there before, restored."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.kernel.errors import Conflict, NotFound
from lift.operations.question_imports import shipped_catalog
from lift.questions import desk, house_text, queries
from lift.questions.desk_models import QuestionRevision
from lift.questions.models import Question
from lift.submissions.differences import Piece, differences
from lift.web.context import db, now, required_account
from lift.web.forms.reviews import HouseForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk_edit", __name__, url_prefix="/desk/reviews/questions/<slug>")


def _question(slug: str) -> Question:
    """Retired or not; NotFound."""
    found = queries.any_by_slug(db(), slug)
    if found is None:
        raise NotFound("There is no such question.")
    return found


@blueprint.get("")
@guard(Guard.REVIEWER)
def show(slug: str) -> ResponseReturnValue:
    question = _question(slug)
    return _page(question, HouseForm(formdata=None, text=house_text.text_of_question(question)), [])


def _page(question: Question, form: HouseForm, faults: list[house_text.Fault]) -> str:
    return render_template(
        "desk/edit.html",
        question=question,
        form=form,
        faults=faults,
        history=_history(question),
        catalog=shipped_catalog(),
    )


def _history(question: Question) -> list[tuple[QuestionRevision, list[Piece]]]:
    """Each change with its differences, the newest first."""
    found = desk.history(db(), question.id)
    after, changes = house_text.text_of_question(question), list[tuple[QuestionRevision, list[Piece]]]()
    for each in found:
        before = house_text.text_of(each.before)
        changes.append((each, differences(before, after)))
        after = before
    return changes


@blueprint.post("")
@guard(Guard.REVIEWER)
def edit(slug: str) -> ResponseReturnValue:
    """Put the text in its place."""
    question, form = _question(slug), HouseForm()
    if not form.validate_on_submit():
        return _page(question, form, []), 422
    if question.origin == "content" and not form.take_over.data:
        form.take_over.errors = ["This is a question of the shipped files. Tick this to change it here."]
        return _page(question, form, []), 422
    done = desk.edit(db(), question, form.text.data, shipped_catalog(), who=required_account().email, now=now())
    if done.question is None:
        return _page(question, form, done.faults), 422
    flash("Changed. What stood there is kept below.", "good")
    return redirect(url_for("desk_edit.show", slug=slug), 303)


@blueprint.post("/restore/<uuid:revision_id>")
@guard(Guard.REVIEWER)
def restore(slug: str, revision_id: UUID) -> ResponseReturnValue:
    """Write what stood there before again."""
    question, revision = _question(slug), desk.revision(db(), revision_id)
    if revision.question_id != question.id:
        raise NotFound("There is no such revision.")
    try:
        desk.restore(db(), revision, shipped_catalog(), who=required_account().email, now=now())
    except Conflict as refused:
        flash(refused.message, "warn")
    else:
        flash("Restored. What stood there until now is kept too.", "good")
    return redirect(url_for("desk_edit.show", slug=slug), 303)
