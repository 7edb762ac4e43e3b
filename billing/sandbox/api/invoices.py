"""Invoices: read, paid, voided, previewed; and the payments on them."""

from copy import deepcopy

from billing.sandbox.api.common import Given, page, simulated
from billing.sandbox.api.subscriptions import OVER, proration_moment
from billing.sandbox.engine import changing, charging, lines, renewing
from billing.sandbox.engine import invoicing as drafting
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, public
from billing.sandbox.tables import Body


def retrieve(store: Store, id_: str, given: Given) -> Body:
    return store.get("invoice", id_)


def list_(store: Store, given: Given) -> Body:
    simulated(given, "customer", "subscription", "status", "created", "limit", "starting_after", "ending_before")
    sub = given.get("subscription")

    def keep(invoice: Body) -> bool:
        return sub is None or invoice["parent"]["subscription_details"]["subscription"] == sub

    equal = {"status": given["status"]} if "status" in given else {}
    return page(store, "invoice", "/v1/invoices", given, customer=given.get("customer"), keep=keep, **equal)


def lines_of(store: Store, id_: str, given: Given) -> Body:
    invoice = store.get("invoice", id_)
    return lines.listed(f"/v1/invoices/{id_}/lines", invoice["lines"]["data"])


def pay(store: Store, id_: str, given: Given) -> Body:
    """Try to collect an open invoice now; 402 when the card refuses, which is kept as a try."""
    simulated(given, "payment_method", "off_session", "paid_out_of_band")
    invoice = store.get("invoice", id_)
    if invoice["status"] == "draft":
        drafting.finalize(store, invoice)
    if invoice["status"] == "paid":
        raise Refusal("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] != "open":
        raise Refusal(f"Invoices that are {invoice['status']} cannot be paid.", code="invoice_not_editable")
    card = None
    if "payment_method" in given:
        card = store.get("payment_method", given["payment_method"], "payment_method")
        if card["customer"] != invoice["customer"]:
            raise Refusal("The payment method belongs to another customer.", param="payment_method")
    outcome = charging.attempt(store, invoice, card=card, on_session=given.get("off_session") is False)
    if outcome != "paid":
        raise changing.refused(store, invoice, keep=True)
    return invoice


def finalize(store: Store, id_: str, given: Given) -> Body:
    invoice = store.get("invoice", id_)
    if invoice["status"] != "draft":
        raise Refusal("This invoice is already finalized.", code="invoice_not_editable")
    drafting.finalize(store, invoice)
    if invoice["amount_remaining"] == 0:
        charging.attempt(store, invoice)
    elif invoice["auto_advance"]:
        invoice["next_payment_attempt"] = store.at(invoice) + 3600
        store.save(invoice)
    return invoice


def void(store: Store, id_: str, given: Given) -> Body:
    invoice = store.get("invoice", id_)
    if invoice["status"] not in ("open", "uncollectible"):
        raise Refusal(
            f"You can only void an open invoice; this one is {invoice['status']}.", code="invoice_not_editable"
        )
    drafting.void(store, invoice)
    return invoice


def uncollectible(store: Store, id_: str, given: Given) -> Body:
    invoice = store.get("invoice", id_)
    if invoice["status"] != "open":
        raise Refusal("You can only mark an open invoice as uncollectible.", code="invoice_not_editable")
    invoice.update(status="uncollectible", auto_advance=False, next_payment_attempt=None)
    invoice["status_transitions"]["marked_uncollectible_at"] = store.at(invoice)
    store.save(invoice)
    store.emit("invoice.marked_uncollectible", invoice)
    return invoice


def create_preview(store: Store, given: Given) -> Body:
    """What a change would cost: the change itself is made, its invoice read, and all taken back."""
    simulated(given, "customer", "subscription", "subscription_details", "preview_mode", "automatic_tax")
    if "subscription" not in given:
        raise Refusal("The sandbox previews subscriptions that exist.", code="parameter_missing", param="subscription")
    details = given.get("subscription_details", {})
    simulated(
        details, "items", "proration_behavior", "proration_date", "cancel_at_period_end", "cancel_now", "trial_end",
        "billing_cycle_anchor", "cancel_at",
    )  # fmt: skip
    sub = store.get("subscription", given["subscription"], "subscription")
    if sub["customer"] != given.get("customer", sub["customer"]):
        raise Refusal("The subscription belongs to another customer.", param="customer")
    if sub["status"] in OVER or (sub["cancel_at_period_end"] and not details):
        raise Refusal(f"No upcoming invoices for customer: {sub['customer']}", status=404, code="invoice_upcoming_none")
    with store.undone():
        sub = store.get("subscription", given["subscription"])
        proration = details.get("proration_behavior", "create_prorations")
        at = proration_moment(store, sub, details)
        if details.get("cancel_now"):
            rows = [row for item in sub["items"]["data"] for row in lines.unused(store, sub, item, at)]
            rows = rows if proration != "none" else []
            invoice = drafting.draft(store, sub, lines.take_pending(store, sub, "") + rows, "subscription_update")
        elif details.get("items") or details.get("trial_end") == "now" or "billing_cycle_anchor" in details:
            trial_now = details.get("trial_end") == "now" and sub["status"] == "trialing"
            anew = details.get("billing_cycle_anchor", {}).get("type") == "now"
            invoice = changing.preview(
                store, sub, details.get("items", []), proration=proration, at=at, trial_now=trial_now, anew=anew
            )
        else:
            invoice = renewing.upcoming(store, sub)
        made: Body = deepcopy(public(invoice))
    return made


def payments(store: Store, given: Given) -> Body:
    simulated(given, "invoice", "status", "payment", "created", "limit", "starting_after", "ending_before")
    intent = given.get("payment", {}).get("payment_intent")
    equal: Given = {name: given[name] for name in ("invoice", "status") if name in given}
    if intent:
        equal["payment"] = {"payment_intent": intent}
    return page(store, "invoice_payment", "/v1/invoice_payments", given, **equal)


def payment(store: Store, id_: str, given: Given) -> Body:
    return store.get("invoice_payment", id_)


def intent(store: Store, id_: str, given: Given) -> Body:
    return store.get("payment_intent", id_)


def intents(store: Store, given: Given) -> Body:
    return page(store, "payment_intent", "/v1/payment_intents", given, customer=given.get("customer"))


def charge(store: Store, id_: str, given: Given) -> Body:
    return store.get("charge", id_)


def charges(store: Store, given: Given) -> Body:
    simulated(given, "customer", "payment_intent", "created", "limit", "starting_after", "ending_before")
    equal = {"payment_intent": given["payment_intent"]} if "payment_intent" in given else {}
    return page(store, "charge", "/v1/charges", given, customer=given.get("customer"), **equal)
