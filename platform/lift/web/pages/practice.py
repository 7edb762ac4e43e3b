"""Practise one question: pick or be given one, answer, follow the assessment."""

from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.access import Right
from lift.catalog import queries as catalog
from lift.copilot.queries import hints_before
from lift.debriefs.standing import standing
from lift.interviews import queries, service
from lift.interviews.loop_view import place_of
from lift.interviews.models import Answer
from lift.kernel.errors import NotFound
from lift.questions import queries as questions
from lift.web import events as streams
from lift.web.content import names
from lift.web.context import access, db, now, required_account, services
from lift.web.forms.choices import choices
from lift.web.forms.practice import AnswerForm, ChooseForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("practice", __name__)


def _hub() -> streams.Hub:
    hub: streams.Hub | None = current_app.extensions.get("lift-events")
    if hub is None:
        wired = services()
        made = streams.Hub(wired.redis, wired.settings.web_threads // 2)
        hub = current_app.extensions.setdefault("lift-events", made)
    return hub


def _choose_form() -> ChooseForm:
    account = required_account()
    form = ChooseForm()
    every = "Any topic of your role" if account.target_role else "Any topic"
    form.topic.choices = choices([("", every), *questions.topics_with_questions(db())])
    form.level.choices = choices([("", "Any level"), *catalog.levels(db(), account.target_company)])
    if not form.is_submitted():
        form.level.data = account.target_level or ""
    return form


def _index(form: ChooseForm | None) -> str:
    recent = queries.recent(db(), required_account().id, limit=10)
    lines = standing(queries.latest_readings(db(), required_account().id), catalog.dimension_names(db()))
    return render_template("practice/index.html", form=form, recent=recent, standing=lines)


@blueprint.get("/practice")
@guard(Guard.READ_OWN)
def index() -> ResponseReturnValue:
    """One's answers, and for those who may practise a way to the next question."""
    return _index(_choose_form() if access().may(Right.PRACTISE) else None)


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
            return _index(form), 422
        question = questions.next_question(
            db(),
            topic=form.topic.data or None,
            level=form.level.data or None,
            company=account.target_company,
            role=account.target_role,
            exclude=queries.answered_question_ids(db(), account.id),
        )
    if question is None:
        raise NotFound("There is no such question in the bank.")
    answer = service.begin(db(), account.id, question, now())
    return redirect(url_for("practice.answer", answer_id=answer.id), 303)


def _page(found: Answer, form: AnswerForm) -> str:
    # The browser keeps what it could not send, and a page that proves its arrival names it as done.
    form.text.render_kw = {
        "data-count": "",
        "data-draft": f"answer-{found.id}",
        "data-autosave": url_for("practice.save", answer_id=found.id),
    }
    question = questions.by_id(db(), found.question_id)
    may_practise = access().may(Right.PRACTISE)
    hints = hints_before(db(), found.account_id, found.question_id, now())
    return render_template(
        "practice/answer.html",
        answer=found,
        question=question,
        form=form,
        may_practise=may_practise,
        hints=hints,
        place=place_of(db(), found.id),
        names=names(),
    )


@blueprint.get("/practice/<uuid:answer_id>")
@guard(Guard.READ_OWN)
def answer(answer_id: UUID) -> ResponseReturnValue:
    """The question with its form; once submitted, the way to the debrief."""
    found = service.own_answer(db(), required_account().id, answer_id)
    if found.submitted_at is not None:
        return redirect(url_for("debriefs.show", answer_id=answer_id), 303)
    return _page(found, AnswerForm(text=found.text, confidence=str(found.confidence or "")))


@blueprint.post("/practice/<uuid:answer_id>/save")
@guard(Guard.READ_OWN)
def save(answer_id: UUID) -> ResponseReturnValue:
    """Keep the draft: pressed without JavaScript, or sent by the page itself while one types."""
    account = required_account()
    form = AnswerForm()
    if not form.text.validate(form):
        form.confidence.errors = []
        return _page(service.own_answer(db(), account.id, answer_id), form), 422
    service.save(db(), account.id, answer_id, form.text.data or "", form.how_sure)
    if "autosave" in request.form:
        return Response(status=204)
    flash("Saved. It waits for you under Practise until you submit it.", "good")
    return redirect(url_for("practice.answer", answer_id=answer_id), 303)


@blueprint.post("/practice/<uuid:answer_id>")
@guard(Guard.READ_OWN)
def submit(answer_id: UUID) -> ResponseReturnValue:
    """Submit what was begun; a trial that has ended since takes nothing away (see ``interviews.service``)."""
    account = required_account()
    found = service.own_answer(db(), account.id, answer_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    service.submit(db(), account.id, answer_id, form.text.data or "", form.how_sure, now())
    return redirect(url_for("debriefs.show", answer_id=answer_id), 303)


@blueprint.get("/practice/<uuid:answer_id>/events")
@guard(Guard.READ_OWN)
def events(answer_id: UUID) -> ResponseReturnValue:
    """Server-sent events until there is something new to show; no database connection is held between two looks."""
    service.own_answer(db(), required_account().id, answer_id)
    if request.method == "HEAD":
        return Response(mimetype=streams.MIMETYPE, headers=streams.HEADERS)
    factory = services().reading_factory

    def is_ready() -> bool:
        with factory() as session:
            return queries.is_assessed(session, answer_id) or queries.is_given_up(session, answer_id)

    return _hub().stream(str(answer_id), is_ready)
