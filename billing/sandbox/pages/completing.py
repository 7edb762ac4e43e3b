"""A checkout session paid on its page: the card, the subscription and the first invoice in one go."""

from dataclasses import dataclass

from billing.sandbox.api import promotions
from billing.sandbox.engine import charging, lines, subscribing
from billing.sandbox.engine.cards import MESSAGES
from billing.sandbox.engine.invoicing import finalize
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store
from billing.sandbox.tables import Body


@dataclass(frozen=True)
class Quote:
    """What the page shows before the click, in minor units; ``trial_end`` None when the charge is now."""

    subtotal: int
    discount: int
    due_now: int
    later: int
    tax: int
    trial_end: int | None
    currency: str


def quote(store: Store, session: Body, code: Body | None, country: str | None) -> Quote:
    """The sums of the session with a promotion code and, for automatic tax, a country."""
    now = store.at(session)
    subtotal = sum(row["amount_subtotal"] for row in session["_lines"])
    pairs = []
    for one in ({"promotion_code": code["id"], "coupon": None} if code else None, *session["discounts"]):
        if one:
            id_ = one["coupon"] or store.get("promotion_code", one["promotion_code"])["promotion"]["coupon"]
            pairs.append((id_, store.get("coupon", id_)))
    rows = [
        {"id": row["id"], "amount": row["amount_subtotal"], "discountable": True, "discounts": []}
        for row in session["_lines"]
    ]
    lines.discount(rows, pairs)
    off = sum(taken["amount"] for row in rows for taken in row["discount_amounts"])
    taxed, whole = 0, subtotal - off
    if session["automatic_tax"]["enabled"]:
        behaviour = session["_lines"][0]["price"]["tax_behavior"]
        lines.tax(rows, country or _country_of(store, session), behaviour)
        taxed = sum(one["amount"] for row in rows for one in row["taxes"])
        whole += 0 if behaviour == "inclusive" else taxed
    data = session["_data"]
    end = subscribing.trial_end_of(now, data.get("trial_period_days"), data.get("trial_end"))
    return Quote(subtotal, off, 0 if end else whole, whole, taxed, end, session["currency"])


def _country_of(store: Store, session: Body) -> str | None:
    customer = store.find(session["customer"]) if session["customer"] else None
    return (customer["address"] or {}).get("country") if customer else None


def needs_challenge(card: Body, due_now: int) -> bool:
    """Whether the bank wants 3-D Secure: always for such cards, be it to charge now or to set up for later."""
    return card["_setup"] in ("once", "always") or (due_now > 0 and card["_charge"] in ("once", "always"))


def refuse_bad_card(card: Body, due_now: int) -> None:
    """Refusal (402) when the bank declines, to be shown on the page."""
    code = card["_charge"] if due_now else card["_setup"]
    if code not in ("ok", "once", "always"):
        raise Refusal(MESSAGES[code], status=402, kind="card_error", code="card_declined", decline_code=code)


def complete(
    store: Store, session: Body, card: Body, *, email: str | None, country: str | None, code: Body | None
) -> Body:
    """Attach the card, make the subscription, pay its first invoice, tell of it all."""
    customer = _customer(store, session, email, country, card)
    now = store.at(customer)
    data = session["_data"]
    card["customer"], card["_clock"], card["_authenticated"] = customer["id"], customer["_clock"], True
    store.save(card)
    store.emit("payment_method.attached", card)
    end = subscribing.trial_end_of(now, data.get("trial_period_days"), data.get("trial_end"))
    wanted = [(row["price"], row["quantity"]) for row in session["_lines"]]
    sub = subscribing.make(
        store, customer, wanted, trial_end=end, metadata=dict(data.get("metadata", {})), card=card["id"],
        automatic_tax=session["automatic_tax"]["enabled"], trial_settings=data.get("trial_settings"),
    )  # fmt: skip
    session["subscription"] = sub["id"]
    amount = sum(row["amount_subtotal"] for row in session["_lines"])
    if code:
        promotions.redeem(store, sub, code["promotion"]["coupon"], code, session["id"])
        session["discounts"] = [{"coupon": code["promotion"]["coupon"], "promotion_code": code["id"]}]
    elif session["discounts"]:
        wanted_discounts = [{k: v for k, v in one.items() if v} for one in session["discounts"]]
        promotions.apply_discounts(store, sub, customer, wanted_discounts, amount)
    invoice = subscribing.first_invoice(store, sub)
    _finish(store, session, customer, invoice, email=email)
    if not end:
        sub["status"] = "active"
        store.save(sub)
    store.emit("customer.subscription.created", sub)
    store.emit("invoice.created", invoice)
    finalize(store, invoice)
    outcome = charging.attempt(store, invoice, on_session=True, authenticated=True)
    if outcome != "paid":
        raise Refusal(MESSAGES["generic_decline"], status=402, kind="card_error", code="card_declined")
    store.emit("checkout.session.completed", session)
    return session


def _finish(store: Store, session: Body, customer: Body, invoice: Body, *, email: str | None) -> None:
    taxed = sum(one["amount"] for one in invoice["total_taxes"])
    off = sum(one["amount"] for one in invoice["total_discount_amounts"])
    session.update(
        status="complete",
        payment_status="paid" if invoice["amount_due"] else "no_payment_required",
        customer=customer["id"],
        invoice=invoice["id"],
        url=None,
        amount_subtotal=invoice["subtotal"],
        amount_total=invoice["total"],
        total_details={"amount_discount": off, "amount_shipping": 0, "amount_tax": taxed},
        customer_details={
            "address": customer["address"],
            "business_name": None,
            "email": email or customer["email"],
            "individual_name": None,
            "name": customer["name"],
            "phone": customer["phone"],
            "tax_exempt": "none",
            "tax_ids": [],
        },
    )
    if session["automatic_tax"]["enabled"]:
        session["automatic_tax"]["status"] = "complete"
    store.save(session)


def _customer(store: Store, session: Body, email: str | None, country: str | None, card: Body) -> Body:
    """The session's customer with what the page asked, or a new one."""
    from billing.sandbox.api.customers import create

    if session["customer"]:
        customer = store.get("customer", session["customer"], "customer")
    else:
        customer = create(store, {"email": email or session["customer_email"] or ""})
    update = session["_update"]
    if country and (update.get("address") == "auto" or not session["customer"]):
        customer["address"] = {**dict.fromkeys(("city", "line1", "line2", "postal_code", "state")), "country": country}
    name = card["billing_details"]["name"]
    if name and (update.get("name") == "auto" or not session["customer"]):
        customer["name"] = name
    if customer["invoice_settings"]["default_payment_method"] is None:
        customer["invoice_settings"]["default_payment_method"] = card["id"]
    store.save(customer)
    store.emit("customer.updated", customer)
    return customer
