"""The debrief of one answer; while it is being read, the same address shows the progress."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from billing.access import Right
from lift.catalog import queries as catalog
from lift.copilot.queries import hints_before
from lift.debriefs import view
from lift.debriefs.corrections import changes
from lift.interviews import queries, service
from lift.interviews.loop_view import place_of
from lift.interviews.model_calls import sent_to
from lift.interviews.models import Answer
from lift.kernel.errors import Invalid
from lift.kernel.model_settings import is_this_machine
from lift.questions import queries as questions
from lift.web.context import access, db, now, required_account
from lift.web.forms.practice import CONFIDENCE, AgainForm, CorrectForm, StartForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("debriefs", __name__)


@blueprint.get("/debriefs/<uuid:answer_id>")
@guard(Guard.READ_OWN)
def show(answer_id: UUID) -> ResponseReturnValue:
    answer = service.own_answer(db(), required_account().id, answer_id)
    question = questions.by_id(db(), answer.question_id)
    if answer.submitted_at is None:
        return render_template("debriefs/unfinished.html", answer=answer, question=question)
    found = queries.assessment_of(db(), answer_id)
    place = place_of(db(), answer_id)
    if found is None:
        if queries.is_given_up(db(), answer_id):
            return render_template("debriefs/given_up.html", answer=answer, question=question, again=AgainForm())
        return render_template("debriefs/waiting.html", answer=answer, question=question, place=place)
    before = queries.compared_with(db(), answer)
    corrected = service.own_answer(db(), answer.account_id, answer.corrects_id) if answer.corrects_id else None
    companies = found.asked.get("companies", question.companies)
    return render_template(
        "debriefs/show.html",
        answer=answer,
        prompt=found.asked.get("prompt", question.prompt),
        found=found,
        debrief=view.draw(
            answer.text,
            found,
            dimension_names=catalog.dimension_names(db()),
            at_the_bar=catalog.dimensions_at_the_bar(db()),
            before=before,
        ),
        before=before,
        changes=changes(corrected.text, answer.text) if corrected else None,
        correction=queries.correction_of(db(), answer_id),
        may_correct=access().may(Right.PRACTISE) and answer.version < service.MOST_VERSIONS,
        sent_to=[host for host in sent_to(db(), answer_id) if not is_this_machine(host)],
        level_names=dict(catalog.levels(db(), companies[0] if len(companies) == 1 else None)),
        hints=hints_before(db(), answer.account_id, answer.question_id, answer.submitted_at),
        confidence=dict(CONFIDENCE).get(str(answer.confidence)),
        may_practise=access().may(Right.PRACTISE),
        retired=question.retired_at is not None,
        slug=question.slug,
        start=StartForm(formdata=None, question=question.slug),
        place=place,
        company_names=dict(catalog.companies(db())) if place else {},
    )


def _correction_page(answer: Answer, form: CorrectForm) -> str:
    return render_template("debriefs/correct.html", answer=answer, form=form)


@blueprint.get("/debriefs/<uuid:answer_id>/correct")
@guard(Guard.ACCESS)
def correct(answer_id: UUID) -> ResponseReturnValue:
    """The text to be corrected."""
    answer = service.own_answer(db(), required_account().id, answer_id)
    if queries.assessment_of(db(), answer_id) is None:
        return redirect(url_for("debriefs.show", answer_id=answer_id), 303)
    newer = queries.correction_of(db(), answer_id)
    if newer is not None:
        return redirect(url_for("debriefs.show", answer_id=newer.id), 303)
    return _correction_page(answer, CorrectForm(text=answer.text))


@blueprint.post("/debriefs/<uuid:answer_id>/correct")
@guard(Guard.ACCESS)
def read_corrected(answer_id: UUID) -> ResponseReturnValue:
    """Have it read with the corrected text; both texts and both readings are kept."""
    account = required_account()
    answer = service.own_answer(db(), account.id, answer_id)
    form = CorrectForm()
    if not form.validate_on_submit():
        return _correction_page(answer, form), 422
    try:
        made = service.correct(db(), account.id, answer_id, form.text.data or "", now())
    except Invalid as problem:
        form.text.errors = [problem.message]
        return _correction_page(answer, form), 422
    return redirect(url_for("debriefs.show", answer_id=made.id), 303)


@blueprint.post("/debriefs/<uuid:answer_id>/again")
@guard(Guard.READ_OWN)
def again(answer_id: UUID) -> ResponseReturnValue:
    """Have an answer read again whose reading was given up."""
    service.read_again(db(), required_account().id, answer_id, now())
    return redirect(url_for("debriefs.show", answer_id=answer_id), 303)
