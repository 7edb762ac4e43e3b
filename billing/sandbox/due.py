"""When an object next acts by itself: a pure function of its body."""

from typing import Any

DAY = 86_400
HOUR = 3_600
WILL_END = 3 * DAY
"""How long before its end a trial is announced."""

UPCOMING = 7 * DAY
"""How long before a renewal its invoice is announced."""

INCOMPLETE = 23 * HOUR
"""How long the first payment, or a pending change, may take."""

LIVE = ("trialing", "active", "past_due", "unpaid")


def due_of(body: dict[str, Any]) -> int | None:
    """Seconds since the epoch, or None when nothing is to come."""
    moments = _MOMENTS.get(body["object"])
    found = [moment for moment in moments(body) if moment is not None] if moments else []
    return min(found, default=None)


def period(subscription: dict[str, Any]) -> tuple[int, int]:
    """Start and end of the period that is paid for or tried."""
    first = subscription["items"]["data"][0]
    return int(first["current_period_start"]), int(first["current_period_end"])


def _of_subscription(body: dict[str, Any]) -> list[int | None]:
    if body["status"] == "incomplete":
        return [body["created"] + INCOMPLETE]
    if body["status"] == "paused":
        return [body["cancel_at"]]
    if body["status"] not in LIVE:
        return []
    start, end = period(body)
    moments: list[int | None] = [end, body["cancel_at"]]
    if body["pending_update"]:
        moments.append(body["pending_update"]["expires_at"])
    if body["status"] == "trialing" and body["_will_end_told"] != end:
        moments.append(max(end - WILL_END, start))
    awaited = body["status"] != "unpaid" and body["cancel_at"] is None and body["_upcoming_told"] != end
    if awaited and end - UPCOMING > start:
        moments.append(end - UPCOMING)
    return moments


def _of_invoice(body: dict[str, Any]) -> list[int | None]:
    if body["status"] == "draft" and body["auto_advance"]:
        return [body["automatically_finalizes_at"]]
    if body["status"] == "open" and body["auto_advance"]:
        return [body["next_payment_attempt"]]
    return []


def _of_checkout(body: dict[str, Any]) -> list[int | None]:
    return [body["expires_at"]] if body["status"] == "open" else []


_MOMENTS = {"subscription": _of_subscription, "invoice": _of_invoice, "checkout.session": _of_checkout}
