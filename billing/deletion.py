"""The end of an account: the provider first, and what fails there stops it here."""

import re
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from billing.customers import customer_of
from billing.desk import BillingError, Desk, TryAgain
from billing.gateway import ENDED, GatewayDown, Missing, Refused, Subscription
from billing.models import (
    Audit,
    CompRow,
    CustomerRow,
    Drift,
    Effect,
    EventRow,
    Fence,
    HoldRow,
    RefundRow,
    Reservation,
    Snapshot,
    TrialGrant,
)
from billing.subscriptions import months_later
from billing.sync import MONEY, SUBSCRIPTION, sync_subscription

NAMELESS = "(removed)"
"""Stands in the audit trail where the address of somebody stood who is gone."""

DOWN = "Our payment provider does not answer, so your account stays as it is. Please try again in a minute."


REFUSED = "Our payment provider did not take this, so your account stays as it is. Please write to us."


def _subscriptions(desk: Desk, account_id: UUID) -> tuple[Subscription, ...]:
    """What lives at the provider for the account; the provider is asked, not our copy."""
    with desk.uow() as session:
        customer_id = customer_of(session, account_id)
        known = set(session.execute(select(Snapshot.customer_id).where(Snapshot.account_id == account_id)).scalars())
    found: list[Subscription] = []
    for customer in sorted(known | ({customer_id} if customer_id else set())):
        try:
            found += [sub for sub in desk.gateway.subscriptions(customer) if sub.status not in ENDED]
        except Missing:
            continue
    return tuple(found)


def _expire_checkout(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Nobody can pay any more on a page that is still open."""
    with desk.uow() as session:
        held = session.execute(
            select(Reservation).where(Reservation.account_id == account_id, Reservation.closed_at.is_(None))
        ).scalar_one_or_none()
    if held is None or held.session_id is None:
        return
    try:
        desk.gateway.expire_checkout(held.session_id)
    except (Refused, Missing):
        return
    with desk.uow() as session:
        session.execute(update(Reservation).where(Reservation.id == held.id).values(closed_at=now, outcome="expired"))


def request_deletion(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Charge nothing from now on, in a way that can be undone: ``TryAgain`` leaves the account as it is.

    A subscription that is paid runs out; one that only collects is cancelled; a pause has no end.
    """
    try:
        _expire_checkout(desk, account_id, now)
        for sub in _subscriptions(desk, account_id):
            if sub.status in ("active", "trialing"):
                desk.gateway.set_cancel_at_period_end(sub.id, True)
            elif sub.status == "paused":
                desk.gateway.set_resume_date(sub.id, None)
            else:
                desk.gateway.cancel_now(sub.id)
            _copy(desk, sub.id, now)
    except GatewayDown as down:
        raise TryAgain(DOWN) from down
    except (Refused, Missing) as refused:
        raise BillingError(REFUSED) from refused


def _copy(desk: Desk, sub_id: str, now: datetime) -> None:
    """What was done is done: the webhook, or the hourly comparison, brings the copy if the provider is silent now."""
    with suppress(GatewayDown):
        sync_subscription(desk, sub_id, now)


def undo_deletion(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Take the request back within its time: what was to run out goes on, a pause ends in a month."""
    try:
        for sub in _subscriptions(desk, account_id):
            if sub.status in ("active", "trialing") and sub.cancel_at_period_end:
                desk.gateway.set_cancel_at_period_end(sub.id, False)
            elif sub.status == "paused" and sub.resumes_at is None:
                desk.gateway.set_resume_date(sub.id, months_later(now.replace(microsecond=0), 1))
            _copy(desk, sub.id, now)
    except GatewayDown as down:
        raise TryAgain(DOWN) from down
    except (Refused, Missing) as refused:
        raise BillingError(REFUSED) from refused


def end_at_provider(desk: Desk, account_id: UUID, now: datetime) -> None:
    """First half of the purge: nothing lives at the provider afterwards. ``TryAgain`` aborts the purge."""
    try:
        _expire_checkout(desk, account_id, now)
        for sub in _subscriptions(desk, account_id):
            desk.gateway.cancel_now(sub.id)
        if _subscriptions(desk, account_id):
            raise TryAgain(DOWN)
    except (GatewayDown, Refused) as failed:
        raise TryAgain(DOWN) from failed


def forget_account(session: Session, account_id: UUID, address: str | None = None) -> None:
    """Second half of the purge, in the transaction that deletes the account.

    What stays: the trial's HMAC and the audit trail, both under a fresh pseudonym. The person's ``address`` is taken
    out of what others wrote about them, and out of what they did themselves while they ran the place.
    """
    subs = list(session.execute(select(Snapshot.sub_id).where(Snapshot.account_id == account_id)).scalars())
    customers = set(session.execute(select(Snapshot.customer_id).where(Snapshot.account_id == account_id)).scalars())
    customer_id = customer_of(session, account_id)
    customers |= {customer_id} if customer_id else set()
    checkouts = session.execute(select(Reservation.session_id).where(Reservation.account_id == account_id)).scalars()
    charges = session.execute(select(RefundRow.charge_id).where(RefundRow.account_id == account_id)).scalars()
    subjects = [SUBSCRIPTION + sub for sub in subs]
    for customer in sorted(customers):
        subjects += [MONEY + customer, f"customer:{customer}"]
    subjects += [f"checkout:{session_id}" for session_id in checkouts if session_id]
    subjects += [f"charge:{charge}" for charge in charges]
    session.execute(delete(Fence).where(Fence.key.in_(subjects)))
    of_customer = EventRow.payload["data"]["object"]["customer"].astext.in_(sorted(customers))
    session.execute(delete(EventRow).where(EventRow.subject.in_(subjects) | of_customer))
    for table in (CustomerRow, Reservation, Snapshot, CompRow, HoldRow, RefundRow, Effect, Drift):
        session.execute(delete(table).where(table.account_id == account_id))
    pseudonym = uuid4()
    session.execute(update(Audit).where(Audit.account_id == account_id).values(account_id=pseudonym, detail={}))
    if address:
        _strike_out(session, address)
    session.execute(update(TrialGrant).where(TrialGrant.account_id == account_id).values(account_id=pseudonym))


def _strike_out(session: Session, address: str) -> None:
    """The trail says what was done and why, and no longer to or by which address."""
    pattern = re.escape(address)
    struck = {name: func.regexp_replace(getattr(Audit, name), pattern, NAMELESS, "gi") for name in ("who", "why")}
    session.execute(
        update(Audit).where(Audit.who.regexp_match(pattern, "i") | Audit.why.regexp_match(pattern, "i")).values(struck)
    )
    session.execute(update(CompRow).where(func.lower(CompRow.given_by) == address.lower()).values(given_by=NAMELESS))
