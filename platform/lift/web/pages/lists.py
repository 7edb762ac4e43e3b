"""A person's own lists of questions. What they made stays readable when their access has ended."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.access import Right
from lift.accounts.redirects import local_path
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.questions import queries as questions
from lift.questions.facets import as_uuid
from lift.questions.models import Question
from lift.shelf import queries, service
from lift.shelf.queries import ListLine
from lift.web.context import access, db, now, required_account
from lift.web.forms.accounts import ButtonForm
from lift.web.forms.bank import KeepForm, ListForm
from lift.web.forms.choices import choices
from lift.web.guards import Guard, guard
from lift.web.pages.bank import drawn_row
from lift.web.search_page import Row

blueprint = Blueprint("lists", __name__)


def _may_search() -> bool:
    decided = access()
    return decided.may(Right.PRACTISE) and decided.may(Right.BROWSE_BANK)


def _index(form: ListForm) -> str:
    found = queries.lists(db(), required_account().id)
    return render_template("lists/index.html", lists=found, form=form, may_search=_may_search())


@blueprint.get("/lists")
@guard(Guard.READ_OWN)
def index() -> ResponseReturnValue:
    """All of one's lists, and a new one."""
    return _index(ListForm(formdata=None))


@blueprint.post("/lists")
@guard(Guard.READ_OWN)
def make() -> ResponseReturnValue:
    """Make a list."""
    form = ListForm()
    if not form.validate_on_submit():
        return _index(form), 422
    try:
        list_id = service.make_list(db(), required_account().id, form.name.data, now())
    except (Conflict, Invalid) as refused:
        form.name.errors = [refused.message]
        return _index(form), 422
    return redirect(url_for("lists.show", list_id=list_id), 303)


def _show(list_id: UUID, form: ListForm | None = None) -> str:
    found = queries.own_list(db(), required_account().id, list_id)
    ids = queries.question_ids(db(), list_id)
    rows = [Row(drawn_row(q, None), q.slug) for q in questions.by_ids(db(), ids)]
    return render_template(
        "lists/show.html",
        list=found,
        rows=rows,
        form=form or ListForm(formdata=None, name=found.name),
        button=ButtonForm(formdata=None),
        may_search=_may_search(),
    )


@blueprint.get("/lists/<uuid:list_id>")
@guard(Guard.READ_OWN)
def show(list_id: UUID) -> ResponseReturnValue:
    """What is in a list; its name and its end."""
    return _show(list_id)


@blueprint.post("/lists/<uuid:list_id>")
@guard(Guard.READ_OWN)
def rename(list_id: UUID) -> ResponseReturnValue:
    """Give it another name."""
    form = ListForm()
    if not form.validate_on_submit():
        return _show(list_id, form), 422
    try:
        service.rename_list(db(), required_account().id, list_id, form.name.data)
    except (Conflict, Invalid) as refused:
        form.name.errors = [refused.message]
        return _show(list_id, form), 422
    return redirect(url_for("lists.show", list_id=list_id), 303)


@blueprint.post("/lists/<uuid:list_id>/delete")
@guard(Guard.READ_OWN)
def delete(list_id: UUID) -> ResponseReturnValue:
    """Delete it."""
    name = service.delete_list(db(), required_account().id, list_id)
    flash(f"The list “{name}” is deleted.", "good")
    return redirect(url_for("lists.index"), 303)


@blueprint.post("/lists/<uuid:list_id>/questions/<slug>/take-out")
@guard(Guard.READ_OWN)
def take_out(list_id: UUID, slug: str) -> ResponseReturnValue:
    """Take a question out of it; a question that has left the bank too."""
    queries.own_list(db(), required_account().id, list_id)
    question = questions.by_slug(db(), slug, retired_too=True)
    if question is None:
        raise NotFound("There is no such question in the bank.")
    service.take_out(db(), required_account().id, list_id, question.id)
    return redirect(url_for("lists.show", list_id=list_id), 303)


def _question(slug: str) -> Question:
    found = questions.by_slug(db(), slug)
    if found is None:
        raise NotFound("There is no such question in the bank.")
    return found


def _keep_form(question: Question, lists: Sequence[ListLine]) -> KeepForm:
    form = KeepForm(next=request.args.get("next"))
    form.lists.choices = choices((str(item.id), item.name) for item in lists)
    if not form.is_submitted():
        form.lists.data = [str(i) for i in queries.holding(db(), required_account().id, question.id)]
    return form


def _keep(question: Question, form: KeepForm) -> str:
    return render_template(
        "lists/keep.html", slug=question.slug, prompt=question.prompt, form=form, back=_way_back(form, question)
    )


def _way_back(form: KeepForm, question: Question) -> str:
    return local_path(form.next.data) or url_for("bank.question", slug=question.slug)


@blueprint.get("/questions/<slug>/lists")
@guard(Guard.ACCESS)
def keep(slug: str) -> ResponseReturnValue:
    """Which lists a question is in."""
    question = _question(slug)
    return _keep(question, _keep_form(question, queries.lists(db(), required_account().id)))


@blueprint.post("/questions/<slug>/lists")
@guard(Guard.ACCESS)
def save(slug: str) -> ResponseReturnValue:
    """Put a question into lists and take it out of others; a name makes a new list for it."""
    question, account = _question(slug), required_account()
    form = _keep_form(question, queries.lists(db(), account.id))
    if not form.validate_on_submit():
        return _keep(question, form), 422
    wanted = {found for value in form.lists.data or [] if (found := as_uuid(value)) is not None}
    try:
        # Both or neither: a new list without the question would be a surprise.
        with db().begin_nested():
            if form.name.data:
                wanted.add(service.make_list(db(), account.id, form.name.data, now()))
            service.keep_in(db(), account.id, question.id, wanted, now())
    except (Conflict, Invalid) as refused:
        form.name.errors = [refused.message]
        return _keep(question, form), 422
    return redirect(_way_back(form, question), 303)
