"""One account at the operator's desk: facts, decision, payments; every act has a reason and is written down."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import operators, refunds
from billing.desk import BillingError
from billing.explain import explain
from billing.gateway import Charge, GatewayError
from billing.plans import spell
from lift.accounts import people
from lift.kernel.errors import Invalid
from lift.payments.rounds import ask_for
from lift.web.context import db, now, release, required_account, services
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk_account", __name__, url_prefix="/desk/accounts/<uuid:account_id>")

LONGEST_COMP = 366


def act_key_of_form() -> str:
    """The form's own key: the same form sent twice does its act once."""
    key = request.form.get("act_key", "")
    if not (8 <= len(key) <= 64 and key.isalnum()):
        raise Invalid("This form cannot be read. Reload the page.")
    return f"desk:{key}"


@blueprint.get("")
@guard(Guard.ADMIN)
def show(account_id: UUID) -> ResponseReturnValue:
    """Facts, decision, why, acts; payments as far as the provider answers."""
    return _page(account_id)


def _page(account_id: UUID, refused: str | None = None) -> str:
    """With the refund's form as it was filled in, when it was ``refused``."""
    found = people.find(db(), str(account_id))
    words = explain(db(), people.holder_of(found), now(), livemode=services().settings.livemode)
    email = found.email
    release()
    return render_template(
        "desk/account.html",
        account_id=account_id,
        email=email,
        words=words,
        charges=_charges(account_id),
        acts=operators.acts_of(db(), account_id),
        act_key=uuid4().hex,
        refused=refused,
        filled=request.form if refused else {},
        spell=spell,
    )


def _charges(account_id: UUID) -> tuple[Charge, ...] | None:
    """None when the provider does not answer: the facts are ours and are shown without it."""
    try:
        return refunds.charges_of(services().desk, account_id)
    except (BillingError, GatewayError):
        return None


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


@blueprint.post("/acts")
@guard(Guard.ADMIN)
def act(account_id: UUID) -> ResponseReturnValue:
    """Grant, revoke, hold, release, compare; with a reason."""
    who, act_key = required_account().email, act_key_of_form()
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
    return redirect(url_for("desk_account.show", account_id=account_id), 303)


@blueprint.post("/refund")
@guard(Guard.ADMIN)
def refund(account_id: UUID) -> ResponseReturnValue:
    """Give all or a part of a payment back; the amount is written in the payment's currency."""
    who, act_key = required_account().email, act_key_of_form()
    people.find(db(), str(account_id))
    text, charge, why = (request.form.get(name, "").strip() for name in ("amount", "charge", "why"))
    release()
    desk = services().desk
    try:
        charges = refunds.charges_of(desk, account_id)
        amount = refunds.amount_to_return(charges, charge, text)
        made = refunds.refund(desk, account_id, charge, amount=amount, who=who, why=why, act_key=act_key, now=now())
    except refunds.BadAmount as unread:
        return _page(account_id, str(unread)), 422
    except (BillingError, GatewayError) as refused:
        flash(str(refused), "warn")
    else:
        currency = next(one.currency for one in charges if one.id == charge)
        flash(f"Given back: {spell(made.amount, currency)}. It is written down.", "good")
    return redirect(url_for("desk_account.show", account_id=account_id), 303)
