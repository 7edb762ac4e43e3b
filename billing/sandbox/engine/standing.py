"""What a paid or failed invoice does to its subscription."""

from billing.sandbox.due import DAY, INCOMPLETE
from billing.sandbox.engine.invoicing import void
from billing.sandbox.engine.lines import listed, note_billed
from billing.sandbox.store import Store
from billing.sandbox.tables import Body

RETRY_AFTER = (3 * DAY, 5 * DAY, 7 * DAY)
"""Waits before the second, third and fourth try of a renewal."""


def sub_of(store: Store, invoice: Body) -> Body:
    return store.get("subscription", invoice["parent"]["subscription_details"]["subscription"])


def paid(store: Store, invoice: Body) -> None:
    """Bring the subscription back to good standing, or put its pending change into force."""
    sub = sub_of(store, invoice)
    if sub["status"] in ("canceled", "incomplete_expired"):
        return
    before = sub["status"]
    if sub["_change"] and sub["_change"]["invoice"] == invoice["id"]:
        awaited = sub["pending_update"] is not None
        put_into_force(store, sub)
        if awaited:
            store.emit("customer.subscription.pending_update_applied", sub)
    if before in ("incomplete", "past_due", "unpaid") and not _owes(store, sub, invoice):
        sub["status"] = "active"
    elif before == "paused" and sub["_resumes_with"] == invoice["id"]:
        sub["status"], sub["status_details"], sub["_resumes_with"] = "active", None, None
        store.save(sub)
        store.emit("customer.subscription.resumed", sub)
    if sub["status"] != before:
        store.save(sub)
        store.emit("customer.subscription.updated", sub)


def failed(store: Store, invoice: Body) -> None:
    """After a failed try: the next one, past due, or the end."""
    sub = sub_of(store, invoice)
    now = store.at(invoice)
    tries = invoice["attempt_count"]
    if invoice["billing_reason"] == "subscription_create" or (sub["_change"] or {}).get("invoice") == invoice["id"]:
        return
    if sub["status"] not in ("active", "past_due", "trialing"):
        return
    last = tries > len(RETRY_AFTER)
    invoice["next_payment_attempt"] = None if last else now + RETRY_AFTER[tries - 1]
    store.save(invoice)
    if not last:
        if sub["status"] != "past_due":
            sub["status"] = "past_due"
            store.save(sub)
            store.emit("customer.subscription.updated", sub)
        return
    ending = store.setting("after_retries", "cancel")
    if ending == "cancel":
        end(store, sub, reason="payment_failed")
    elif ending == "unpaid":
        sub["status"] = "unpaid"
        store.save(sub)
        store.emit("customer.subscription.updated", sub)


def put_into_force(store: Store, sub: Body) -> None:
    """The change that waited for its invoice becomes the subscription's items."""
    change = sub["_change"]
    items = change["items"]
    invoice = store.get("invoice", change["invoice"]) if change["invoice"] else None
    if invoice:
        note_billed(items, invoice["lines"]["data"])
    sub["items"] = listed(f"/v1/subscription_items?subscription={sub['id']}", items)
    sub["billing_cycle_anchor"] = change["anchor"]
    sub["_change"], sub["pending_update"] = None, None
    store.save(sub)


def await_payment(store: Store, sub: Body) -> None:
    """The change is shown as pending until its invoice is paid or 23 hours have gone."""
    change = sub["_change"]
    sub["pending_update"] = {
        "billing_cycle_anchor": change["anchor"] if change["anchor"] != sub["billing_cycle_anchor"] else None,
        "cancel_at_period_end": None,
        "discount": None,
        "discounts": None,
        "expires_at": store.at(sub) + INCOMPLETE,
        "metadata": None,
        "subscription_items": change["items"],
        "trial_end": None,
        "trial_from_plan": None,
    }
    store.save(sub)


def drop_change(store: Store, sub: Body) -> None:
    """The pending change was not paid in time: its invoice is void and all stays as it was."""
    invoice = store.get("invoice", sub["_change"]["invoice"])
    sub["_change"], sub["pending_update"] = None, None
    store.save(sub)
    if invoice["status"] == "open":
        void(store, invoice)
    store.emit("customer.subscription.pending_update_expired", sub)


def end(store: Store, sub: Body, *, reason: str = "cancellation_requested", status: str = "canceled") -> None:
    """The subscription is over; what is still open is no longer tried."""
    now = store.at(sub)
    sub["status"] = status
    sub["ended_at"] = now
    sub["canceled_at"] = sub["canceled_at"] or now
    sub["pending_update"], sub["_change"] = None, None
    if status == "canceled":
        details = sub["cancellation_details"]
        details["reason"] = details["reason"] or reason
    store.save(sub)
    for invoice in store.where("invoice", customer=sub["customer"]):
        parent = invoice["parent"]["subscription_details"]
        if parent["subscription"] == sub["id"] and invoice["status"] in ("draft", "open"):
            if status == "incomplete_expired":
                void(store, invoice)
            else:
                invoice["auto_advance"], invoice["next_payment_attempt"] = False, None
                store.save(invoice)
    kind = "customer.subscription.deleted" if status == "canceled" else "customer.subscription.updated"
    store.emit(kind, sub)


def _owes(store: Store, sub: Body, but: Body) -> bool:
    """Whether another invoice of the subscription is open and was tried."""
    return any(
        invoice["id"] != but["id"]
        and invoice["attempted"]
        and invoice["parent"]["subscription_details"]["subscription"] == sub["id"]
        for invoice in store.where("invoice", customer=sub["customer"], status="open")
    )
