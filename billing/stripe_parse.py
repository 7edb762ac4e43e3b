"""Stripe's objects, as plain dictionaries of any API version since 2022, in our own terms."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from billing.gateway import (
    Charge,
    Checkout,
    Customer,
    Dispute,
    Invoice,
    PaymentMethod,
    Refund,
    Subscription,
    Unreadable,
)

Thing = Mapping[str, Any]

PLAN = "plan"
"""Where a price says which plan it is of, after its lookup key went to the next one."""

RESUMES_AT = "lift_resumes_at"
"""Metadata of a subscription: the second at which our schedule ends its pause."""

RETURNED = frozenset({"succeeded", "pending"})
"""States of a refund that count as given back."""


def moment(seconds: object) -> datetime | None:
    """Stripe's seconds as a moment; None stays None."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def must(value: datetime | None, what: str) -> datetime:
    """The moment; ``Unreadable`` where there is none, never a silent None."""
    if value is None:
        raise Unreadable(what)
    return value


def id_of(value: object) -> str | None:
    """The id, also where the object was expanded."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) and found else None


def rows(thing: Thing, name: str) -> list[Thing]:
    """The entries of a list within an object."""
    inner = thing.get(name)
    return list(inner.get("data") or ()) if isinstance(inner, Mapping) else []


def period_end(sub: Thing) -> datetime:
    """The least end of its items' periods; before 2025-03-31 the subscription itself had one."""
    ends = [item["current_period_end"] for item in rows(sub, "items") if item.get("current_period_end") is not None]
    found = min(ends) if ends else sub.get("current_period_end")
    return must(moment(found), f"{sub.get('id')}: no end of the period")


def price_of(sub: Thing) -> str:
    """The lookup key of its one price, or the one that it had; else its id. Several items are what nobody sells."""
    prices = [item.get("price") or {} for item in rows(sub, "items")]
    if len(prices) != 1:
        return "+".join(str(price.get("id")) for price in prices)[:255] or "none"
    kept = (prices[0].get("metadata") or {}).get(PLAN)
    return str(prices[0].get("lookup_key") or kept or prices[0].get("id"))


def first_failed_at(open_invoices: Sequence[Thing]) -> datetime | None:
    """When the oldest bill that was tried and is not paid was first tried: that is when it was made final."""
    tried = [invoice for invoice in open_invoices if (invoice.get("attempt_count") or 0) > 0]
    moments = [
        moment((invoice.get("status_transitions") or {}).get("finalized_at")) or moment(invoice.get("created"))
        for invoice in tried
    ]
    return min((found for found in moments if found is not None), default=None)


def invoice(thing: Thing, action_required: bool = False) -> Invoice:
    """A bill."""
    return Invoice(
        id=str(thing["id"]),
        status=str(thing.get("status") or "draft"),
        amount_due=int(thing.get("amount_due") or 0),
        amount_paid=int(thing.get("amount_paid") or 0),
        currency=str(thing.get("currency") or ""),
        created=must(moment(thing.get("created")), f"{thing['id']}: no date"),
        attempts=int(thing.get("attempt_count") or 0),
        action_required=action_required,
        number=thing.get("number"),
        hosted_url=thing.get("hosted_invoice_url"),
        pdf_url=thing.get("invoice_pdf"),
    )


def subscription(
    thing: Thing, api_version: str, open_invoices: Sequence[Thing] = (), action_required: bool = False
) -> Subscription:
    """A subscription with its latest invoice expanded, and the open invoices where a payment failed."""
    latest = thing.get("latest_invoice")
    resumes = str((thing.get("metadata") or {}).get(RESUMES_AT) or "")
    return Subscription(
        id=str(thing["id"]),
        customer_id=id_of(thing.get("customer")) or "",
        status=str(thing["status"]),
        price=price_of(thing),
        period_end=period_end(thing),
        livemode=thing.get("livemode") is True,
        api_version=api_version,
        cancel_at=moment(thing.get("cancel_at")),
        cancel_at_period_end=thing.get("cancel_at_period_end") is True,
        ended_at=moment(thing.get("ended_at")),
        first_failed_at=first_failed_at(open_invoices),
        resumes_at=moment(int(resumes)) if resumes.isdigit() else None,
        latest_invoice=invoice(latest, action_required) if isinstance(latest, Mapping) else None,
    )


def customer(thing: Thing) -> Customer:
    """A customer who was not deleted."""
    settings = thing.get("invoice_settings") or {}
    return Customer(
        id=str(thing["id"]),
        email=str(thing.get("email") or ""),
        livemode=thing.get("livemode") is True,
        default_payment_method=id_of(settings.get("default_payment_method")),
    )


def checkout(thing: Thing) -> Checkout:
    """A hosted checkout."""
    return Checkout(
        id=str(thing["id"]),
        status=str(thing["status"]),
        customer_id=id_of(thing.get("customer")) or "",
        livemode=thing.get("livemode") is True,
        url=thing.get("url"),
        subscription_id=id_of(thing.get("subscription")),
    )


def payment_method(thing: Thing) -> PaymentMethod:
    """A card as far as it may be shown."""
    card = thing.get("card") or {}
    return PaymentMethod(
        id=str(thing["id"]),
        brand=str(card.get("brand") or thing.get("type") or ""),
        last4=str(card.get("last4") or ""),
        exp_month=int(card.get("exp_month") or 0),
        exp_year=int(card.get("exp_year") or 0),
    )


def invoice_subscription(thing: Thing) -> str | None:
    """Which subscription a bill is of, in the new shape or the old."""
    details = (thing.get("parent") or {}).get("subscription_details") or {}
    return id_of(details.get("subscription")) or id_of(thing.get("subscription"))


def paid_until(thing: Thing) -> datetime | None:
    """The end of what a bill pays for."""
    ends = [line["period"]["end"] for line in rows(thing, "lines") if line.get("period")]
    return moment(max(ends)) if ends else moment(thing.get("period_end"))


def payments_of(thing: Thing) -> set[str]:
    """Ids of the payment intents and charges that paid a bill."""
    found = {id_of(thing.get("charge")), id_of(thing.get("payment_intent"))}
    for payment in rows(thing, "payments"):
        inner = payment.get("payment") or {}
        found |= {id_of(inner.get("payment_intent")), id_of(inner.get("charge"))}
    return {each for each in found if each}


def refund(thing: Thing) -> Refund:
    """Money given back."""
    return Refund(str(thing["id"]), int(thing["amount"]), must(moment(thing.get("created")), f"{thing['id']}: no date"))


def dispute(thing: Thing) -> Dispute:
    """A contested payment."""
    opened = must(moment(thing.get("created")), f"{thing['id']}: no date")
    return Dispute(str(thing["id"]), str(thing["status"]), opened)


def charge(thing: Thing, bill: Thing, refunds: list[Thing], disputes: list[Thing]) -> Charge | None:
    """A payment of a bill of a subscription; None when the bill is of none."""
    sub_id = invoice_subscription(bill)
    if sub_id is None:
        return None
    return Charge(
        id=str(thing["id"]),
        customer_id=id_of(thing.get("customer")) or "",
        invoice_id=str(bill["id"]),
        subscription_id=sub_id,
        paid_until=must(paid_until(bill), f"{bill['id']}: no period"),
        amount=int(thing["amount"]),
        currency=str(thing["currency"]),
        livemode=thing.get("livemode") is True,
        refunds=tuple(refund(each) for each in refunds if each.get("status") in RETURNED),
        disputes=tuple(dispute(each) for each in disputes),
    )
