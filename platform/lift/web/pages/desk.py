"""The operator's desk: who pays, what fails, what came in, and how many come, pay and leave."""

from datetime import timedelta
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import figures, operators
from billing.desk import BillingError
from billing.events import replay as replay_event
from billing.measures import ENOUGH, churn, share
from billing.plans import plan_for, spell
from billing.reconcile import drift_list
from lift.accounts import people
from lift.kernel.errors import NotFound
from lift.payments import board
from lift.payments.events import promise
from lift.payments.funnel import STEPS, WEEKS, funnel, total
from lift.web.context import db, now, required_account, services
from lift.web.guards import Guard, guard
from lift.web.pages.desk_account import act_key_of_form

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

STATES = ("pending", "processing", "failed", "done", "ignored")
NOBODY = UUID(int=0)
"""Whose account an act is written to that concerns none."""
SEVERAL = 50
MOST_ACTS = 200
CHURN = (timedelta(days=30), timedelta(days=90))


def _livemode() -> bool:
    return services().settings.livemode


def _plan_words(price: str) -> str:
    """A price that we do not sell is shown as it is."""
    plan = plan_for(price)
    return f"{plan.name}, {spell(plan.amount, plan.currency)}" if plan else price


@blueprint.get("")
@guard(Guard.ADMIN)
def show() -> ResponseReturnValue:
    return render_template(
        "desk/show.html",
        as_of=now(),
        numbers=figures.numbers(db(), now(), livemode=_livemode()),
        failing=board.failing(db(), livemode=_livemode()),
        subscribers=board.subscribers(db(), livemode=_livemode()),
        differences=drift_list(db(), SEVERAL),
        spell=spell,
        plan_words=_plan_words,
    )


@blueprint.get("/events")
@guard(Guard.ADMIN)
def events() -> ResponseReturnValue:
    state = request.args.get("state")
    chosen = state if state in STATES else None
    found = figures.inbox(db(), chosen)
    return render_template(
        "desk/events.html",
        events=found,
        states=STATES,
        chosen=chosen,
        wanted=request.args.get("event", ""),
        act_key=uuid4().hex,
    )


@blueprint.post("/events/replay")
@guard(Guard.ADMIN)
def replay() -> ResponseReturnValue:
    """Have a stored event worked once more."""
    who, event_id = required_account().email, request.form.get("event", "")[:255]
    act_key, why = act_key_of_form(), request.form.get("why", "")
    detail = {"event": event_id}
    try:
        if operators.record(
            db(), act_key, NOBODY, who=who, what="replayed", why=why, now=now(), detail=detail
        ) and not replay_event(db(), event_id, now(), promise(now())):
            raise NotFound("There is no such event, or it concerns nothing.")
    except BillingError as refused:
        flash(str(refused), "warn")
    else:
        flash("The event is worked once more.", "good")
    return redirect(url_for("desk.events"), 303)


@blueprint.get("/accounts")
@guard(Guard.ADMIN)
def find() -> ResponseReturnValue:
    """By id or address."""
    words = request.args.get("q", "").strip()
    if not words:
        return redirect(url_for("desk.show"), 303)
    found = people.find(db(), words)
    return redirect(url_for("desk_account.show", account_id=found.id), 303)


@blueprint.get("/numbers")
@guard(Guard.ADMIN)
def numbers() -> ResponseReturnValue:
    """How many come, pay and leave; computed from the facts as they are now."""
    cohorts = funnel(db(), now(), livemode=_livemode())
    lives = figures.lives(db(), livemode=_livemode())
    return render_template(
        "desk/numbers.html",
        as_of=now(),
        steps=STEPS,
        weeks=WEEKS,
        cohorts=cohorts,
        total=total(cohorts),
        churns=[(within.days, churn(lives, now(), within)) for within in CHURN],
        deleted=figures.deleted_accounts(db(), now() - CHURN[-1]),
        share=share,
        enough=ENOUGH,
    )


@blueprint.get("/audit")
@guard(Guard.ADMIN)
def audit() -> ResponseReturnValue:
    """What was done, to whom, by whom and why."""
    acts = operators.latest_acts(db(), MOST_ACTS)
    emails = people.emails_of(db(), [one.account_id for one in acts])
    return render_template("desk/audit.html", acts=acts, emails=emails, most=MOST_ACTS)
