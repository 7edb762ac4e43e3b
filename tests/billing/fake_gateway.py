"""A small truthful provider: it has its own clock, honours keys, charges cards and emits events that nobody must see."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from billing.gateway import (
    CardDeclined,
    Charge,
    Checkout,
    Customer,
    Dispute,
    GatewayDown,
    Invoice,
    Line,
    Missing,
    PaymentMethod,
    Preview,
    Refund,
    Refused,
    Subscription,
)
from billing.plans import PLANS, Plan, plan_for
from billing.subscriptions import months_later

T = TypeVar("T")
API_VERSION = "2026-10-28.endive"
ENDED = ("canceled", "incomplete_expired")


@dataclass
class Ask:
    """What a checkout was asked for."""

    plan: Plan
    trial_days: int
    expires_at: datetime


@dataclass
class Sub:
    """A subscription and what is only known inside the provider."""

    shown: Subscription
    plan: Plan
    period_start: datetime
    bills: list[str] = field(default_factory=list)


class FakeGateway:
    """``billing.gateway.Gateway`` in memory; ``fail`` names methods that do not answer, ``calls`` counts them all."""

    def __init__(self, clock: datetime, *, livemode: bool = False) -> None:
        self.clock = clock
        self.livemode = livemode
        self.lock = threading.RLock()
        self.customers: dict[str, Customer] = {}
        self.sessions: dict[str, Checkout] = {}
        self.asks: dict[str, Ask] = {}
        self.subs: dict[str, Sub] = {}
        self.bills: dict[str, Invoice] = {}
        self.paid: dict[str, Charge] = {}
        self.cards: dict[str, str] = {}
        self.card_ids: dict[str, str] = {}
        self.keys: dict[str, tuple[object, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.fail: set[str] = set()
        self.pay_attempts: Counter[str] = Counter()
        self._serial = 0

    # What the provider does by itself.

    def _id(self, prefix: str) -> str:
        self._serial += 1
        return f"{prefix}_{self._serial:05d}"

    def _called(self, name: str) -> None:
        self.calls[name] += 1
        if name in self.fail or "*" in self.fail:
            raise GatewayDown(name)

    def _once(self, key: str, asked: object, make: Callable[[], T]) -> T:
        with self.lock:
            if key in self.keys:
                known, result = self.keys[key]
                if known != asked:
                    raise Refused("the key was used for another request")
                if isinstance(result, Exception):
                    raise result
                return result  # type: ignore[no-any-return]  # what the same request gave
            try:
                made = make()
            except CardDeclined as error:
                self.keys[key] = (asked, error)
                raise
            self.keys[key] = (asked, made)
            return made

    def emit(self, kind: str, thing: dict[str, Any]) -> dict[str, Any]:
        """An event, kept in ``events``; the test decides when and how often it is delivered."""
        event = {
            "id": self._id("evt"),
            "object": "event",
            "type": kind,
            "created": int(self.clock.timestamp()),
            "livemode": self.livemode,
            "api_version": API_VERSION,
            "data": {"object": thing},
        }
        self.events.append(event)
        return event

    def _emit_sub(self, kind: str, sub: Subscription) -> None:
        thing = {"object": "subscription", "id": sub.id, "customer": sub.customer_id, "status": sub.status}
        self.emit(f"customer.subscription.{kind}", thing)

    def _emit_bill(self, kind: str, bill: str, sub: Subscription) -> None:
        parent = {"subscription_details": {"subscription": sub.id}}
        thing = {"object": "invoice", "id": bill, "customer": sub.customer_id, "parent": parent}
        self.emit(f"invoice.{kind}", thing)

    def _show(self, sub_id: str, kind: str = "updated", **changes: Any) -> Subscription:
        held = self.subs[sub_id]
        held.shown = replace(held.shown, **changes)
        self._emit_sub(kind, held.shown)
        return held.shown

    def _bill(self, sub: Sub, amount: int) -> Invoice:
        """A final bill that was not tried yet."""
        number = self._id("in")
        made = Invoice(number, "open", amount, 0, sub.plan.currency, self.clock, number=number, hosted_url="/bill")
        self.bills[number] = made
        sub.bills.append(number)
        sub.shown = replace(sub.shown, latest_invoice=made)
        return made

    def _try(self, sub: Sub, bill_id: str) -> bool:
        """Charge the customer's card for a bill."""
        bill = self.bills[bill_id]
        self.pay_attempts[bill_id] += 1
        card = self.cards.get(sub.shown.customer_id, "good")
        if bill.amount_due == 0 or card == "good":
            self._paid(sub, bill_id)
            return True
        self.bills[bill_id] = replace(bill, attempts=bill.attempts + 1, action_required=card == "3ds")
        sub.shown = replace(sub.shown, latest_invoice=self.bills[bill_id])
        self._emit_bill("payment_action_required" if card == "3ds" else "payment_failed", bill_id, sub.shown)
        return False

    def _paid(self, sub: Sub, bill_id: str) -> None:
        bill = self.bills[bill_id]
        self.bills[bill_id] = replace(bill, status="paid", amount_paid=bill.amount_due, action_required=False)
        if bill.amount_due:
            charge_id = self._id("ch")
            self.paid[charge_id] = Charge(
                charge_id,
                sub.shown.customer_id,
                bill_id,
                sub.shown.id,
                sub.shown.period_end or self.clock,
                bill.amount_due,
                bill.currency,
                self.livemode,
            )
        sub.shown = replace(sub.shown, latest_invoice=self.bills[bill_id])
        self._emit_bill("paid", bill_id, sub.shown)

    def _failing(self, sub: Sub) -> datetime | None:
        tried = [self.bills[b] for b in sub.bills if self.bills[b].status == "open" and self.bills[b].attempts]
        return min((bill.created for bill in tried), default=None)

    def advance(self, to: datetime) -> None:
        """Move the clock; whatever falls due on the way happens at its own moment."""
        with self.lock:
            while True:
                due = min(((m, s) for s in self.subs for m in [self._next(self.subs[s])] if m), default=None)
                if due is None or due[0] > to:
                    break
                self.clock = max(self.clock, due[0])
                self._turn(self.subs[due[1]])
            self.clock = max(self.clock, to)
            for session in list(self.sessions.values()):
                if session.status == "open" and self.asks[session.id].expires_at <= self.clock:
                    self._expire(session.id)

    def _next(self, sub: Sub) -> datetime | None:
        if sub.shown.status == "incomplete":
            return sub.period_start + timedelta(hours=23)
        if sub.shown.status not in ("active", "trialing", "past_due"):
            return None
        return min(m for m in (sub.shown.cancel_at, sub.shown.period_end) if m is not None)

    def _turn(self, sub: Sub) -> None:
        """The end of a period, or of the subscription."""
        shown = sub.shown
        if shown.status == "incomplete":
            self._show(shown.id, status="incomplete_expired", ended_at=self.clock)
        elif shown.cancel_at_period_end or (shown.cancel_at is not None and shown.cancel_at <= self.clock):
            self._show(shown.id, "deleted", status="canceled", ended_at=self.clock)
        else:
            start = shown.period_end or self.clock
            sub.period_start = start
            sub.shown = replace(shown, period_end=months_later(start, sub.plan.months))
            bill = self._bill(sub, sub.plan.amount)
            good = self._try(sub, bill.id) and self._failing(sub) is None
            self._show(shown.id, status="active" if good else "past_due", first_failed_at=self._failing(sub))

    # What a person does on the provider's pages.

    def complete(self, session_id: str, card: str = "good") -> Subscription:
        """Pay on the hosted page; ``CardDeclined`` leaves it open."""
        with self.lock:
            session, ask = self.sessions[session_id], self.asks[session_id]
            assert session.status == "open"
            if card == "declined":
                raise CardDeclined("declined")
            self.cards[session.customer_id] = card
            self.card_ids[session.customer_id] = self._id("pm")
            end = self.clock + timedelta(days=ask.trial_days)
            trial = ask.trial_days > 0
            shown = Subscription(
                id=self._id("sub"),
                customer_id=session.customer_id,
                status="trialing" if trial else "incomplete",
                price=ask.plan.key,
                period_end=end if trial else months_later(self.clock, ask.plan.months),
                livemode=self.livemode,
                api_version=API_VERSION,
            )
            sub = self.subs[shown.id] = Sub(shown, ask.plan, self.clock)
            self._emit_sub("created", shown)
            bill = self._bill(sub, 0 if trial else ask.plan.amount)
            if self._try(sub, bill.id) and not trial:
                self._show(shown.id, status="active")
            self.sessions[session_id] = replace(session, status="complete", subscription_id=shown.id, url=None)
            self.emit("checkout.session.completed", {"object": "checkout.session", "id": session_id})
            return sub.shown

    def confirm(self, sub_id: str) -> None:
        """The person confirms a 3-D Secure payment."""
        with self.lock:
            sub = self.subs[sub_id]
            self.cards[sub.shown.customer_id] = "good"
            self._settle(sub, sub.bills[-1])

    def _settle(self, sub: Sub, bill_id: str) -> None:
        self._paid(sub, bill_id)
        failing = self._failing(sub)
        self._show(sub.shown.id, status="active" if failing is None else "past_due", first_failed_at=failing)

    def set_card(self, customer_id: str, card: str) -> dict[str, Any]:
        """A new card in the portal, or one that the bank changed."""
        with self.lock:
            self.cards[customer_id] = card
            self.card_ids[customer_id] = self._id("pm")
            thing = {"object": "payment_method", "id": self.card_ids[customer_id], "customer": customer_id}
            return self.emit("payment_method.automatically_updated", thing)

    def portal_cancel(self, sub_id: str, *, by_date: bool) -> None:
        """Cancel in the portal, which may set the date alone."""
        with self.lock:
            end = self.subs[sub_id].shown.period_end
            changes: dict[str, Any] = {"cancel_at": end} if by_date else {"cancel_at_period_end": True}
            self._show(sub_id, **changes)

    def dispute(self, charge_id: str, dispute_id: str, status: str = "needs_response") -> None:
        """A payment is contested, or the bank decides."""
        with self.lock:
            charge = self.paid[charge_id]
            rest = tuple(each for each in charge.disputes if each.id != dispute_id)
            known = next((each for each in charge.disputes if each.id == dispute_id), None)
            opened = known.opened_at if known else self.clock
            self.paid[charge_id] = replace(charge, disputes=(*rest, Dispute(dispute_id, status, opened)))
            kind = "closed" if known else "created"
            self.emit(f"charge.dispute.{kind}", {"object": "dispute", "id": dispute_id, "charge": charge_id})

    def reprice(self, sub_id: str, price: str) -> None:
        """Somebody moves the subscription to another price at the provider."""
        with self.lock:
            self._show(sub_id, price=price)

    # The port.

    def create_customer(self, *, account: str, email: str, key: str) -> Customer:
        self._called("create_customer")

        def make() -> Customer:
            made = Customer(self._id("cus"), email, self.livemode)
            self.customers[made.id] = made
            return made

        return self._once(key, ("customer", account, email), make)

    def customer(self, customer_id: str) -> Customer:
        self._called("customer")
        if customer_id not in self.customers:
            raise Missing(customer_id)
        return self.customers[customer_id]

    def delete_customer(self, customer_id: str) -> None:
        with self.lock:
            self.customer(customer_id)
            for sub in self.subs.values():
                if sub.shown.customer_id == customer_id and sub.shown.status not in ENDED:
                    self._show(sub.shown.id, "deleted", status="canceled", ended_at=self.clock)
            del self.customers[customer_id]
            self.emit("customer.deleted", {"object": "customer", "id": customer_id})

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
        self._called("create_checkout")

        def make() -> Checkout:
            self.customer(customer_id)
            if not timedelta(minutes=30) <= expires_at - self.clock <= timedelta(hours=24):
                raise Refused("expires_at")
            number = self._id("cs")
            made = Checkout(number, "open", customer_id, self.livemode, f"https://pay.example/{number}")
            self.sessions[number] = made
            self.asks[number] = Ask(plan, trial_days, expires_at)
            return made

        asked = ("checkout", customer_id, plan, trial_days, expires_at, success_url, cancel_url, account)
        return self._once(key, asked, make)

    def checkout(self, session_id: str) -> Checkout:
        self._called("checkout")
        if session_id not in self.sessions:
            raise Missing(session_id)
        return self.sessions[session_id]

    def _expire(self, session_id: str) -> Checkout:
        self.sessions[session_id] = replace(self.sessions[session_id], status="expired", url=None)
        self.emit("checkout.session.expired", {"object": "checkout.session", "id": session_id})
        return self.sessions[session_id]

    def expire_checkout(self, session_id: str) -> Checkout:
        self._called("expire_checkout")
        with self.lock:
            if self.checkout(session_id).status != "open":
                raise Refused("not open")
            return self._expire(session_id)

    def portal(self, customer_id: str, return_url: str) -> str:
        self._called("portal")
        self.customer(customer_id)
        return f"https://pay.example/portal/{customer_id}"

    def _sub(self, subscription_id: str) -> Sub:
        if subscription_id not in self.subs:
            raise Missing(subscription_id)
        return self.subs[subscription_id]

    def subscription(self, subscription_id: str) -> Subscription:
        self._called("subscription")
        return self._sub(subscription_id).shown

    def subscriptions(self, customer_id: str) -> tuple[Subscription, ...]:
        self._called("subscriptions")
        self.customer(customer_id)
        with self.lock:
            return tuple(s.shown for s in self.subs.values() if s.shown.customer_id == customer_id)

    def preview_change(self, subscription_id: str, plan: Plan, at: datetime) -> Preview:
        self._called("preview_change")
        sub = self._sub(subscription_id)
        if plan.currency != sub.plan.currency or sub.shown.status not in ("active", "trialing"):
            raise Refused("this change")
        if sub.shown.status == "trialing":
            return Preview(0, plan.currency, 0, at)
        end = sub.shown.period_end or at
        left, whole = (end - at).total_seconds(), (end - sub.period_start).total_seconds()
        credit = -round(sub.plan.amount * max(left, 0) / whole)
        lines = (Line("Unused time", credit), Line(plan.name, plan.amount))
        return Preview(max(0, plan.amount + credit), plan.currency, 0, at, lines)

    def change_plan(self, subscription_id: str, plan: Plan, at: datetime, key: str) -> Subscription:
        self._called("change_plan")

        def make() -> Subscription:
            sub = self._sub(subscription_id)
            amount = self.preview_change(subscription_id, plan, at).amount_due
            if amount and self.cards.get(sub.shown.customer_id, "good") != "good":
                raise CardDeclined("declined")
            sub.plan = plan
            if sub.shown.status == "active":
                sub.period_start = at
                sub.shown = replace(sub.shown, period_end=months_later(at, plan.months))
                self._try(sub, self._bill(sub, amount).id)
            return self._show(subscription_id, price=plan.key)

        return self._once(key, ("change", subscription_id, plan, at), make)

    def set_cancel_at_period_end(self, subscription_id: str, value: bool) -> Subscription:
        self._called("set_cancel_at_period_end")
        with self.lock:
            sub = self._sub(subscription_id)
            if sub.shown.status in ENDED:
                raise Refused("it has ended")
            return self._show(subscription_id, cancel_at_period_end=value, cancel_at=None)

    def cancel_now(self, subscription_id: str) -> Subscription:
        self._called("cancel_now")
        with self.lock:
            sub = self._sub(subscription_id)
            if sub.shown.status in ENDED:
                return sub.shown
            for bill in sub.bills:
                if self.bills[bill].status == "open":
                    self.bills[bill] = replace(self.bills[bill], status="void")
            latest = self.bills[sub.bills[-1]] if sub.bills else None
            return self._show(
                subscription_id,
                "deleted",
                status="canceled",
                ended_at=self.clock,
                first_failed_at=None,
                latest_invoice=latest,
            )

    def set_resume_date(self, subscription_id: str, resumes_at: datetime | None) -> Subscription:
        self._called("set_resume_date")
        with self.lock:
            self._sub(subscription_id)
            return self._show(subscription_id, resumes_at=resumes_at)

    def pause(self, subscription_id: str, resumes_at: datetime, key: str) -> Subscription:
        self._called("pause")

        def make() -> Subscription:
            if self._sub(subscription_id).shown.status != "active":
                raise Refused("not active")
            return self._show(subscription_id, "paused", status="paused", resumes_at=resumes_at)

        return self._once(key, ("pause", subscription_id, resumes_at), make)

    def resume(self, subscription_id: str, key: str) -> Subscription:
        self._called("resume")

        def make() -> Subscription:
            sub = self._sub(subscription_id)
            if sub.shown.status != "paused":
                raise Refused("not paused")
            sub.period_start = self.clock
            sub.shown = replace(sub.shown, period_end=months_later(self.clock, sub.plan.months))
            good = self._try(sub, self._bill(sub, sub.plan.amount).id)
            failing = self._failing(sub)
            return self._show(
                subscription_id, "resumed", status="active" if good else "past_due", first_failed_at=failing
            )

        return self._once(key, ("resume", subscription_id), make)

    def pay_invoice(self, invoice_id: str, key: str) -> Invoice:
        self._called("pay_invoice")

        def make() -> Invoice:
            sub = next(s for s in self.subs.values() if invoice_id in s.bills)
            if self.bills[invoice_id].status != "open":
                raise Refused("not open")
            if not self._try(sub, invoice_id):
                raise CardDeclined("declined")
            failing = self._failing(sub)
            self._show(sub.shown.id, status="active" if failing is None else "past_due", first_failed_at=failing)
            return self.bills[invoice_id]

        return self._once(key, ("pay", invoice_id), make)

    def invoices(self, customer_id: str) -> tuple[Invoice, ...]:
        self._called("invoices")
        mine = [s for s in self.subs.values() if s.shown.customer_id == customer_id]
        return tuple(reversed([self.bills[bill] for sub in mine for bill in sub.bills]))

    def payment_method(self, customer_id: str) -> PaymentMethod | None:
        self._called("payment_method")
        card = self.card_ids.get(customer_id)
        return PaymentMethod(card, "visa", "4242", 12, 2030) if card else None

    def charges(self, customer_id: str) -> tuple[Charge, ...]:
        self._called("charges")
        self.customer(customer_id)
        with self.lock:
            return tuple(c for c in self.paid.values() if c.customer_id == customer_id)

    def charge_customer(self, charge_id: str) -> str | None:
        self._called("charge_customer")
        if charge_id not in self.paid:
            raise Missing(charge_id)
        return self.paid[charge_id].customer_id

    def refund(self, charge_id: str, amount: int | None, key: str) -> Refund:
        self._called("refund")

        def make() -> Refund:
            charge = self.paid[charge_id]
            rest = charge.amount - sum(each.amount for each in charge.refunds)
            if rest == 0 or (amount or 0) > rest:
                raise Refused("nothing left to give back")
            made = Refund(self._id("re"), rest if amount is None else amount, self.clock)
            self.paid[charge_id] = replace(charge, refunds=(*charge.refunds, made))
            self.emit("charge.refunded", {"object": "charge", "id": charge_id, "customer": charge.customer_id})
            return made

        return self._once(key, ("refund", charge_id, amount), make)


assert all(plan_for(plan.key) is plan for plan in PLANS)
