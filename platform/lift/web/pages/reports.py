"""Reporting what one was asked: a form whose draft the server keeps, a look at it as it will be stored, then sending."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lift.accounts import throttle, zones
from lift.catalog.choices import LoopChoices, loop_choices
from lift.kernel.errors import Conflict, Invalid, RateLimited
from lift.questions import queries as questions
from lift.questions.models import Question
from lift.submissions import drafts, guarding, service
from lift.submissions.near import Near, near
from lift.submissions.networks import network_hash
from lift.web.content import names
from lift.web.context import db, now, release, required_account, services
from lift.web.forms.choices import choices
from lift.web.forms.reports import ReportForm, SendForm, WhereForm, kept_fields
from lift.web.guards import Guard, guard
from lift.web.limits import count_try, wait_words

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
"""The form; ``report_pages`` has what was sent."""


@dataclass(frozen=True)
class Filled:
    """What the form stands on: the company's choices, the question that was picked, the form itself."""

    form: ReportForm
    loop: LoopChoices
    question: Question | None
    aside: "Aside"


@dataclass(frozen=True)
class Aside:
    """What is said of the text while it is written."""

    near: list[Near]
    guarded: guarding.Guarded
    wait: str | None = None


def _fields() -> dict[str, str]:
    """The draft, with what the address asks for on top of it."""
    draft = drafts.find(db(), required_account().id)
    kept = {str(name): str(value) for name, value in draft.fields.items()} if draft else {}
    asked = {name: value for name in ("question", "company", "role") if (value := request.args.get(name))}
    if "question" in asked and kept.get("question", "") != asked["question"]:
        # Of another question: its words are not about this one. They stay in the draft until this one is saved.
        kept = {name: value for name, value in kept.items() if name in ("company", "role", "level", "month", "org")}
    return kept | asked


def _picked(slug: str | None) -> Question | None:
    return questions.by_slug(db(), slug) if slug else None


def _form(fields: dict[str, str] | None, *, token: bool = True) -> Filled | None:
    """The form, filled with ``fields`` or with what was posted; None without a company that the bank knows."""
    known = names()
    values = fields if fields is not None else request.form
    question = _picked(values.get("question"))
    company = values.get("company") or (question.companies[0] if question and len(question.companies) == 1 else "")
    if company not in known.companies:
        return None
    loop = loop_choices(db(), company)
    form = ReportForm(formdata=None, meta={"csrf": token}) if fields is not None else ReportForm()
    if fields is not None:
        data = MultiDict({"role": required_account().target_role or "", **fields, "company": company})
        if question is not None:
            data.setdefault("round", question.round_kind)
        form.process(data)
    form.offer(known, loop, now(), zones.today(now(), required_account().timezone))
    if question is None:
        form.question.data = ""
    return Filled(form, loop, question, _aside(form.words.data or "", company, question))


def _aside(words: str, company: str, question: Question | None) -> Aside:
    found = [] if question is not None else list(near(db(), words, company))
    return Aside(found, guarding.guard(words))


def _page(filled: Filled, **context: object) -> str:
    known = names()
    draft = drafts.find(db(), required_account().id)
    return render_template("reports/new.html", filled=filled, form=filled.form, names=known, draft=draft, **context)


@blueprint.get("/new")
@guard(Guard.READ_OWN)
def new() -> ResponseReturnValue:
    """First the company, whose words the form then uses; then the form with the draft in it."""
    fields = _fields()
    filled = None if "elsewhere" in request.args else _form(fields)
    if filled is not None:
        draft = drafts.find(db(), required_account().id)
        # Asked for another question than the draft is about: what is written now takes its place.
        other = draft is not None and "words" in draft.fields and "words" not in fields
        return _page(filled, other=other)
    known, account = names(), required_account()
    where = WhereForm(
        formdata=None,
        company=fields.get("company") or account.target_company or "",
        role=fields.get("role") or account.target_role or "",
    )
    where.company.choices = choices(known.companies.items())
    where.role.choices = choices(known.roles.items())
    return render_template("reports/where.html", form=where, question=_picked(fields.get("question")))


