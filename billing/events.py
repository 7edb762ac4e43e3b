"""The inbox: verify, store once, answer; later find out what the event is about and copy the provider's state.

The payload is never applied. It only says where to look.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from billing.checkout import settle
from billing.customers import forget_customer
from billing.desk import EVENT_JOB, Desk, Enqueue
from billing.gateway import Missing
from billing.models import EventRow, Snapshot
from billing.signature import verify
from billing.store import OPEN, SqlStore, store_event
from billing.subscriptions import retry_open_invoice
from billing.sync import MONEY, SUBSCRIPTION, claim, settle_claim, sync

CHECKOUT = "checkout:"
CHARGE = "charge:"
CUSTOMER = "customer:"
SETTLED = ("done", "ignored")


# Built once, on the table: see billing.store.
_events = cast(Table, EventRow.__table__)
_ONE = select(_events.c.type, _events.c.subject, _events.c.livemode, _events.c.state).where(
    _events.c.id == bindparam("event_id")
)


class BadEvent(Exception):
    """The body is signed and yet no event that may be stored here."""


@dataclass(frozen=True)
class Received:
    """The event, and whether it came for the first time."""

    event_id: str
    new: bool


def _text(value: object) -> str | None:
    """An id, also where the object was expanded."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) and value else None


def _invoice_subscription(thing: Mapping[str, Any]) -> str | None:
    parent = thing.get("parent")
    details = parent.get("subscription_details") if isinstance(parent, Mapping) else None
    found = details.get("subscription") if isinstance(details, Mapping) else None
    return _text(found) or _text(thing.get("subscription"))


def subject_of(kind: str, thing: Mapping[str, Any]) -> str | None:
    """What to read again because of an event of this kind; None for what does not concern us."""
    customer = _text(thing.get("customer"))
    found: tuple[str, str | None] = ("", None)
    if kind.startswith("customer.subscription."):
        found = (SUBSCRIPTION, _text(thing.get("id")))
    elif kind.startswith("invoice."):
        found = (SUBSCRIPTION, _invoice_subscription(thing))
    elif kind.startswith("checkout.session."):
        found = (CHECKOUT, _text(thing.get("id")))
    elif kind.startswith(("charge.dispute.", "refund.", "charge.refund.")):
        found = (CHARGE, _text(thing.get("charge")))
    elif kind == "charge.refunded":
        found = (MONEY, customer) if customer else (CHARGE, _text(thing.get("id")))
    elif kind in ("customer.updated", "customer.deleted"):
        found = (CUSTOMER, _text(thing.get("id")))
    elif kind.startswith("payment_method."):
        found = (CUSTOMER, customer)
    prefix, object_id = found
    return prefix + object_id if object_id and len(object_id) <= 255 else None


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise BadEvent("The body is no JSON.") from error
    if not isinstance(body, dict) or "\\u0000" in raw.decode():
        raise BadEvent("The body is no event.")
    thing = body["data"].get("object") if isinstance(body.get("data"), dict) else None
    named = all(isinstance(body.get(name), str) and 0 < len(body[name]) <= 120 for name in ("id", "type"))
    created = body.get("created")
    if not named or type(created) is not int or not 0 <= created < 2**33 or not isinstance(thing, dict):
        raise BadEvent("The body is no event.")
    return body


def receive(
    session: Session,
    raw: bytes,
    header: str | None,
    secrets: tuple[str, ...],
    now: datetime,
    *,
    livemode: bool,
    enqueue: Enqueue,
) -> Received:
    """Store a signed event and promise its work, in the caller's transaction; a repeat changes nothing.

    While an earlier event about the same thing waits for its work, that work will do for this one too.

    ``BadSignature`` and ``BadEvent`` store nothing; the latter also for an event of the other mode.
    """
    verify(raw, header, secrets, now)
    body = _parse(raw)
    if body.get("livemode") is not livemode:
        raise BadEvent("The event is of the other mode: test and live never mix.")
    subject = subject_of(body["type"], body["data"]["object"])
    row = {
        "id": body["id"],
        "type": body["type"],
        "subject": subject,
        "created": datetime.fromtimestamp(body["created"], UTC),
        "livemode": livemode,
        "api_version": str(body.get("api_version") or "")[:60],
        "payload": body,
        "received_at": now,
        "state": "pending" if subject else "ignored",
        "attempts": 0,
    }
    new, awaited = store_event(session, row)
    if new and subject is not None and not awaited:
        enqueue(session, EVENT_JOB, f"event:{body['id']}", {"event_id": body["id"]})
    return Received(body["id"], new)


