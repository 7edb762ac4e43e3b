"""A subscription's beginning: its object, its trial, its first invoice."""

from billing.sandbox.due import DAY
from billing.sandbox.engine import charging, lines
from billing.sandbox.engine.charging import Outcome
from billing.sandbox.engine.invoicing import draft, finalize
from billing.sandbox.engine.periods import step
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body


def make_item(sub_id: str, price: Body, quantity: int, start: int, end: int) -> Body:
    """A subscription item for a period."""
    recurring = price["recurring"]
    plan = {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": price["metadata"],
        "meter": None,
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
    return {
        "id": new_id("si_", 14),
        "object": "subscription_item",
        "billed_until": end,
        "billing_thresholds": None,
        "created": start,
        "current_period_end": end,
        "current_period_start": start,
        "discounts": [],
        "metadata": {},
        "plan": plan,
        "price": price,
        "quantity": quantity,
        "subscription": sub_id,
        "tax_rates": [],
        "_billed": [],
    }


def make(
    store: Store,
    customer: Body,
    wanted: list[tuple[Body, int]],
    *,
    trial_end: int | None = None,
    metadata: dict[str, str] | None = None,
    card: str | None = None,
    automatic_tax: bool = False,
    trial_settings: Body | None = None,
) -> Body:
    """The object alone, not yet told of; ``wanted`` is (price, quantity)."""
    now = store.at(customer)
    recurring = wanted[0][0]["recurring"]
    anchor = trial_end or now
    end = trial_end or step(now, recurring["interval"], recurring["interval_count"])
    id_ = new_id("sub_")
    items = [make_item(id_, price, quantity, now, end) for price, quantity in wanted]
    body: Body = {
        "id": id_,
        "object": "subscription",
        **dict.fromkeys(
            (
                *("application", "application_fee_percent", "billing_cycle_anchor_config", "billing_thresholds"),
                *("cancel_at", "canceled_at", "customer_account", "days_until_due", "default_source", "description"),
                *("ended_at", "latest_invoice", "next_pending_invoice_item_invoice", "on_behalf_of", "schedule"),
                *("pause_collection", "pending_invoice_item_interval", "pending_setup_intent", "pending_update"),
                *("status_details", "transfer_data", "managed_payments", "presentment_details"),
            )
        ),
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": automatic_tax,
            "liability": {"account": None, "type": "self"} if automatic_tax else None,
        },
        "billing_cycle_anchor": anchor,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible", "updated_at": now},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": wanted[0][0]["currency"],
        "customer": customer["id"],
        "default_payment_method": card,
        "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "custom_fields": None, "description": None, "footer": None,
                             "issuer": {"account": None, "type": "self"}},
        "items": lines.listed(f"/v1/subscription_items?subscription={id_}", items),
        "livemode": False,
        "metadata": metadata or {},
        "payment_settings": {
            "payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off",
        },
        "start_date": now,
        "status": "trialing" if trial_end else "incomplete",
        "test_clock": customer["test_clock"],
        "trial_end": trial_end,
        "trial_settings": trial_settings or {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": now if trial_end else None,
        "_will_end_told": None,
        "_upcoming_told": None,
        "_change": None,
        "_resumes_with": None,
    }  # fmt: skip
    if customer["currency"] is None:
        customer["currency"] = body["currency"]
        store.save(customer)
    return store.add(body, like=customer)


def first_invoice(store: Store, sub: Body) -> Body:
    """The draft of the first invoice: nothing for a trial, else the first period."""
    items = sub["items"]["data"]
    if sub["status"] == "trialing":
        rows = [
            lines.line(sub, item, 0, item["current_period_start"], item["current_period_end"],
                       what=f"Trial period for {lines.named(store, item)}")
            for item in items
        ]  # fmt: skip
    else:
        rows = lines.cycle(store, sub, items)
    invoice = draft(store, sub, rows, "subscription_create")
    lines.note_billed(items, invoice["lines"]["data"])
    sub["latest_invoice"] = invoice["id"]
    store.save(sub)
    return invoice


def begin(store: Store, sub: Body, *, on_session: bool = False, authenticated: bool = False) -> tuple[Body, Outcome]:
    """Tell of the subscription, make its first invoice and try it."""
    store.emit("customer.subscription.created", sub)
    invoice = first_invoice(store, sub)
    store.emit("invoice.created", invoice)
    finalize(store, invoice)
    outcome = charging.attempt(store, invoice, on_session=on_session, authenticated=authenticated)
    return invoice, outcome


def trial_end_of(now: int, days: int | None, end: int | None) -> int | None:
    """The end of a trial given in days or as a moment."""
    return now + days * DAY if days else end
