"""The operator's desk: who pays, what fails, what came in; acts on an account are written down with a reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import operators, refunds
from billing.desk import BillingError
from billing.events import replay as replay_event
from billing.explain import explain
from billing.gateway import Charge, GatewayError
from billing.plans import spell
from lift.accounts import people
from lift.kernel.errors import Invalid, NotFound
from lift.payments import board
from lift.payments.events import promise
from lift.payments.rounds import ask_for
from lift.web.context import db, now, release, required_account, services
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

STATES = ("pending", "processing", "failed", "done", "ignored")
NOBODY = UUID(int=0)
"""Whose account an act is written to that concerns none."""
LONGEST_COMP = 366


def _livemode() -> bool:
    return services().settings.livemode


@blueprint.get("")
@guard(Guard.ADMIN)
def show() -> ResponseReturnValue:
    return render_template(
        "desk/show.html",
        numbers=board.numbers(db(), now(), livemode=_livemode()),
        failing=board.failing(db(), livemode=_livemode()),
        subscribers=board.subscribers(db(), livemode=_livemode()),
        differences=board.differences(db()),
        spell=spell,
    )


@blueprint.get("/events")
@guard(Guard.ADMIN)
def events() -> ResponseReturnValue:
    state = request.args.get("state")
    chosen = state if state in STATES else None
    found = board.inbox(db(), chosen)
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
    act_key, why = _act_key(), request.form.get("why", "")
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
    return redirect(url_for("desk.account", account_id=found.id), 303)


@blueprint.get("/accounts/<uuid:account_id>")
@guard(Guard.ADMIN)
def account(account_id: UUID) -> ResponseReturnValue:
    """Facts, decision, why, acts; payments as far as the provider answers."""
    found = people.find(db(), str(account_id))
    words = explain(
        db(),
        found.id,
        email_verified_at=found.email_verified_at,
        deleted_at=found.deleted_at,
        now=now(),
        leaves_at=found.leaves_at,
        livemode=_livemode(),
    )
    email = found.email
    charges: tuple[Charge, ...] | None = None
    release()
    try:
        charges = refunds.charges_of(services().desk, account_id)
    except (BillingError, GatewayError):
        # The facts are ours and are shown without the provider.
        charges = None
    return render_template(
        "desk/account.html",
        account_id=account_id,
        email=email,
        words=words,
        charges=charges,
        acts=operators.acts_of(db(), account_id),
        act_key=uuid4().hex,
        spell=spell,
    )


def _act_key() -> str:
    """The form's own key: the same form sent twice does its act once."""
    key = request.form.get("act_key", "")
    if not (8 <= len(key) <= 64 and key.isalnum()):
        raise Invalid("This form cannot be read. Reload the page.")
    return f"desk:{key}"


def _days() -> int:
    text = request.form.get("days", "")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LONGEST_COMP):
        raise BillingError(f"Say for how many days, up to {LONGEST_COMP}.")
    return int(text)


def _comp(account_id: UUID, **act: Any) -> None:
    operators.grant_comp(db(), account_id, until=now() + timedelta(days=_days()), **act)


def _hold(account_id: UUID, **act: Any) -> None:
    operators.hold(db(), account_id, kind=request.form.get("kind", "admin"), **act)


def _compare(account_id: UUID, **act: Any) -> None:
    if operators.record(db(), account_id=account_id, what="compared", **act):
        ask_for(db(), account_id, str(act["act_key"]), now())


ACTS = {
    "comp": _comp,
    "revoke": lambda account_id, **act: operators.revoke_comps(db(), account_id, **act),
    "hold": _hold,
    "release": lambda account_id, **act: operators.release(db(), account_id, **act),
    "compare": _compare,
}
"""What may be done to an account, by the name that its form sends."""


@blueprint.post("/accounts/<uuid:account_id>/acts")
@guard(Guard.ADMIN)
def act(account_id: UUID) -> ResponseReturnValue:
    """Grant, revoke, hold, release, compare; with a reason."""
    who, act_key = required_account().email, _act_key()
    people.find(db(), str(account_id))
    do = ACTS.get(request.form.get("act", ""))
    if do is None:
        raise Invalid("There is no such act.")
    try:
        do(account_id, who=who, why=request.form.get("why", ""), act_key=act_key, now=now())
    except BillingError as refused:
        flash(str(refused), "warn")
    else:
        flash("Done, and written down.", "good")
    return redirect(url_for("desk.account", account_id=account_id), 303)


@blueprint.post("/accounts/<uuid:account_id>/refund")
@guard(Guard.ADMIN)
def refund(account_id: UUID) -> ResponseReturnValue:
    """Give all or a part of a payment back; amounts are minor units."""
    who, act_key = required_account().email, _act_key()
    people.find(db(), str(account_id))
    amount, charge, why = (request.form.get(name, "").strip() for name in ("amount", "charge", "why"))
    if amount and not (amount.isascii() and amount.isdigit() and len(amount) <= 9):
        raise Invalid("Write the amount in minor units, such as 2900 for 29.00, or leave it empty for all.")
    release()
    try:
        made = refunds.refund(
            services().desk,
            account_id,
            charge,
            amount=int(amount) if amount else None,
            who=who,
            why=why,
            act_key=act_key,
            now=now(),
        )
    except (BillingError, GatewayError) as refused:
        flash(str(refused), "warn")
    else:
        flash(f"Given back: {made.amount} minor units. It is written down.", "good")
    return redirect(url_for("desk.account", account_id=account_id), 303)