def process(desk: Desk, event_id: str, now: datetime) -> bool:
    """Work one event; False when it is settled already, perhaps by the work of another. Safe to repeat."""
    with desk.uow() as session:
        found = session.execute(_ONE, {"event_id": event_id}).one_or_none()
        if found is None or found.state not in OPEN:
            return False
        kind, subject, livemode, _ = found
        ours = livemode is desk.gateway.livemode and subject is not None
        # The claim on a subscription or on its money marks its events itself, with what else it takes.
        claimable = ours and subject.startswith((SUBSCRIPTION, MONEY))
        claimed = claim(SqlStore(session, desk.mail), subject) if claimable else None
    if not ours:
        _end(desk, event_id, "ignored")
        return False
    if claimed is None and not _begin(desk, event_id):
        return False
    try:
        if claimed is not None:
            settle_claim(desk, claimed, now)
        else:
            _work(desk, kind, subject, now)
    except Exception as error:
        _end(desk, event_id, "failed", f"{type(error).__name__}: {error}"[:500])
        raise
    if claimed is None:
        _end(desk, event_id, "done")
    return True


def _begin(desk: Desk, event_id: str) -> bool:
    with desk.uow() as session:
        begun = update(EventRow).where(EventRow.id == event_id, EventRow.state.in_(OPEN))
        marked = begun.values(state="processing", attempts=EventRow.attempts + 1).returning(EventRow.id)
        return session.execute(marked).scalar_one_or_none() is not None


def _end(desk: Desk, event_id: str, state: str, error: str | None = None) -> None:
    with desk.uow() as session:
        session.execute(
            update(EventRow).where(EventRow.id == event_id, EventRow.state.in_(OPEN)).values(state=state, error=error)
        )


def _work(desk: Desk, kind: str, subject: str, now: datetime) -> None:
    prefix, _, object_id = subject.partition(":")
    if prefix + ":" == CHECKOUT:
        settle(desk, object_id, now)
    elif prefix + ":" == CHARGE:
        customer_id = desk.gateway.charge_customer(object_id)
        if customer_id is not None:
            sync(desk, MONEY + customer_id, now)
    else:
        _work_customer(desk, kind, object_id, now)


def _work_customer(desk: Desk, kind: str, customer_id: str, now: datetime) -> None:
    """A customer changed: their subscriptions may have ended, or their card may be good again."""
    with desk.uow() as session:
        known = session.execute(select(Snapshot.sub_id).where(Snapshot.customer_id == customer_id)).scalars().all()
    for sub_id in known:
        sync(desk, SUBSCRIPTION + sub_id, now)
    try:
        desk.gateway.customer(customer_id)
    except Missing:
        with desk.uow() as session:
            forget_customer(session, customer_id)
        return
    if kind != "customer.deleted":
        retry_open_invoice(desk, customer_id, now)


def replay(session: Session, event_id: str, now: datetime, enqueue: Enqueue) -> bool:
    """Work a stored event once more, whatever became of it; False when there is none or it concerns nothing."""
    found = session.execute(
        update(EventRow)
        .where(EventRow.id == event_id, EventRow.subject.is_not(None))
        .values(state="pending", error=None)
        .returning(EventRow.id)
    ).scalar_one_or_none()
    if found is not None:
        enqueue(session, EVENT_JOB, f"event:{event_id}:{now.timestamp():.6f}", {"event_id": event_id})
    return found is not None


def overdue(session: Session, now: datetime, *, after: timedelta = timedelta(hours=1)) -> int:
    """How many events have waited longer than ``after`` to be settled."""
    return session.execute(
        select(func.count()).where(EventRow.state.in_(OPEN), EventRow.received_at < now - after)
    ).scalar_one()


def forget_payloads(session: Session, now: datetime, *, after: timedelta = timedelta(days=30)) -> int:
    """Empty what settled events said, names and addresses among it; how many. Their kind and subject stay."""
    old = update(EventRow).where(
        EventRow.state.in_(SETTLED), EventRow.received_at < now - after, EventRow.payload != {}
    )
    return len(session.execute(old.values(payload={}).returning(EventRow.id)).all())
