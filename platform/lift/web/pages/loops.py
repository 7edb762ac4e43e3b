"""A company's loop: plan it, see its rounds, go on with one, and read what the committee says."""

import secrets
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.access import Right
from lift.accounts import zones
from lift.catalog import queries as catalog
from lift.catalog.choices import LoopStep, loop_choices, loop_steps
from lift.interviews import loop_view, loops
from lift.interviews.loops import LoopWish
from lift.kernel.errors import Conflict, Invalid
from lift.web.content import names
from lift.web.context import access, db, now, required_account
from lift.web.forms.accounts import ButtonForm
from lift.web.forms.choices import choices
from lift.web.forms.loops import SCOPES, CompanyForm, PlanForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("loops", __name__, url_prefix="/loops")

ROLE = "backend-engineer"
"""Stands in the form until the person has said what they prepare for."""


@blueprint.get("")
@guard(Guard.READ_OWN)
def index() -> ResponseReturnValue:
    """One's loops, and for those who may practise a way to the next one."""
    account = required_account()
    form = CompanyForm(formdata=None, company=account.target_company or "", role=account.target_role or ROLE)
    form.company.choices = choices(catalog.companies(db()))
    form.role.choices = choices(catalog.roles(db()))
    return render_template(
        "loops/index.html",
        form=form if access().may(Right.PRACTISE) else None,
        loops=loop_view.loops(db(), account.id),
        names=names(),
        scopes=SCOPES,
    )


def _asked() -> tuple[str, str] | None:
    """(company, role) of the address, when the bank knows both."""
    company, role = request.args.get("company", ""), request.args.get("role", "") or ROLE
    return (company, role) if company in names().companies and role in names().roles else None


def _form(company: str, role: str) -> tuple[PlanForm, list[LoopStep]]:
    account = required_account()
    steps = loop_steps(db(), company, role)
    known = loop_choices(db(), company)
    form = PlanForm(
        level=account.target_level or "",
        interview_on=account.interview_date if company == account.target_company else None,
        scope="loop",
    )
    form.level.choices = choices(catalog.levels(db(), company))
    form.org.choices = choices([("", "Any org"), *known.orgs])
    form.scope.choices = choices(SCOPES.items())
    led = [step for step in steps if step.led]
    form.position.choices = choices(
        [("", "—"), *((str(step.position), f"{step.name}, {step.minutes} min") for step in led)]
    )
    form.earliest = zones.today(now(), account.timezone)
    return form, steps


def _plan_page(company: str, role: str, form: PlanForm, steps: list[LoopStep]) -> str:
    return render_template("loops/plan.html", form=form, steps=steps, company=company, role=role, names=names())


@blueprint.get("/new")
@guard(Guard.ACCESS)
def new() -> ResponseReturnValue:
    """The plan of a company's loop; without a company it is chosen first."""
    asked = _asked()
    if asked is None:
        return redirect(url_for("loops.index"), 303)
    return _plan_page(*asked, *_form(*asked))


@blueprint.post("/new")
@guard(Guard.ACCESS)
def make() -> ResponseReturnValue:
    """Plan it."""
    asked = _asked()
    if asked is None:
        return redirect(url_for("loops.index"), 303)
    form, steps = _form(*asked)
    if not form.validate_on_submit():
        return _plan_page(*asked, form, steps), 422
    wish = LoopWish(
        *asked,
        level=form.level.data,
        org=form.org.data or None,
        interview_on=form.interview_on.data,
        scope=form.scope.data,
        position=int(form.position.data) if form.position.data else None,
    )
    try:
        loop = loops.plan_loop(db(), required_account().id, wish, secrets.randbits(62), now())
    except (Invalid, Conflict) as refused:
        form.form_errors = [refused.message]
        return _plan_page(*asked, form, steps), 422
    return redirect(url_for("loops.show", loop_id=loop.id), 303)


@blueprint.get("/<uuid:loop_id>")
@guard(Guard.READ_OWN)
def show(loop_id: UUID) -> ResponseReturnValue:
    """Its rounds with what was answered, and the committee when all is read."""
    loop = loops.own_loop(db(), required_account().id, loop_id)
    known = names()
    return render_template(
        "loops/show.html",
        planned=loop,
        interview_on=f"{loop.interview_on.day} {loop.interview_on:%B %Y}" if loop.interview_on else None,
        page=loop_view.loop_page(db(), loop, known.rounds, known.dimensions),
        names=known,
        may_practise=access().may(Right.PRACTISE),
        button=ButtonForm(formdata=None),
        level=known.level(loop.level, loop.company_slug),
        scopes=SCOPES,
    )


@blueprint.post("/<uuid:loop_id>/rounds/<int:number>")
@guard(Guard.ACCESS)
def go_on(loop_id: UUID, number: int) -> ResponseReturnValue:
    """The next question of a round; of a round that is over, the loop."""
    try:
        answer = loops.go_on(db(), required_account().id, loop_id, number, now())
    except Conflict:
        return redirect(url_for("loops.show", loop_id=loop_id), 303)
    return redirect(url_for("practice.answer", answer_id=answer.id), 303)
