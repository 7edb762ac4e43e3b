"""Tries to collect an invoice: payment intent, charge, and what follows."""

from typing import Literal

from billing.sandbox.engine import standing
from billing.sandbox.engine.cards import MESSAGES
from billing.sandbox.engine.invoicing import finalize
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body

Outcome = Literal["paid", "declined", "action"]


def open_and_try(store: Store, invoice: Body, *, on_session: bool = False) -> Outcome:
    """Finalise a draft and collect it; nothing owed counts as paid."""
    finalize(store, invoice)
    return attempt(store, invoice, on_session=on_session)


def attempt(
    store: Store, invoice: Body, *, on_session: bool = False, card: Body | None = None, authenticated: bool = False
) -> Outcome:
    """One try on ``card`` or the default one. ``on_session`` means that the holder is there to pass 3-D Secure."""
    if invoice["amount_remaining"] == 0:
        _settle(store, invoice, 0)
        return "paid"
    intent = intent_of(store, invoice)
    card = card or default_card(store, invoice)
    invoice["attempted"] = True
    invoice["attempt_count"] += 1
    code = _verdict(card, authenticated=authenticated)
    if card:
        intent["payment_method"] = card["id"]
    if code is None:
        assert card is not None  # noqa: S101 -- no card always has a verdict
        charge = _charge(store, invoice, intent, card, None)
        intent.update(
            status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"],
            last_payment_error=None, next_action=None,
        )  # fmt: skip
        store.save(intent)
        store.emit("charge.succeeded", charge)
        store.emit("payment_intent.succeeded", intent)
        _settle(store, invoice, invoice["amount_remaining"])
        return "paid"
    return _not_paid(store, invoice, intent, card, code, on_session=on_session)


def _not_paid(store: Store, invoice: Body, intent: Body, card: Body | None, code: str, *, on_session: bool) -> Outcome:
    action = code == "authentication_required"
    if action:
        intent["status"] = "requires_action"
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": None, "url": f"{store.base}/challenge/{intent['id']}"},
        }
        if not on_session:
            intent["last_payment_error"] = error_of(code)
    else:
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = error_of(code)
        intent["payment_method"] = None
        if card:
            charge = _charge(store, invoice, intent, card, code)
            intent["latest_charge"] = charge["id"]
            store.emit("charge.failed", charge)
    store.save(intent)
    store.save(invoice)
    store.emit("payment_intent.requires_action" if action else "payment_intent.payment_failed", intent)
    standing.failed(store, invoice)
    if action:
        store.emit("invoice.payment_action_required", invoice)
    if not (action and on_session):
        store.emit("invoice.payment_failed", invoice)
    return "action" if action else "declined"


def error_of(code: str) -> Body:
    """The last payment error of an intent."""
    plain = code in ("generic_decline", "insufficient_funds")
    return {
        "type": "card_error",
        "code": "card_declined" if plain else code,
        "decline_code": code,
        "message": MESSAGES.get(code, MESSAGES["generic_decline"]),
        "payment_method_type": "card",
    }


def default_card(store: Store, invoice: Body) -> Body | None:
    """The subscription's card, else the customer's; None when there is none."""
    sub = standing.sub_of(store, invoice)
    customer = store.get("customer", invoice["customer"], "customer")
    id_ = sub["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    found = store.find(id_) if id_ else None
    return found if found and found["customer"] == customer["id"] else None


def intent_of(store: Store, invoice: Body) -> Body:
    """The invoice's payment intent, made on the first try."""
    for paying in store.where("invoice_payment", customer=invoice["customer"], invoice=invoice["id"], status="open"):
        return store.get("payment_intent", paying["payment"]["payment_intent"])
    now = store.at(invoice)
    id_ = new_id("pi_")
    intent: Body = {
        "id": id_,
        "object": "payment_intent",
        **dict.fromkeys(
            (
                *("application", "application_fee_amount", "automatic_payment_methods", "canceled_at", "review"),
                *("cancellation_reason", "customer_account", "excluded_payment_method_types", "last_payment_error"),
                *("latest_charge", "next_action", "on_behalf_of", "payment_method", "processing", "receipt_email"),
                *("shipping", "source", "statement_descriptor", "statement_descriptor_suffix", "transfer_data"),
                "transfer_group",
            )
        ),
        "amount": invoice["amount_remaining"],
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic",
        "client_secret": f"{id_}_secret_{new_id('', 16)}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "description": "Subscription",
        "livemode": False,
        "metadata": {},
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "setup_future_usage": "off_session",
        "status": "requires_payment_method",
        "_invoice": invoice["id"],
    }
    store.add(intent, like=invoice)
    store.emit("payment_intent.created", intent)
    paying = {
        "id": new_id("inpay_"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice["amount_remaining"],
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": id_, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    store.add(paying, like=invoice)
    return intent


def _verdict(card: Body | None, *, authenticated: bool) -> str | None:
    """None when the card pays, else the code of the refusal."""
    if card is None:
        return "generic_decline"
    rule = card["_charge"]
    if rule == "ok" or authenticated or (rule == "once" and card["_authenticated"]):
        return None
    return "authentication_required" if rule in ("once", "always", "authentication_required") else str(rule)


def _settle(store: Store, invoice: Body, amount: int) -> None:
    now = store.at(invoice)
    for paying in store.where("invoice_payment", customer=invoice["customer"], invoice=invoice["id"], status="open"):
        paying.update(status="paid", amount_paid=amount)
        paying["status_transitions"]["paid_at"] = now
        store.save(paying)
        store.emit("invoice_payment.paid", paying)
    invoice.update(
        status="paid", attempted=True, amount_paid=invoice["amount_paid"] + amount, amount_remaining=0,
        auto_advance=False, next_payment_attempt=None,
    )  # fmt: skip
    invoice["status_transitions"]["paid_at"] = now
    store.save(invoice)
    standing.paid(store, invoice)
    store.emit("invoice.paid", invoice)
    store.emit("invoice.payment_succeeded", invoice)


def _charge(store: Store, invoice: Body, intent: Body, card: Body, code: str | None) -> Body:
    good = code is None
    body = {
        "id": new_id("ch_"),
        "object": "charge",
        **dict.fromkeys(
            (
                *("application", "application_fee", "application_fee_amount", "authorization_code"),
                *("failure_balance_transaction", "level3", "on_behalf_of", "receipt_email", "receipt_number", "review"),
                *("shipping", "source", "source_transfer", "statement_descriptor", "statement_descriptor_suffix"),
                *("transfer_data", "transfer_group"),
            )
        ),
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if good else 0,
        "amount_refunded": 0,
        "balance_transaction": new_id("txn_") if good else None,
        "billing_details": card["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": good,
        "created": store.at(invoice),
        "currency": intent["currency"],
        "customer": invoice["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": None if good else "card_declined",
        "failure_message": None if good else MESSAGES.get(str(code), MESSAGES["generic_decline"]),
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network" if good else "declined_by_network",
            "reason": code,
            "risk_level": "normal",
            "seller_message": "Payment complete." if good else "The bank declined the payment.",
            "type": "authorized" if good else "issuer_declined",
        },
        "paid": good,
        "payment_intent": intent["id"],
        "payment_method": card["id"],
        "payment_method_details": {"card": {**card["card"], "amount_authorized": intent["amount"]}, "type": "card"},
        "radar_options": {},
        "receipt_url": f"{store.base}/invoice/{invoice['id']}" if good else None,
        "refunded": False,
        "status": "succeeded" if good else "failed",
    }
    return store.add(body, like=invoice)
