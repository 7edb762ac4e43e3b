"""Which e-mails a state of the provider calls for; each is sent once for its object, however often it is seen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from billing.gateway import Charge, Invoice, Subscription
from billing.plans import spell

RELEASED = frozenset({"won", "warning_closed"})
"""States of a dispute that end its hold."""

SUBSCRIPTION_KINDS = (
    "subscribed",
    "action_required",
    "payment_failed",
    "receipt",
    "cancel_scheduled",
    "subscription_paused",
    "subscription_ended",
)
CHARGE_KINDS = ("refunded", "dispute_opened", "dispute_won")
TRIAL_KINDS = ("trial_3_days", "trial_1_day", "trial_ended")
KINDS = (*SUBSCRIPTION_KINDS, *CHARGE_KINDS, *TRIAL_KINDS)
"""Every kind of e-mail of billing."""


@dataclass(frozen=True)
class Notice:
    """One e-mail: its kind, the object that it is about, and what its text needs."""

    kind: str
    object_id: str
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def effect_key(self) -> str:
        """What makes it one and the same."""
        return f"{self.kind}:{self.object_id}"


def subscription_notices(sub: Subscription) -> Iterator[Notice]:
    """What the person is told about a subscription in this state."""
    if sub.status in ("active", "trialing"):
        first_charge = sub.period_end.isoformat() if sub.status == "trialing" and sub.period_end else None
        yield Notice("subscribed", sub.id, {"plan": sub.price, "first_charge_at": first_charge})
        ends = [m for m in (sub.cancel_at, sub.period_end if sub.cancel_at_period_end else None) if m is not None]
        if ends:
            yield Notice("cancel_scheduled", f"{sub.id}:{min(ends):%Y%m%d%H%M}", {"ends_at": min(ends).isoformat()})
    if sub.status == "paused":
        until = sub.resumes_at.isoformat() if sub.resumes_at else None
        yield Notice("subscription_paused", f"{sub.id}:{until}", {"resumes_at": until})
    if sub.status == "canceled":
        yield Notice("subscription_ended", sub.id)
    if sub.latest_invoice is not None:
        yield from _invoice_notices(sub.latest_invoice)


def _invoice_notices(invoice: Invoice) -> Iterator[Notice]:
    context = {"amount": spell(invoice.amount_due, invoice.currency), "url": invoice.hosted_url}
    if invoice.status == "open" and invoice.action_required:
        yield Notice("action_required", invoice.id, context)
    elif invoice.status == "open" and invoice.attempts > 0:
        yield Notice("payment_failed", invoice.id, context)
    elif invoice.status == "paid" and invoice.amount_paid > 0:
        paid = {**context, "amount": spell(invoice.amount_paid, invoice.currency), "number": invoice.number}
        yield Notice("receipt", invoice.id, paid)


def charge_notices(charge: Charge) -> Iterator[Notice]:
    """What the person is told about money that went back or is contested."""
    for refund in charge.refunds:
        yield Notice("refunded", refund.id, {"amount": spell(refund.amount, charge.currency)})
    for dispute in charge.disputes:
        yield Notice("dispute_opened", dispute.id)
        if dispute.status in RELEASED:
            yield Notice("dispute_won", dispute.id)
