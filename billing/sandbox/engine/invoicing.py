"""An invoice from draft to open: its lines, discounts, tax, number and the customer's balance."""

from typing import Any

from billing.sandbox.due import HOUR
from billing.sandbox.engine.lines import discount, listed, tax
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body


def draft(
    store: Store, sub: Body, lines: list[Body], reason: str, *, id_: str | None = None, later: bool = False
) -> Body:
    """A new draft for the subscription; ``later`` leaves it to finalise itself after an hour, as a renewal's does."""
    now = store.at(sub)
    customer = store.get("customer", sub["customer"], "customer")
    id_ = id_ or new_id("in_")
    body = {
        **_blank(),
        "id": id_,
        "auto_advance": True,
        "automatic_tax": _tax_of(sub, customer),
        "automatically_finalizes_at": now + HOUR if later else None,
        "billing_reason": reason,
        "created": now,
        "currency": sub["currency"],
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_tax_exempt": customer["tax_exempt"],
        "discounts": list(sub["discounts"]),
        "effective_at": None,
        "metadata": {},
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(sub["metadata"]),
                "subscription": sub["id"],
                "subscription_proration_date": None,
            },
            "type": "subscription_details",
        },
        "period_start": min((one["period"]["start"] for one in lines), default=now),
        "period_end": max((one["period"]["end"] for one in lines), default=now),
        "starting_balance": customer["balance"],
        "status": "draft",
        "test_clock": sub["test_clock"],
    }
    for one in lines:
        one["invoice"] = id_
    body["lines"] = listed(f"/v1/invoices/{id_}/lines", lines)
    total(store, body)
    store.add(body, like=sub)
    return body


def total(store: Store, invoice: Body) -> None:
    """Work out every sum of the invoice from its lines."""
    lines = invoice["lines"]["data"]
    pairs = []
    for id_ in invoice["discounts"]:
        found = store.get("discount", id_)
        pairs.append((id_, store.get("coupon", found["source"]["coupon"])))
    discount(lines, pairs)
    behaviour = "exclusive"
    if invoice["automatic_tax"]["enabled"] and invoice["automatic_tax"]["status"] == "complete":
        price = store.find(lines[0]["pricing"]["price_details"]["price"]) if lines else None
        behaviour = (price or {}).get("tax_behavior") or "exclusive"
        tax(lines, (invoice["customer_address"] or {}).get("country"), behaviour)
    subtotal = sum(one["amount"] for one in lines)
    by_discount: dict[str, int] = {}
    for one in lines:
        for taken in one["discount_amounts"]:
            by_discount[taken["discount"]] = by_discount.get(taken["discount"], 0) + taken["amount"]
    taxes = [one for each in lines for one in each["taxes"]]
    taxed = sum(one["amount"] for one in taxes)
    off = sum(by_discount.values())
    inclusive = behaviour == "inclusive"
    whole = subtotal - off + (0 if inclusive else taxed)
    due = max(whole + _applied(invoice["starting_balance"], whole), 0)
    invoice.update(
        subtotal=subtotal,
        subtotal_excluding_tax=subtotal - (taxed if inclusive else 0),
        total=whole,
        total_excluding_tax=whole - taxed,
        total_discount_amounts=[{"amount": amount, "discount": id_} for id_, amount in by_discount.items()],
        total_taxes=_summed(taxes),
        amount_due=due,
        amount_remaining=due,
    )


def finalize(store: Store, invoice: Body) -> None:
    """Number it, take the customer's balance into it, and open it for payment."""
    now = store.at(invoice)
    customer = store.get("customer", invoice["customer"], "customer")
    invoice["starting_balance"] = customer["balance"]
    total(store, invoice)
    applied = invoice["amount_due"] - invoice["total"]
    if applied:
        # A credit that was used raises the balance towards zero; a negative total lowers it.
        change_balance(store, customer, -applied, kind="applied_to_invoice", invoice=invoice["id"])
    prefix, sequence = customer["invoice_prefix"], customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    store.save(customer)
    invoice.update(
        status="open",
        number=f"{prefix}-{sequence:04d}",
        ending_balance=customer["balance"],
        effective_at=now,
        automatically_finalizes_at=None,
        hosted_invoice_url=f"{store.base}/invoice/{invoice['id']}",
        invoice_pdf=f"{store.base}/invoice/{invoice['id']}/pdf",
    )
    invoice["status_transitions"]["finalized_at"] = now
    _end_single_discounts(store, invoice)
    store.save(invoice)
    store.emit("invoice.finalized", invoice)


