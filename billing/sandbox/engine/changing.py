"""A change of plan, a trial cut short, a pause, a resumption: their prorations and their invoice."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from billing.sandbox.engine import charging, lines, standing
from billing.sandbox.engine.invoicing import draft, finalize
from billing.sandbox.engine.periods import following, step
from billing.sandbox.engine.renewing import paused_details
from billing.sandbox.engine.subscribing import make_item
from billing.sandbox.errors import Refusal, declined
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body


@dataclass(frozen=True)
class Change:
    """New items, the lines that lead to them, and whether the cycle begins anew."""

    items: list[Body]
    rows: list[Body]
    anchor: int
    anew: bool


def plan(
    store: Store, sub: Body, wanted: list[dict[str, Any]], *, proration: str, at: int, trial_now: bool, anew: bool
) -> Change:
    """Work out the change to ``wanted`` (Stripe's ``items``) at ``at``, which may differ from now by the caller's wish."""
    now = store.at(sub)
    old = sub["items"]["data"]
    new = _items(store, sub, deepcopy(old), wanted)
    first, rhythm = new[0]["price"]["recurring"], old[0]["price"]["recurring"]
    tried = sub["status"] == "trialing" and not trial_now
    other = (first["interval"], first["interval_count"]) != (rhythm["interval"], rhythm["interval_count"])
    anew = not tried and (anew or trial_now or other)
    anchor = now if anew else sub["billing_cycle_anchor"]
    rows: list[Body] = []
    if proration != "none" and not tried:
        for item in old:
            kept = next((one for one in new if one["id"] == item["id"]), None)
            if anew or kept is None or _differ(item, kept):
                rows += lines.unused(store, sub, item, at)
    if anew:
        for item in new:
            item.update(
                current_period_start=now, current_period_end=step(now, first["interval"], first["interval_count"])
            )
            item["billed_until"] = item["current_period_end"]
        rows += lines.cycle(store, sub, new)
    elif proration != "none" and not tried:
        before = {item["id"]: item for item in old}
        for item in new:
            if item["id"] not in before or _differ(before[item["id"]], item):
                rows += lines.remaining(store, sub, item, at)
    return Change(new, rows, anchor, anew)


def apply(store: Store, sub: Body, change: Change, *, proration: str, payment: str) -> Body | None:
    """Carry the change out; the invoice that it made, if any. Refusal (402) when the card must pay and does not."""
    at_once = change.anew or proration == "always_invoice"
    sub["_change"] = {"items": change.items, "anchor": change.anchor, "invoice": None}
    if not (at_once and (change.rows or change.anew)):
        lines.note_billed(change.items, change.rows)
        standing.put_into_force(store, sub)
        lines.keep_pending(store, sub, change.rows)
        return None
    id_ = new_id("in_")
    rows = lines.take_pending(store, sub, id_) + change.rows
    invoice = draft(store, sub, rows, "subscription_update", id_=id_)
    sub["_change"]["invoice"] = sub["latest_invoice"] = id_
    store.save(sub)
    store.emit("invoice.created", invoice)
    finalize(store, invoice)
    outcome = charging.attempt(store, invoice)
    if outcome == "paid":
        return invoice
    if payment == "error_if_incomplete":
        raise refused(store, invoice, keep=False)
    if payment in ("pending_if_incomplete", "default_incomplete"):
        standing.await_payment(store, sub)
    else:
        standing.put_into_force(store, sub)
        sub["status"] = "past_due"
        standing.failed(store, invoice)
    return invoice


def preview(
    store: Store, sub: Body, wanted: list[dict[str, Any]], *, proration: str, at: int, trial_now: bool, anew: bool
) -> Body:
    """The invoice that the same change would make now; call it where everything is taken back."""
    from billing.sandbox.engine.renewing import upcoming

    change = plan(store, sub, wanted, proration=proration, at=at, trial_now=trial_now, anew=anew)
    if change.anew or proration == "always_invoice":
        id_ = new_id("upcoming_in_")
        rows = lines.take_pending(store, sub, id_) + change.rows
        invoice = draft(store, sub, rows, "subscription_update", id_=id_)
    else:
        sub["_change"] = {"items": change.items, "anchor": change.anchor, "invoice": None}
        standing.put_into_force(store, sub)
        lines.keep_pending(store, sub, change.rows)
        invoice = upcoming(store, sub)
    invoice["parent"]["subscription_details"]["subscription_proration_date"] = at
    return invoice


def refused(store: Store, invoice: Body, *, keep: bool) -> Refusal:
    """The 402 for an invoice that was not paid."""
    intent = charging.intent_of(store, invoice)
    if intent["status"] == "requires_action":
        return declined(
            "subscription_payment_intent_requires_action" if not keep else "invoice_payment_intent_requires_action",
            "Payment for this invoice requires additional user action before it can be completed successfully.",
            keep=keep,
        )
    error = intent["last_payment_error"]
    return declined(error["code"], error["message"], keep=keep, decline_code=error["decline_code"])


def pause(store: Store, sub: Body, *, invoicing: str, credit: bool) -> None:
    """Stop: the unused time becomes a credit, on the next invoice or at once."""
    rows = []
    now = store.at(sub)
    for item in sub["items"]["data"]:
        if credit and sub["status"] != "trialing":
            rows += lines.unused(store, sub, item, now)
        item["_billed"] = []
    sub["status"] = "paused"
    sub["status_details"] = paused_details(now, "pause_requested")
    store.save(sub)
    if rows and invoicing == "invoice":
        invoice = draft(store, sub, rows, "subscription_update")
        sub["latest_invoice"] = invoice["id"]
        store.save(sub)
        store.emit("invoice.created", invoice)
        charging.open_and_try(store, invoice)
    else:
        lines.keep_pending(store, sub, rows)
    store.emit("customer.subscription.paused", sub)
    store.emit("customer.subscription.updated", sub)


def resume(store: Store, sub: Body, *, anchor_now: bool, payment: str, proration: str) -> None:
    """Go on: a new period from now with the credit taken into its invoice, or the rest of the old rhythm."""
    now = store.at(sub)
    items = sub["items"]["data"]
    if anchor_now:
        sub["billing_cycle_anchor"] = now
    for item in items:
        recurring = item["price"]["recurring"]
        item["current_period_start"] = now
        item["current_period_end"] = following(
            sub["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], now
        )
        item["billed_until"] = item["current_period_end"]
    id_ = new_id("in_")
    rows = lines.cycle(store, sub, items) if anchor_now else _rest(store, sub, proration)
    rows = lines.take_pending(store, sub, id_) + rows
    invoice = draft(store, sub, rows, "subscription_update", id_=id_)
    lines.note_billed(items, invoice["lines"]["data"])
    sub["latest_invoice"] = id_
    waits = payment == "resume_on_payment_success"
    if waits:
        sub["_resumes_with"] = id_
    else:
        sub["status"], sub["status_details"] = "active", None
    store.save(sub)
    store.emit("invoice.created", invoice)
    if not waits:
        store.emit("customer.subscription.resumed", sub)
    charging.open_and_try(store, invoice)
    store.emit("customer.subscription.updated", sub)


def _rest(store: Store, sub: Body, proration: str) -> list[Body]:
    if proration == "none":
        return []
    rows = []
    for item in sub["items"]["data"]:
        recurring = item["price"]["recurring"]
        end = item["current_period_end"]
        start = step(end, recurring["interval"], -recurring["interval_count"])
        whole = {**item, "current_period_start": start}
        rows += lines.remaining(store, sub, whole, store.at(sub))
    return rows


def _differ(one: Body, other: Body) -> bool:
    return (one["price"]["id"], one["quantity"]) != (other["price"]["id"], other["quantity"])


def _items(store: Store, sub: Body, items: list[Body], wanted: list[dict[str, Any]]) -> list[Body]:
    """``items`` after the changes asked for; Refusal when one cannot be."""
    for index, ask in enumerate(wanted):
        at = f"items[{index}]"
        item = next((one for one in items if one["id"] == ask.get("id")), None)
        if "id" in ask and item is None:
            raise Refusal(
                f"No such subscription item: '{ask['id']}'", status=404, code="resource_missing", param=f"{at}[id]"
            )
        if ask.get("deleted"):
            items = [one for one in items if one is not item]
            continue
        price = price_for(store, ask.get("price"), sub["currency"], f"{at}[price]") if "price" in ask else None
        if item is None:
            if price is None:
                raise Refusal(f"Missing required param: {at}[price].", code="parameter_missing", param=f"{at}[price]")
            old = items[0]
            items.append(
                make_item(
                    sub["id"], price, ask.get("quantity", 1), old["current_period_start"], old["current_period_end"]
                )
            )
            continue
        if price is not None:
            fresh = make_item(
                sub["id"], price, item["quantity"], item["current_period_start"], item["current_period_end"]
            )
            item.update(price=fresh["price"], plan=fresh["plan"])
        item["quantity"] = ask.get("quantity", item["quantity"])
    if not items:
        raise Refusal("A subscription must have at least one active plan.", param="items")
    rhythms = {(one["price"]["recurring"]["interval"], one["price"]["recurring"]["interval_count"]) for one in items}
    if len(rhythms) > 1 or len({one["price"]["id"] for one in items}) < len(items):
        raise Refusal("The items' prices must differ and share one billing interval.", param="items")
    return items


def price_for(store: Store, id_: str | None, currency: str | None, param: str) -> Body:
    """An active recurring price in the right currency."""
    price = store.get("price", id_ or "", param)
    if not price["active"]:
        raise Refusal("The price specified is inactive. This field only accepts active prices.", param=param)
    if price["type"] != "recurring":
        raise Refusal(
            "The price specified is set to `type=one_time` but this field only accepts recurring.", param=param
        )
    if currency and price["currency"] != currency:
        raise Refusal(
            f"The price specified only supports `{price['currency']}`. This doesn't match the expected currency: `{currency}`.",
            param=param,
        )
    return price
