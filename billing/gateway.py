"""The port to whoever takes the money, in our own terms; every amount is integer minor units, every moment aware."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from billing.plans import Plan

ENDED = frozenset({"canceled", "incomplete_expired"})
"""Statuses of a subscription that nothing can bring back."""


class GatewayError(Exception):
    """The provider did not do what was asked."""


class GatewayDown(GatewayError):
    """No answer in time, or an answer that says to try again: nothing is known to be done."""


class Busy(GatewayDown):
    """The same call, by its key, is under way for somebody else: what it answers can be read in a moment."""


class CardDeclined(GatewayError):
    """The payment was refused; the message is fit for the person."""


class Missing(GatewayError):
    """The provider knows no such object (``resource_missing``)."""


class Refused(GatewayError):
    """The request itself was wrong and will stay wrong."""


class Unreadable(GatewayError):
    """The answer lacks what access depends on, such as the end of the period."""


@dataclass(frozen=True)
class Customer:
    """Whoever pays."""

    id: str
    email: str
    livemode: bool
    default_payment_method: str | None = None


@dataclass(frozen=True)
class Checkout:
    """A hosted checkout; ``status`` is open, complete or expired, the last two for good."""

    id: str
    status: str
    customer_id: str
    livemode: bool
    url: str | None = None
    subscription_id: str | None = None


@dataclass(frozen=True)
class Invoice:
    """A bill; ``status`` is draft, open, paid, void or uncollectible."""

    id: str
    status: str
    amount_due: int
    amount_paid: int
    currency: str
    created: datetime
    attempts: int = 0
    action_required: bool = False
    number: str | None = None
    hosted_url: str | None = None
    pdf_url: str | None = None


@dataclass(frozen=True)
class Subscription:
    """A subscription as it is now; ``period_end`` is the least of its items', ``first_failed_at`` of its open bills."""

    id: str
    customer_id: str
    status: str
    price: str
    """The lookup key of its price, or the price's id where it has none."""
    period_end: datetime | None
    livemode: bool
    api_version: str
    cancel_at: datetime | None = None
    cancel_at_period_end: bool = False
    ended_at: datetime | None = None
    first_failed_at: datetime | None = None
    resumes_at: datetime | None = None
    latest_invoice: Invoice | None = None


@dataclass(frozen=True)
class Refund:
    """Money given back."""

    id: str
    amount: int
    at: datetime


@dataclass(frozen=True)
class Dispute:
    """A payment that its owner contests; ``status`` as the provider says it."""

    id: str
    status: str
    opened_at: datetime


@dataclass(frozen=True)
class Charge:
    """A payment for a subscription, which was paid by it until ``paid_until``."""

    id: str
    customer_id: str
    invoice_id: str
    subscription_id: str
    paid_until: datetime
    amount: int
    currency: str
    livemode: bool
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()


@dataclass(frozen=True)
class PaymentMethod:
    """What the person pays with, as far as it may be shown."""

    id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True)
class Line:
    """One line of a preview."""

    text: str
    amount: int


@dataclass(frozen=True)
class Preview:
    """What a change of plan costs now; the change itself is asked with the same ``proration_date``."""

    amount_due: int
    currency: str
    tax: int
    proration_date: datetime
    lines: tuple[Line, ...] = ()


class Gateway(Protocol):
    """Every call may raise ``GatewayDown``; calls about an object raise ``Missing`` when there is none.

    A ``key`` is our own idempotency key, at most 255 characters and stored before the call: the same key again
    gives the same answer and does nothing twice.
    """

    @property
    def livemode(self) -> bool:
        """Whether real money moves."""

    def create_customer(self, *, account: str, email: str, key: str) -> Customer: ...
    def customer(self, customer_id: str) -> Customer: ...
    def delete_customer(self, customer_id: str) -> None: ...
    def create_checkout(
        self,
        *,
        customer_id: str,
        plan: Plan,
        trial_days: int,
        expires_at: datetime,
        success_url: str,
        cancel_url: str,
        account: str,
        key: str,
    ) -> Checkout:
        """``trial_days`` 0 charges at once. Promotion codes and automatic tax are on."""

    def checkout(self, session_id: str) -> Checkout: ...
    def expire_checkout(self, session_id: str) -> Checkout:
        """``Refused`` when it is no longer open."""

    def portal(self, customer_id: str, return_url: str) -> str:
        """The address of the provider's page for cards, bills and cancelling."""

    def subscription(self, subscription_id: str) -> Subscription: ...
    def subscriptions(self, customer_id: str) -> tuple[Subscription, ...]:
        """All of a customer, the ended ones too."""

    def preview_change(self, subscription_id: str, plan: Plan, at: datetime) -> Preview: ...
    def change_plan(self, subscription_id: str, plan: Plan, at: datetime, key: str) -> Subscription:
        """Charges the difference at once; ``CardDeclined`` leaves the old plan as it was."""

    def set_cancel_at_period_end(self, subscription_id: str, value: bool) -> Subscription:
        """False also clears ``cancel_at``."""

    def cancel_now(self, subscription_id: str) -> Subscription:
        """Ends it; one that has ended already is returned as it is."""

    def set_resume_date(self, subscription_id: str, resumes_at: datetime | None) -> Subscription: ...
    def pause(self, subscription_id: str, resumes_at: datetime, key: str) -> Subscription:
        """Stops it and credits the unused time; the date is kept with the subscription for our schedule."""

    def resume(self, subscription_id: str, key: str) -> Subscription: ...
    def pay_invoice(self, invoice_id: str, key: str) -> Invoice:
        """Try the default card; ``CardDeclined`` when it fails."""

    def invoices(self, customer_id: str) -> tuple[Invoice, ...]:
        """The newest first."""

    def payment_method(self, customer_id: str) -> PaymentMethod | None: ...
    def charges(self, customer_id: str) -> tuple[Charge, ...]:
        """Successful payments for subscriptions, with what was given back or is contested."""

    def charge_customer(self, charge_id: str) -> str | None:
        """Whose payment it is."""

    def refund(self, charge_id: str, amount: int | None, key: str) -> Refund:
        """``amount`` None gives all of the rest back."""