def change_balance(
    store: Store, customer: Body, amount: int, *, kind: str, invoice: str | None = None, description: str | None = None
) -> Body:
    """Add ``amount`` to the customer's balance (below zero is a credit) and keep the entry."""
    customer["balance"] += amount
    store.save(customer)
    entry = {
        "id": new_id("cbtxn_"),
        "object": "customer_balance_transaction",
        "amount": amount,
        "checkout_session": None,
        "created": store.at(customer),
        "credit_note": None,
        "currency": customer["currency"] or "usd",
        "customer": customer["id"],
        "customer_account": None,
        "description": description,
        "ending_balance": customer["balance"],
        "invoice": invoice,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }
    store.add(entry, like=customer)
    store.emit("customer_balance_transaction.created", entry)
    store.emit("customer.updated", customer)
    return entry


def void(store: Store, invoice: Body) -> None:
    """Nothing is owed any more; a credit that it used goes back to the balance."""
    invoice["status"] = "void"
    invoice["auto_advance"] = False
    invoice["next_payment_attempt"] = None
    invoice["status_transitions"]["voided_at"] = store.at(invoice)
    used = (invoice["ending_balance"] or 0) - invoice["starting_balance"]
    customer = store.find(invoice["customer"])
    if used > 0 and customer and not customer.get("deleted"):
        change_balance(store, customer, -used, kind="unapplied_from_invoice", invoice=invoice["id"])
    store.save(invoice)
    for paying in store.where("invoice_payment", customer=invoice["customer"], invoice=invoice["id"], status="open"):
        paying["status"] = "canceled"
        paying["status_transitions"]["canceled_at"] = store.at(invoice)
        store.save(paying)
        intent = store.get("payment_intent", paying["payment"]["payment_intent"])
        intent.update(
            status="canceled", cancellation_reason="void_invoice", canceled_at=store.at(invoice), next_action=None
        )
        store.save(intent)
        store.emit("payment_intent.canceled", intent)
    store.emit("invoice.voided", invoice)


def _applied(balance: int, whole: int) -> int:
    """What the balance adds to the amount due: a credit takes away at most all of it."""
    if whole <= 0:
        return 0
    return max(balance, -whole)


def _summed(taxes: list[Body]) -> list[Body]:
    sums: dict[str, Body] = {}
    for one in taxes:
        rate = one["tax_rate_details"]["tax_rate"]
        if rate in sums:
            sums[rate]["amount"] += one["amount"]
            sums[rate]["taxable_amount"] += one["taxable_amount"]
        else:
            sums[rate] = dict(one)
    return list(sums.values())


def _end_single_discounts(store: Store, invoice: Body) -> None:
    """A discount of duration ``once`` leaves the subscription with the first invoice that it lowered."""
    sub = store.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    for taken in invoice["total_discount_amounts"]:
        found = store.get("discount", taken["discount"])
        coupon = store.get("coupon", found["source"]["coupon"])
        if coupon["duration"] == "once" and found["id"] in sub["discounts"] and taken["amount"]:
            sub["discounts"].remove(found["id"])
            found["end"] = store.at(invoice)
            store.save(found)
            store.save(sub)


def _tax_of(sub: Body, customer: Body) -> Body:
    enabled = sub["automatic_tax"]["enabled"]
    placed = bool((customer["address"] or {}).get("country"))
    return {
        "disabled_reason": None,
        "enabled": enabled,
        "liability": {"type": "self", "account": None} if enabled else None,
        "provider": "stripe" if enabled else None,
        "status": None if not enabled else "complete" if placed else "requires_location_inputs",
    }


_NONE = (
    *("application", "account_tax_ids", "confirmation_secret", "custom_fields", "customer_account"),
    *("customer_shipping", "default_payment_method", "default_source", "description", "due_date", "ending_balance"),
    *("footer", "from_invoice", "hosted_invoice_url", "invoice_pdf", "last_finalization_error", "latest_revision"),
    *("next_payment_attempt", "number", "on_behalf_of", "receipt_number", "shipping_cost", "shipping_details"),
    *("statement_descriptor", "status_details", "threshold_reason", "rendering", "amount_paid_off_stripe"),
)


def _blank() -> dict[str, Any]:
    return {
        "object": "invoice",
        **dict.fromkeys(_NONE),
        "account_country": "US",
        "account_name": "Sandbox",
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "collection_method": "charge_automatically",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "issuer": {"account": None, "type": "self"},
        "livemode": False,
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        "total_pretax_credit_amounts": [],
        "webhooks_delivered_at": None,
    }
