"""The gateway on Stripe: one client, a pinned version of the API, eight seconds, our own idempotency keys."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from stripe import Price, RequestsClient, StripeClient

from billing import stripe_parse as parse
from billing.gateway import (
    ENDED,
    Charge,
    Checkout,
    Customer,
    Invoice,
    Line,
    Missing,
    PaymentMethod,
    Preview,
    Refund,
    Refused,
    Subscription,
)
from billing.plans import Plan, spell
from billing.stripe_errors import as_dict, short, spoken

API_VERSION = "2026-10-28.endive"
"""Of the client and of the webhook endpoint alike."""

TIMEOUT = 8.0
PRODUCT = "interview_lift"
UNPAID = frozenset({"past_due", "unpaid", "incomplete"})
INTERVALS = {1: ("month", 1), 3: ("month", 3), 12: ("year", 1)}


def sells(price: Price, plan: Plan) -> bool:
    """Whether the price is what the plan costs."""
    return (price.unit_amount, price.currency) == (plan.amount, plan.currency)


class StripeGateway:
    """``Gateway`` on Stripe, or on whatever speaks its API at ``address``."""

    def __init__(self, api_key: str, address: str | None = None) -> None:
        if not api_key.strip():
            raise ValueError("the key of Stripe is empty")
        self.livemode = api_key.startswith(("sk_live_", "rk_live_"))
        options: dict[str, Any] = {"base_addresses": {"api": address}} if address else {}
        self.client = StripeClient(
            api_key,
            stripe_version=API_VERSION,
            max_network_retries=1,
            http_client=RequestsClient(timeout=TIMEOUT),
            **options,
        )
        self.v1 = self.client.v1

    def _price(self, plan: Plan) -> str:
        # Asked each time: a price that was kept may be archived, or cost what no page says any longer.
        found = self.v1.prices.list({"lookup_keys": [plan.key], "active": True, "limit": 1}).data
        if not found or not sells(found[0], plan):
            raise Refused(f"Stripe has no price {plan.key} of {spell(plan.amount, plan.currency)}: run billing setup.")
        return found[0].id

    def create_customer(self, *, account: str, email: str, key: str) -> Customer:
        with spoken():
            made = self.v1.customers.create(
                {"email": email, "metadata": {"account": account}}, {"idempotency_key": short(key)}
            )
        return parse.customer(as_dict(made))

    def customer(self, customer_id: str) -> Customer:
        with spoken():
            thing = as_dict(self.v1.customers.retrieve(customer_id))
        if thing.get("deleted"):
            raise Missing(f"{customer_id} was deleted")
        return parse.customer(thing)

    def delete_customer(self, customer_id: str) -> None:
        with spoken():
            self.v1.customers.delete(customer_id)

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
        data: dict[str, Any] = {"metadata": {"account": account}}
        if trial_days:
            data["trial_period_days"] = trial_days
        with spoken():
            params: Any = {
                "mode": "subscription",
                "customer": customer_id,
                "client_reference_id": account,
                "line_items": [{"price": self._price(plan), "quantity": 1}],
                "subscription_data": data,
                "payment_method_collection": "always",
                "allow_promotion_codes": True,
                "automatic_tax": {"enabled": True},
                "billing_address_collection": "required",
                "customer_update": {"address": "auto", "name": "auto"},
                "expires_at": int(expires_at.timestamp()),
                "success_url": success_url,
                "cancel_url": cancel_url,
            }
            made = self.v1.checkout.sessions.create(params, {"idempotency_key": short(key)})
        return parse.checkout(as_dict(made))

    def checkout(self, session_id: str) -> Checkout:
        with spoken():
            return parse.checkout(as_dict(self.v1.checkout.sessions.retrieve(session_id)))

    def expire_checkout(self, session_id: str) -> Checkout:
        with spoken():
            return parse.checkout(as_dict(self.v1.checkout.sessions.expire(session_id)))

    def portal(self, customer_id: str, return_url: str) -> str:
        with spoken():
            return self.v1.billing_portal.sessions.create({"customer": customer_id, "return_url": return_url}).url

    def subscription(self, subscription_id: str) -> Subscription:
        # As it comes: each event reads it, and to make it Stripe's objects and then a dict costs half as much again.
        with spoken():
            read = self.client.raw_request(
                "get", f"/v1/subscriptions/{quote(subscription_id)}", expand=["latest_invoice"]
            )
        return self._subscription(read.data)

    def subscriptions(self, customer_id: str) -> tuple[Subscription, ...]:
        with spoken():
            listed = self.v1.subscriptions.list(
                {"customer": customer_id, "status": "all", "limit": 100, "expand": ["data.latest_invoice"]}
            )
            things = [as_dict(thing) for thing in listed.auto_paging_iter()]
        return tuple(self._subscription(thing) for thing in things)

    def _subscription(self, thing: dict[str, Any]) -> Subscription:
        """With what only its bills tell, where something is unpaid."""
        if thing["status"] not in UNPAID:
            return parse.subscription(thing, API_VERSION)
        with spoken():
            listed = self.v1.invoices.list({"subscription": thing["id"], "status": "open", "limit": 100})
            bills = [as_dict(bill) for bill in listed.auto_paging_iter()]
        latest = parse.id_of(thing.get("latest_invoice"))
        waiting = any(bill["id"] == latest for bill in bills) and self._needs_action(str(latest))
        return parse.subscription(thing, API_VERSION, bills, waiting)

    def _needs_action(self, invoice_id: str) -> bool:
        """Whether the bank wants the person to confirm the payment."""
        with spoken():
            listed = self.v1.invoice_payments.list(
                {"invoice": invoice_id, "limit": 100, "expand": ["data.payment.payment_intent"]}
            )
        for payment in listed.data:
            intent = as_dict(payment).get("payment", {}).get("payment_intent")
            if isinstance(intent, dict) and intent.get("status") == "requires_action":
                return True
        return False

    def _items(self, subscription_id: str, plan: Plan) -> list[dict[str, Any]]:
        """The change of its one item to the plan's price."""
        thing = as_dict(self.v1.subscriptions.retrieve(subscription_id))
        return [{"id": item["id"], "price": self._price(plan)} for item in parse.rows(thing, "items")[:1]]

    def preview_change(self, subscription_id: str, plan: Plan, at: datetime) -> Preview:
        with spoken():
            details: Any = {
                "items": self._items(subscription_id, plan),
                "proration_behavior": "always_invoice",
                "proration_date": int(at.timestamp()),
            }
            shown = self.v1.invoices.create_preview({"subscription": subscription_id, "subscription_details": details})
        thing = as_dict(shown)
        tax = sum(int(each.get("amount") or 0) for each in thing.get("total_taxes") or ())
        lines = tuple(
            Line(str(line.get("description") or ""), int(line["amount"])) for line in parse.rows(thing, "lines")
        )
        return Preview(int(thing["amount_due"]), str(thing["currency"]), tax, at, lines)

    def change_plan(self, subscription_id: str, plan: Plan, at: datetime, key: str) -> Subscription:
        with spoken():
            params: Any = {
                "items": self._items(subscription_id, plan),
                "proration_behavior": "always_invoice",
                "proration_date": int(at.timestamp()),
                "payment_behavior": "error_if_incomplete",
                "expand": ["latest_invoice"],
            }
            made = self.v1.subscriptions.update(subscription_id, params, {"idempotency_key": short(key)})
        return self._subscription(as_dict(made))

    def set_cancel_at_period_end(self, subscription_id: str, value: bool) -> Subscription:
        with spoken():
            thing = as_dict(self.v1.subscriptions.retrieve(subscription_id))
            params: Any = {"cancel_at_period_end": value, "expand": ["latest_invoice"]}
            if not value and not thing.get("cancel_at_period_end") and thing.get("cancel_at") is not None:
                # A bare date is taken away by itself: the two settings are refused together.
                params = {"cancel_at": "", "expand": ["latest_invoice"]}
            return self._subscription(as_dict(self.v1.subscriptions.update(subscription_id, params)))

    def cancel_now(self, subscription_id: str) -> Subscription:
        found = self.subscription(subscription_id)
        if found.status in ENDED:
            return found
        with spoken():
            self.v1.subscriptions.cancel(subscription_id)
        return self.subscription(subscription_id)

    def set_resume_date(self, subscription_id: str, resumes_at: datetime | None) -> Subscription:
        value = str(int(resumes_at.timestamp())) if resumes_at else ""
        with spoken():
            made = self.v1.subscriptions.update(
                subscription_id, {"metadata": {parse.RESUMES_AT: value}, "expand": ["latest_invoice"]}
            )
        return self._subscription(as_dict(made))

    def pause(self, subscription_id: str, resumes_at: datetime, key: str) -> Subscription:
        # The date first: a date without a pause means nothing, a pause without a date would have no end.
        self.set_resume_date(subscription_id, resumes_at)
        with spoken():
            self.v1.subscriptions.pause(subscription_id, {}, {"idempotency_key": short(key)})
        return self.subscription(subscription_id)

    def resume(self, subscription_id: str, key: str) -> Subscription:
        with spoken():
            # Without parameters: a new period starts now, and its bill is tried at once.
            self.v1.subscriptions.resume(subscription_id, {}, {"idempotency_key": short(key)})
        return self.subscription(subscription_id)

    def pay_invoice(self, invoice_id: str, key: str) -> Invoice:
        with spoken():
            return parse.invoice(as_dict(self.v1.invoices.pay(invoice_id, {}, {"idempotency_key": short(key)})))

    def invoices(self, customer_id: str) -> tuple[Invoice, ...]:
        with spoken():
            listed = self.v1.invoices.list({"customer": customer_id, "limit": 100})
        return tuple(parse.invoice(as_dict(each)) for each in listed.data)

    def payment_method(self, customer_id: str) -> PaymentMethod | None:
        with spoken():
            method = self.customer(customer_id).default_payment_method
            if method is not None:
                return parse.payment_method(as_dict(self.v1.payment_methods.retrieve(method)))
            listed = self.v1.customers.payment_methods.list(customer_id, {"limit": 1}).data
        return parse.payment_method(as_dict(listed[0])) if listed else None

    def charges(self, customer_id: str) -> tuple[Charge, ...]:
        with spoken():
            listed = self.v1.charges.list({"customer": customer_id, "limit": 100})
            things = [as_dict(each) for each in listed.auto_paging_iter() if each.paid]
            if not things:
                return ()
            bills = self._bills_by_payment(customer_id)
            found = [self._charge(thing, bills) for thing in things]
        return tuple(each for each in found if each is not None)

    def _bills_by_payment(self, customer_id: str) -> dict[str, dict[str, Any]]:
        listed = self.v1.invoices.list({"customer": customer_id, "limit": 100, "expand": ["data.payments"]})
        bills = [as_dict(each) for each in listed.auto_paging_iter()]
        return {payment: bill for bill in bills for payment in parse.payments_of(bill)}

    def _charge(self, thing: dict[str, Any], bills: dict[str, dict[str, Any]]) -> Charge | None:
        bill = bills.get(thing["id"]) or bills.get(parse.id_of(thing.get("payment_intent")) or "")
        if bill is None:
            return None
        refunds: list[parse.Thing] = []
        disputes: list[parse.Thing] = []
        if thing.get("amount_refunded"):
            refunds = [as_dict(each) for each in self.v1.refunds.list({"charge": thing["id"], "limit": 100}).data]
        if thing.get("disputed"):
            disputes = [as_dict(each) for each in self.v1.disputes.list({"charge": thing["id"], "limit": 100}).data]
        return parse.charge(thing, bill, refunds, disputes)

    def charge_customer(self, charge_id: str) -> str | None:
        with spoken():
            return parse.id_of(as_dict(self.v1.charges.retrieve(charge_id)).get("customer"))

    def refund(self, charge_id: str, amount: int | None, key: str) -> Refund:
        params: Any = {"charge": charge_id} if amount is None else {"charge": charge_id, "amount": amount}
        with spoken():
            return parse.refund(as_dict(self.v1.refunds.create(params, {"idempotency_key": short(key)})))
