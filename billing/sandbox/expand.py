"""``expand``: ids in a reply replaced by their objects, as deep as four."""

from typing import Any

from billing.sandbox.engine.lines import listed
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, public
from billing.sandbox.tables import Body

IDS = {
    *("charge", "coupon", "customer", "default_payment_method", "default_price", "invoice", "latest_charge"),
    *("latest_invoice", "payment_intent", "payment_method", "price", "product", "promotion_code", "subscription"),
    *("test_clock", "discounts", "credit_balance_transaction", "pending_setup_intent"),
}


def expand(store: Store, body: Body, wanted: list[str]) -> Body:
    """A public copy of ``body`` in which each path of ``wanted`` is expanded; Refusal for one that cannot be."""
    reply: Body = public(body)
    for index, path in enumerate(wanted):
        steps = path.split(".")
        if len(steps) - (steps[0] == "data") > 4:
            raise Refusal("You cannot expand more than 4 levels of a property.", param=f"expand[{index}]")
        if not _walk(store, reply, steps):
            raise Refusal(f"This property cannot be expanded ({path}).", param=f"expand[{index}]")
    return reply


def _walk(store: Store, at: Any, steps: list[str]) -> bool:
    """Whether the first step could be taken; None on the way is no mistake."""
    if not steps or at is None:
        return True
    if isinstance(at, list):
        return all(_walk(store, one, steps) for one in at)
    if not isinstance(at, dict):
        return False
    name, rest = steps[0], steps[1:]
    if at.get("object") == "list" and name == "data":
        return _walk(store, at["data"], rest)
    extra = _EXTRA.get((at.get("object", ""), name))
    if extra and name not in at:
        at[name] = public(extra(store, at))
    if name not in at:
        return False
    value = at[name]
    if name in IDS:
        at[name] = value = [_object(store, one) for one in value] if isinstance(value, list) else _object(store, value)
    elif not rest and not extra:
        return False
    return _walk(store, value, rest)


def _object(store: Store, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = store.find(value)
    if found and found.get("deleted"):
        return {"id": value, "object": found["object"], "deleted": True}
    return public(found) if found else value


def _payments(store: Store, invoice: Body) -> Body:
    found = store.where("invoice_payment", customer=invoice["customer"], invoice=invoice["id"], oldest_first=True)
    return listed(f"/v1/invoices/{invoice['id']}/payments", found)


def _line_items(store: Store, session: Body) -> Body:
    rows = store.get("checkout.session", session["id"])["_lines"]
    return listed(f"/v1/checkout/sessions/{session['id']}/line_items", rows)


def _subscriptions(store: Store, customer: Body) -> Body:
    found = store.where("subscription", customer=customer["id"])
    live = [sub for sub in found if sub["status"] not in ("canceled", "incomplete_expired")]
    return listed(f"/v1/customers/{customer['id']}/subscriptions", live)


def _refunds(store: Store, charge: Body) -> Body:
    return listed(f"/v1/charges/{charge['id']}/refunds", store.where("refund", charge=charge["id"]))


def _tax(store: Store, customer: Body) -> Body:
    country = (customer["address"] or {}).get("country")
    return {
        "automatic_tax": "supported" if country else "unrecognized_location",
        "ip_address": None,
        "location": {"country": country, "source": "billing_address", "state": None} if country else None,
        "provider": "stripe",
    }


_EXTRA = {
    ("invoice", "payments"): _payments,
    ("checkout.session", "line_items"): _line_items,
    ("customer", "subscriptions"): _subscriptions,
    ("customer", "tax"): _tax,
    ("charge", "refunds"): _refunds,
}
