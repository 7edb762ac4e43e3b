"""The debrief of one answer; while it is being read, the same address shows the progress."""

from uuid import UUID

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from lift.catalog import queries as catalog
from lift.debriefs import view
from lift.interviews import queries, service
from lift.questions import queries as questions
from lift.web.context import db, required_account
from lift.web.forms.practice import CONFIDENCE, StartForm
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
    if found is None:
        page = make_response(render_template("debriefs/waiting.html", answer=answer, question=question))
        # Without JavaScript the page looks again by itself.
        page.headers["Refresh"] = "4"
        return page
    before = queries.previous_assessed(db(), answer)
    debrief = view.draw(
        answer.text,
        found,
        followups=question.followups,
        by_level=question.by_level,
        dimension_names=catalog.dimension_names(db()),
        before=before,
    )
    return render_template(
        "debriefs/show.html",
        answer=answer,
        question=question,
        found=found,
        debrief=debrief,
        before=before,
        level_names=dict(catalog.levels(db(), question.companies[0] if len(question.companies) == 1 else None)),
        confidence=dict(CONFIDENCE).get(str(answer.confidence)),
        start=StartForm(formdata=None, question=question.slug),
    )
