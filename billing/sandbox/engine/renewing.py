"""What happens by itself as time goes on, one act at a time and in order."""

from copy import deepcopy

from billing.sandbox import due
from billing.sandbox.engine import charging, lines, standing
from billing.sandbox.engine.invoicing import draft
from billing.sandbox.engine.periods import following
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body

MOST = 10_000
"""More acts than this in one advance are a mistake of the sandbox, not of the caller."""


def catch_up(store: Store, until: int) -> int:
    """Let everything on the sandbox's own clock happen up to ``until``; returns how many acts."""
    acts = 0
    while (body := store.next_due(None, until)) is not None:
        store.now = max(due.due_of(body) or until, 0)
        act(store, body)
        acts = _counted(acts)
    store.now = until
    return acts


def advance(store: Store, clock: Body, until: int) -> None:
    """The same for a test clock."""
    acts = 0
    while (body := store.next_due(clock["id"], until)) is not None:
        clock["frozen_time"] = max(due.due_of(body) or until, clock["frozen_time"])
        act(store, body)
        acts = _counted(acts)
    clock["frozen_time"] = until
    store.save(clock)


def _counted(acts: int) -> int:
    if acts >= MOST:
        raise RuntimeError("The sandbox does not come to rest.")
    return acts + 1


def act(store: Store, body: Body) -> None:
    """The one act that is due for ``body``."""
    if body["object"] == "subscription":
        _subscription(store, body)
    elif body["object"] == "invoice":
        if body["status"] == "draft":
            charging.open_and_try(store, body)
        else:
            charging.attempt(store, body)
    else:
        body["status"] = "expired"
        store.save(body)
        store.emit("checkout.session.expired", body)


def _subscription(store: Store, sub: Body) -> None:
    now = store.at(sub)
    start, end = due.period(sub)
    if sub["status"] == "incomplete":
        standing.end(store, sub, status="incomplete_expired")
    elif sub["cancel_at"] is not None and sub["cancel_at"] <= now:
        standing.end(store, sub)
    elif sub["pending_update"] and sub["pending_update"]["expires_at"] <= now:
        standing.drop_change(store, sub)
    elif now >= end:
        renew(store, sub)
    elif sub["status"] == "trialing" and sub["_will_end_told"] != end and now >= max(end - due.WILL_END, start):
        sub["_will_end_told"] = end
        store.save(sub)
        store.emit("customer.subscription.trial_will_end", sub)
    else:
        sub["_upcoming_told"] = end
        store.save(sub)
        with store.undone():
            preview = deepcopy(upcoming(store, sub))
        store.emit("invoice.upcoming", preview, like=sub)


def renew(store: Store, sub: Body) -> None:
    """The next period begins; its invoice stays a draft for an hour."""
    was_trial = sub["status"] == "trialing"
    if was_trial and not _has_card(store, sub):
        behaviour = sub["trial_settings"]["end_behavior"]["missing_payment_method"]
        if behaviour == "cancel":
            standing.end(store, sub)
            return
        if behaviour == "pause":
            _pause_for_want_of_a_card(store, sub)
            return
    roll(sub)
    if was_trial:
        sub["status"] = "active"
    store.save(sub)
    rows = lines.cycle(store, sub, sub["items"]["data"])
    id_ = new_id("in_")
    rows = lines.take_pending(store, sub, id_) + rows
    invoice = draft(store, sub, rows, "subscription_cycle", id_=id_, later=True)
    if sub["status"] == "unpaid":
        # An unpaid subscription gathers drafts that nobody sends.
        invoice["auto_advance"] = False
        store.save(invoice)
    lines.note_billed(sub["items"]["data"], invoice["lines"]["data"])
    sub["latest_invoice"] = invoice["id"]
    store.save(sub)
    store.emit("customer.subscription.updated", sub)
    store.emit("invoice.created", invoice)


def roll(sub: Body) -> None:
    """Move every item to the period after its current one."""
    for item in sub["items"]["data"]:
        recurring = item["price"]["recurring"]
        end = item["current_period_end"]
        item["current_period_start"] = end
        item["current_period_end"] = following(
            sub["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], end
        )
        item["billed_until"] = item["current_period_end"]


def upcoming(store: Store, sub: Body) -> Body:
    """The renewal's invoice as it would be now; call it where everything is taken back."""
    store.save(sub)
    roll(sub)
    id_ = new_id("upcoming_in_")
    rows = lines.take_pending(store, sub, id_) + lines.cycle(store, sub, sub["items"]["data"])
    return draft(store, sub, rows, "upcoming", id_=id_)


def _has_card(store: Store, sub: Body) -> bool:
    customer = store.get("customer", sub["customer"], "customer")
    return bool(sub["default_payment_method"] or customer["invoice_settings"]["default_payment_method"])


def _pause_for_want_of_a_card(store: Store, sub: Body) -> None:
    sub["status"] = "paused"
    sub["status_details"] = paused_details(store.at(sub), "trial_end_without_payment_method")
    store.save(sub)
    store.emit("customer.subscription.paused", sub)
    store.emit("customer.subscription.updated", sub)


def paused_details(now: int, why: str) -> Body:
    return {"paused": {"subscription": {"type": why}, "transitioned_at": now, "type": "subscription"}}
