"""What people do on the pages, without HTML: pay, pass or fail 3-D Secure, update a card, cancel, undo."""

from dataclasses import dataclass
from typing import Literal

from billing.sandbox.api import promotions
from billing.sandbox.due import LIVE, period
from billing.sandbox.engine import charging
from billing.sandbox.engine.cards import payment_method
from billing.sandbox.errors import Refusal
from billing.sandbox.pages import completing
from billing.sandbox.store import Store
from billing.sandbox.tables import Body

Next = Literal["done", "challenge"]
CHALLENGE_FAILED = (
    "Your bank could not confirm that it was you. You have not been charged; try again or use another card."
)


@dataclass(frozen=True)
class Entry:
    """What a card form holds."""

    number: str
    month: int = 12
    year: int = 2040
    name: str | None = None
    email: str | None = None
    country: str | None = None
    code: str | None = None


def code_for(store: Store, session: Body, typed: str | None) -> Body | None:
    """The promotion code that was typed; Refusal, with the reason, when it cannot be used here."""
    if not typed or not typed.strip():
        return None
    code = promotions.find_code(store, typed) if session["allow_promotion_codes"] else None
    if code is None:
        raise Refusal("This promotion code is not known.", code="promotion_code_invalid", param="code")
    customer = store.find(session["customer"]) if session["customer"] else None
    amount = sum(row["amount_subtotal"] for row in session["_lines"])
    if why := promotions.why_not(store, code, customer, amount=amount, currency=session["currency"]):
        raise Refusal(why, code="promotion_code_invalid", param="code")
    return code


def pay_session(store: Store, session: Body, entry: Entry) -> Next:
    """The click on *Pay*: done, or 3-D Secure comes first. Refusal when the card is declined or the session is over."""
    _still_open(session)
    code = code_for(store, session, entry.code)
    if session["billing_address_collection"] == "required" and not entry.country:
        raise Refusal("Choose your country.", param="country")
    due = completing.quote(store, session, code, entry.country).due_now
    card = _card(store, session, entry)
    completing.refuse_bad_card(card, due)
    answers = {"email": entry.email, "country": entry.country, "code": code["id"] if code else None}
    session["_answers"], session["_card"] = answers, card["id"]
    store.save(session)
    if completing.needs_challenge(card, due):
        return "challenge"
    _complete(store, session)
    return "done"


def challenge_session(store: Store, session: Body, *, passed: bool) -> None:
    """The bank's answer for a session. Refusal when it was no."""
    _still_open(session)
    if not session.get("_card"):
        raise Refusal("There is no payment to confirm.")
    if not passed:
        session["_card"] = None
        store.save(session)
        raise Refusal(
            CHALLENGE_FAILED, status=402, kind="card_error", code="payment_intent_authentication_failure", keep=True
        )
    _complete(store, session)


def _complete(store: Store, session: Body) -> None:
    answers = session["_answers"]
    code = store.get("promotion_code", answers["code"]) if answers["code"] else None
    card = store.get("payment_method", session["_card"])
    completing.complete(store, session, card, email=answers["email"], country=answers["country"], code=code)


def _still_open(session: Body) -> None:
    if session["status"] != "open":
        raise Refusal(f"This checkout is {session['status']}.", code="resource_invalid_state")


def _card(store: Store, like: Body, entry: Entry) -> Body:
    card = payment_method(entry.number, now=store.at(like), month=entry.month, year=entry.year, name=entry.name or None)
    card["billing_details"]["email"] = entry.email
    return store.add(card, like=like)


def pay_invoice(store: Store, invoice: Body) -> Next:
    """The click on *Pay* of an open invoice, with the card on file."""
    if invoice["status"] != "open":
        raise Refusal(f"This invoice is {invoice['status']}.")
    outcome = charging.attempt(store, invoice, on_session=True)
    if outcome == "declined":
        message = charging.intent_of(store, invoice)["last_payment_error"]["message"]
        raise Refusal(message, status=402, kind="card_error", code="card_declined", keep=True)
    return "challenge" if outcome == "action" else "done"


def challenge_intent(store: Store, intent: Body, *, passed: bool) -> None:
    """The bank's answer for an invoice's payment. Refusal when it was no."""
    if intent["status"] != "requires_action":
        raise Refusal("There is no payment to confirm.")
    invoice = store.get("invoice", intent["_invoice"])
    card = store.get("payment_method", intent["payment_method"])
    if passed:
        card["_authenticated"] = True
        store.save(card)
        charging.attempt(store, invoice, on_session=True, card=card, authenticated=True)
        return
    intent["status"], intent["next_action"] = "requires_payment_method", None
    intent["last_payment_error"] = charging.error_of("payment_intent_authentication_failure")
    store.save(intent)
    store.emit("payment_intent.payment_failed", intent)
    store.emit("invoice.payment_failed", invoice)
    raise Refusal(
        CHALLENGE_FAILED, status=402, kind="card_error", code="payment_intent_authentication_failure", keep=True
    )


def update_card(store: Store, portal: Body, entry: Entry) -> Next:
    """A new card for the customer and the subscriptions; 3-D Secure first where the card wants it."""
    card = _card(store, portal, entry)
    completing.refuse_bad_card(card, 0)
    portal["_card"] = card["id"]
    store.save(portal)
    if completing.needs_challenge(card, 0):
        return "challenge"
    _put_on_file(store, portal)
    return "done"


def challenge_portal(store: Store, portal: Body, *, passed: bool) -> None:
    if not portal.get("_card"):
        raise Refusal("There is no card to confirm.")
    if not passed:
        portal["_card"] = None
        store.save(portal)
        raise Refusal(CHALLENGE_FAILED, status=402, kind="card_error", keep=True)
    _put_on_file(store, portal)


def _put_on_file(store: Store, portal: Body) -> None:
    customer = store.get("customer", portal["customer"])
    card = store.get("payment_method", portal["_card"])
    card["customer"], card["_clock"], card["_authenticated"] = customer["id"], customer["_clock"], True
    store.save(card)
    store.emit("payment_method.attached", card)
    customer["invoice_settings"]["default_payment_method"] = card["id"]
    store.save(customer)
    store.emit("customer.updated", customer)
    for sub in store.where("subscription", customer=customer["id"]):
        if sub["default_payment_method"] and sub["status"] in (*LIVE, "incomplete", "paused"):
            sub["default_payment_method"] = card["id"]
            store.save(sub)
            store.emit("customer.subscription.updated", sub)
    portal["_card"] = None
    store.save(portal)


def cancel_at_end(store: Store, sub: Body) -> None:
    """As the portal does with flexible billing: ``cancel_at`` alone, not ``cancel_at_period_end``."""
    sub.update(cancel_at=period(sub)[1], cancel_at_period_end=False, canceled_at=store.at(sub))
    sub["cancellation_details"]["reason"] = "cancellation_requested"
    store.save(sub)
    store.emit("customer.subscription.updated", sub)


def undo_cancel(store: Store, sub: Body) -> None:
    sub.update(cancel_at=None, cancel_at_period_end=False, canceled_at=None)
    sub["cancellation_details"]["reason"] = None
    store.save(sub)
    store.emit("customer.subscription.updated", sub)