@blueprint.post("/draft")
@guard(Guard.READ_OWN)
def save() -> ResponseReturnValue:
    """Keep the draft, and say what is near to it: sent by the page while one writes, or by a button."""
    account_id, wait = required_account().id, None
    live = "HX-Request" in request.headers
    if live:
        release()
        try:
            count_try(throttle.NEAR_LOOKS, "near", f"account:{account_id}")
        except RateLimited as error:
            wait = wait_words(error.retry_after)
    drafts.save(db(), account_id, kept_fields(request.form), now())
    if not live:
        flash("Your draft is kept.", "good")
        return redirect(url_for("reports.new"), 303)
    words, question = request.form.get("words", ""), _picked(request.form.get("question"))
    aside = Aside([], guarding.guard(words), wait) if wait else _aside(words, request.form.get("company", ""), question)
    return render_template("reports/_aside.html", aside=aside, saved=True, question=question)


@blueprint.post("/draft/drop")
@guard(Guard.READ_OWN)
def drop() -> ResponseReturnValue:
    """Throw the draft away."""
    drafts.drop(db(), required_account().id)
    flash("Your draft is gone.", "good")
    return redirect(url_for("report_pages.index"), 303)


@blueprint.post("/pick")
@guard(Guard.READ_OWN)
def pick() -> ResponseReturnValue:
    """It is one of these, or none of them after all. The text that was written stays."""
    draft = drafts.find(db(), required_account().id)
    fields = kept_fields(request.form if "company" in request.form else (draft.fields if draft else {}))
    question = _picked(request.form.get("pick"))
    fields["question"] = question.slug if question else ""
    drafts.save(db(), required_account().id, fields, now())
    return redirect(url_for("reports.look" if "check" in request.form else "reports.new"), 303)


@blueprint.post("/check")
@guard(Guard.READ_OWN)
def check() -> ResponseReturnValue:
    """Keep it; on to the look at it when it is complete."""
    drafts.save(db(), required_account().id, kept_fields(request.form), now())
    filled = _form(None)
    if filled is None:
        return redirect(url_for("reports.new", elsewhere=1), 303)
    if not filled.form.validate_on_submit():
        return _page(filled), 422
    return redirect(url_for("reports.look"), 303)


def _complete() -> Filled | None:
    """The draft as a form, when it is complete."""
    draft = drafts.find(db(), required_account().id)
    if draft is None:
        return None
    # It comes from our own table: no token is with it, and none is needed.
    filled = _form({str(name): str(value) for name, value in draft.fields.items()}, token=False)
    if filled is None:
        return None
    return filled if filled.form.validate() else None


@blueprint.get("/check")
@guard(Guard.READ_OWN)
def look() -> ResponseReturnValue:
    """The report as it will be stored, with what was masked and what it may be a second report of."""
    filled = _complete()
    return redirect(url_for("reports.new"), 303) if filled is None else _look(filled, SendForm(formdata=None))


def _look(filled: Filled, form: SendForm, problem: str = "", wait: str | None = None) -> str:
    return render_template(
        "reports/check.html",
        filled=filled,
        report=filled.form,
        words=guarding.guard(filled.form.words.data or ""),
        tested=guarding.guard(filled.form.tested.data or ""),
        form=form,
        names=names(),
        problem=problem,
        wait=wait,
    )


@blueprint.post("/send")
@guard(Guard.READ_OWN)
def send() -> ResponseReturnValue:
    """Send the draft."""
    filled, form = _complete(), SendForm()
    if filled is None:
        flash("There is nothing to send yet.", "info")
        return redirect(url_for("reports.new"), 303)
    if not form.validate_on_submit():
        return _look(filled, form), 422
    settings = services().settings
    network = network_hash(settings.trial_key.get_secret_value(), request.remote_addr)
    sending = filled.form.sending(filled.loop, filled.question.id if filled.question else None)
    try:
        report = service.send(db(), required_account().id, sending, network, now(), base_url=settings.base_url)
    except (Invalid, Conflict) as error:
        return _look(filled, form, problem=error.message), 422
    except RateLimited as error:
        return _look(filled, form, wait=wait_words(error.retry_after)), 429, {"Retry-After": str(error.retry_after)}
    return redirect(url_for("report_pages.show", report_id=report.id), 303)
