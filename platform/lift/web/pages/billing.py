"""The account's billing: how it stands, the way to the hosted pages, and the way back."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import checkout, subscriptions
from billing.customers import customer_of
from billing.desk import TryAgain
from billing.gateway import GatewayError, Invoice
from billing.plans import Plan, plan_for, spell
from lift.kernel.errors import Invalid
from lift.payments.standing import Standing, standing
from lift.web.context import access, db, look_again, now, required_account, services
from lift.web.guards import Guard, guard
from lift.web.payments import buyer, log, page_to_payment, told

blueprint = Blueprint("billing", __name__, url_prefix="/billing")

STATUS_WORDS = {"paid": "Paid", "open": "Open", "void": "Void", "uncollectible": "Not collected", "draft": "Draft"}


def how_it_stands() -> Standing:
    """Of the person who is logged in."""
    found = subscriptions.live_snapshot(db(), required_account().id, livemode=services().settings.livemode)
    return standing(access(), found)


def _wanted(key: str) -> Plan:
    plan = plan_for(key)
    if plan is None:
        raise Invalid("There is no such plan.")
    return plan


@blueprint.get("")
@guard(Guard.CANCEL)
def show() -> ResponseReturnValue:
    """From our own facts alone: it works while the provider is away."""
    account_id = required_account().id
    html = render_template(
        "billing/show.html",
        stands=how_it_stands(),
        known=customer_of(db(), account_id) is not None,
        spell=spell,
        months=subscriptions.PAUSES,
        sandbox=services().settings.sandbox,
    )
    return page_to_payment(html)


@blueprint.get("/invoices")
@guard(Guard.CANCEL)
def invoices() -> ResponseReturnValue:
    """A page of its own, because the provider is asked; the page of billing takes its list over."""
    who = buyer()
    bills: tuple[Invoice, ...] | None = None
    try:
        bills = subscriptions.invoices(services().desk, who.account_id)
    except (TryAgain, GatewayError) as away:
        log.warning("invoices_away", error=str(away)[:300])
    sandbox = services().settings.sandbox
    return render_template("billing/invoices.html", invoices=bills, words=STATUS_WORDS, spell=spell, sandbox=sandbox)


@blueprint.get("/checkout")
@guard(Guard.PAY)
def before_checkout() -> ResponseReturnValue:
    """What is bought, and on or about when the first money moves: before the click."""
    account_id = required_account().id
    plan = plan_for(request.args.get("plan", ""))
    if plan is None:
        return redirect(url_for("pricing.show"), 303)
    stands = how_it_stands()
    if not stands.may_subscribe and not stands.card_failed:
        return redirect(url_for("subscription.plans", to=plan.key), 303)
    charged_at: datetime = checkout.first_charge_at(db(), account_id, now())
    html = render_template(
        "billing/checkout.html",
        plan=plan,
        price=spell(plan.amount, plan.currency),
        charged_at=charged_at if charged_at > now() else None,
        sandbox=services().settings.sandbox,
    )
    return page_to_payment(html)


@blueprint.post("/checkout")
@guard(Guard.PAY)
@told
def start_checkout() -> ResponseReturnValue:
    who = buyer()
    plan = _wanted(request.form.get("plan", ""))
    return redirect(checkout.start_checkout(services().desk, who, plan.key, now()), 303)


@blueprint.get("/return")
@guard(Guard.PAY)
def come_back() -> ResponseReturnValue:
    """Right whether or not the webhook came: the provider is asked."""
    who, session_id = buyer(), request.args.get("session_id", "")
    if not session_id:
        return redirect(url_for("billing.show"), 303)
    try:
        came = checkout.return_from_checkout(services().desk, session_id, who.account_id, now())
    except GatewayError as odd:
        log.error("return_unread", error=f"{type(odd).__name__}: {odd}"[:300])
        came = checkout.Returned.PENDING
    look_again()
    status = 404 if came is checkout.Returned.UNKNOWN else 200
    sandbox = services().settings.sandbox
    return render_template("billing/return.html", came=came, session_id=session_id, sandbox=sandbox), status


@blueprint.post("/card")
@guard(Guard.PAY)
@told
def update_card() -> ResponseReturnValue:
    """To the provider's page for cards and bills, and back to ours. What changed there its webhooks tell."""
    who = buyer()
    back = f"{services().settings.base_url}{url_for('billing.show')}"
    return redirect(checkout.portal_url(services().desk, who, back, now()), 303)


@blueprint.post("/retry")
@guard(Guard.PAY)
@told
def retry() -> ResponseReturnValue:
    """Try the unpaid bill now: the same single try for a card that its webhook asks for, whichever comes first."""
    if not how_it_stands().card_failed:
        flash("There is no unpaid bill.", "info")
        return redirect(url_for("billing.show"), 303)
    who = buyer()
    tried = subscriptions.card_updated(services().desk, who.account_id, now())
    look_again()
    if not how_it_stands().card_failed:
        flash("The unpaid bill is paid.", "good")
    elif tried:
        flash("Your bank refused the unpaid bill. Use another card, or ask your bank.", "bad")
    else:
        flash("The unpaid bill was tried with this card before. Update your card, then it is tried again.", "warn")
    return redirect(url_for("billing.show"), 303)
