"""Practise one question: pick or be given one, answer, follow the assessment."""

from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lift.catalog import queries as catalog
from lift.interviews import queries, service
from lift.kernel.errors import NotFound
from lift.questions import queries as questions
from lift.web.context import db, now, required_account, services
from lift.web.events import Hub, follow
from lift.web.forms.practice import AnswerForm, ChooseForm, StartForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("practice", __name__)


def _hub() -> Hub:
    hub: Hub | None = current_app.extensions.get("lift-events")
    if hub is None:
        wired = services()
        hub = current_app.extensions.setdefault("lift-events", Hub(wired.redis, wired.settings.web_threads // 2))
    return hub


def _choose_form() -> ChooseForm:
    account = required_account()
    form = ChooseForm()
    form.topic.choices = [("", "Any topic"), *questions.topics_with_questions(db())]
    form.level.choices = [("", "Any level"), *catalog.levels(db(), account.target_company)]
    if not form.is_submitted():
        form.level.data = account.target_level or ""
    return form


@blueprint.get("/practice")
@guard(Guard.ACCESS)
def index() -> ResponseReturnValue:
    recent = queries.recent(db(), required_account().id, limit=10)
    return render_template("practice/index.html", form=_choose_form(), start=StartForm(), recent=recent)


@blueprint.post("/practice/start")
@guard(Guard.ACCESS)
def start() -> ResponseReturnValue:
    """Begin a picked question, or the next one of a topic and level."""
    account = required_account()
    slug = request.form.get("question", "")
    if slug:
        question = questions.by_slug(db(), slug)
    else:
        form = _choose_form()
        if not form.validate_on_submit():
            recent = queries.recent(db(), account.id, limit=10)
            return render_template("practice/index.html", form=form, start=StartForm(formdata=None), recent=recent), 422
        question = questions.next_question(
            db(),
            topic=form.topic.data or None,
            level=form.level.data or None,
            company=account.target_company,
            exclude=queries.answered_question_ids(db(), account.id),
        )
    if question is None:
        raise NotFound("There is no such question in the bank.")
    answer = service.begin(db(), account.id, question, now())
    return redirect(url_for("practice.answer", answer_id=answer.id), 303)


def _answer_form(answer_id: UUID, text: str | None = None) -> AnswerForm:
    form = AnswerForm(text=text)
    # The browser keeps a draft until the answer is submitted, so a reload or a lost connection loses nothing.
    form.text.render_kw = {"data-count": "", "data-draft": f"answer-{answer_id}"}
    return form


@blueprint.get("/practice/<uuid:answer_id>")
@guard(Guard.READ_OWN)
def answer(answer_id: UUID) -> ResponseReturnValue:
    """The question with its form; once submitted, the way to the debrief."""
    found = service.own_answer(db(), required_account().id, answer_id)
    if found.submitted_at is not None:
        return redirect(url_for("debriefs.show", answer_id=answer_id), 303)
    form = _answer_form(answer_id, text=found.text)
    return render_template(
        "practice/answer.html", answer=found, question=questions.by_id(db(), found.question_id), form=form
    )


@blueprint.post("/practice/<uuid:answer_id>")
@guard(Guard.ACCESS)
def submit(answer_id: UUID) -> ResponseReturnValue:
    account = required_account()
    found = service.own_answer(db(), account.id, answer_id)
    form = _answer_form(answer_id)
    if not form.validate_on_submit():
        question = questions.by_id(db(), found.question_id)
        return render_template("practice/answer.html", answer=found, question=question, form=form), 422
    service.submit(db(), account.id, answer_id, form.text.data or "", int(form.confidence.data), now())
    return redirect(url_for("debriefs.show", answer_id=answer_id), 303)


@blueprint.get("/practice/<uuid:answer_id>/events")
@guard(Guard.READ_OWN)
def events(answer_id: UUID) -> ResponseReturnValue:
    """Server-sent events until the answer is assessed; 503 tells the page to look again by itself."""
    service.own_answer(db(), required_account().id, answer_id)
    db().close()
    hub, factory = _hub(), services().session_factory

    def is_ready() -> bool:
        with factory() as session:
            return queries.is_assessed(session, answer_id)

    if not hub.try_enter():
        return Response("busy\n", 503, mimetype="text/plain", headers={"Retry-After": "5"})
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(
        stream_with_context(follow(hub, str(answer_id), is_ready)), mimetype="text/event-stream", headers=headers
    )
