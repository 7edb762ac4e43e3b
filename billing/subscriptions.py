"""What a subscriber does with a running subscription: each asks the provider first and then copies its answer."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.access import GRACE
from billing.desk import BillingError, Declined, Desk, NoSubscription, TryAgain
from billing.effects import first_time
from billing.gateway import CardDeclined, GatewayDown, Invoice, Missing, PaymentMethod, Preview, Refused
from billing.models import CustomerRow, Effect, Snapshot
from billing.plans import Plan, plan_for
from billing.sync import sync_subscription

STATUS_ORDER = ("active", "trialing", "past_due", "paused", "unpaid", "incomplete")
"""Statuses of a subscription that lives, the one that counts first."""

GIVE_UP = GRACE + timedelta(days=14)
"""From the first failure until we tell the provider to stop collecting; paying before that restores everything."""

PAUSES = (1, 2, 3)
"""Months for which a subscription may be paused."""

DOWN = "Our payment provider does not answer. Nothing has changed; please try again in a minute."


def live_snapshot(session: Session, account_id: UUID, *, livemode: bool) -> Snapshot | None:
    """The subscription of the account that lives, if any."""
    rows = session.execute(
        select(Snapshot).where(
            Snapshot.account_id == account_id, Snapshot.livemode.is_(livemode), Snapshot.status.in_(STATUS_ORDER)
        )
    ).scalars()
    return min(rows, key=lambda row: (STATUS_ORDER.index(row.status), row.sub_id), default=None)


def _live(desk: Desk, account_id: UUID, *statuses: str) -> Snapshot:
    with desk.uow() as session:
        found = live_snapshot(session, account_id, livemode=desk.gateway.livemode)
    if found is None or (statuses and found.status not in statuses):
        raise NoSubscription("There is no subscription that this could change.")
    return found


def _ask(desk: Desk, sub_id: str, now: datetime, call: Callable[[], object]) -> None:
    """Make the call, and copy what it made of the subscription, also when it failed half-way."""
    try:
        call()
    except GatewayDown as down:
        raise TryAgain(DOWN) from down
    except CardDeclined as declined:
        sync_subscription(desk, sub_id, now)
        raise Declined(str(declined)) from declined
    except Missing as gone:
        sync_subscription(desk, sub_id, now)
        raise NoSubscription("This subscription has ended.") from gone
    except Refused as refused:
        sync_subscription(desk, sub_id, now)
        raise BillingError("This cannot be done with the subscription as it is now.") from refused
    try:
        sync_subscription(desk, sub_id, now)
    except GatewayDown:
        # It is done; the webhook, or the hourly reconciliation, brings the copy.
        return


def _plan(plan_key: str) -> Plan:
    plan = plan_for(plan_key)
    if plan is None:
        raise KeyError(plan_key)
    return plan


def preview_change(desk: Desk, account_id: UUID, plan_key: str, now: datetime) -> Preview:
    """What the other plan costs now, to the cent; hand its ``proration_date`` to ``change_plan``."""
    sub = _live(desk, account_id, "active", "trialing")
    try:
        return desk.gateway.preview_change(sub.sub_id, _plan(plan_key), now.replace(microsecond=0))
    except GatewayDown as down:
        raise TryAgain(DOWN) from down
    except Refused as refused:
        raise BillingError("This subscription cannot change to that plan.") from refused


def change_plan(desk: Desk, account_id: UUID, plan_key: str, proration_date: datetime, now: datetime) -> None:
    """Change as previewed; ``Declined`` leaves the old plan. The same preview confirmed twice is charged once."""
    sub = _live(desk, account_id, "active", "trialing")
    plan = _plan(plan_key)
    if not now - timedelta(minutes=30) <= proration_date <= now + timedelta(minutes=1):
        raise BillingError("This preview is too old. Look at the new one.")
    key = f"change:{sub.sub_id}:{plan.key}:{int(proration_date.timestamp())}"
    _ask(desk, sub.sub_id, now, lambda: desk.gateway.change_plan(sub.sub_id, plan, proration_date, key))


def cancel_at_period_end(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Let it run out: everything stays open until the end that was paid for."""
    sub = _live(desk, account_id, "active", "trialing", "past_due")
    _ask(desk, sub.sub_id, now, lambda: desk.gateway.set_cancel_at_period_end(sub.sub_id, True))


def undo_cancel(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Let it go on after all."""
    sub = _live(desk, account_id, "active", "trialing", "past_due")
    _ask(desk, sub.sub_id, now, lambda: desk.gateway.set_cancel_at_period_end(sub.sub_id, False))


def cancel_now(desk: Desk, account_id: UUID, now: datetime) -> None:
    """End it at once; nothing more is charged."""
    sub = _live(desk, account_id)
    _ask(desk, sub.sub_id, now, lambda: desk.gateway.cancel_now(sub.sub_id))


def months_later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=year, month=month + 1, day=min(day, moment.day))
        except ValueError:
            continue
    raise ValueError(moment)


def pause(desk: Desk, account_id: UUID, months: int, now: datetime) -> datetime:
    """Stop it for 1–3 months, the unused time credited; when it goes on by itself."""
    if months not in PAUSES:
        raise BillingError("A subscription can be paused for one, two or three months.")
    sub = _live(desk, account_id, "active")
    until = months_later(now.replace(microsecond=0), months)
    key = f"pause:{sub.sub_id}:{int(now.timestamp())}"
    _ask(desk, sub.sub_id, now, lambda: desk.gateway.pause(sub.sub_id, until, key))
    return until


def resume(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Go on with a paused subscription at once."""
    sub = _live(desk, account_id, "paused")
    _resume(desk, sub, now)


def _resume(desk: Desk, sub: Snapshot, now: datetime) -> None:
    key = f"resume:{sub.sub_id}:{int(sub.resumes_at.timestamp()) if sub.resumes_at else 0}:{now:%Y%m%d%H}"
    _ask(desk, sub.sub_id, now, lambda: desk.gateway.resume(sub.sub_id, key))


def resume_due(desk: Desk, now: datetime) -> int:
    """Go on with every subscription whose pause is over; for the schedule. How many went on."""
    with desk.uow() as session:
        due = session.execute(
            select(Snapshot).where(
                Snapshot.status == "paused",
                Snapshot.resumes_at <= now,
                Snapshot.livemode.is_(desk.gateway.livemode),
            )
        ).scalars()
        rows = list(due)
    return sum(_tried(lambda row=row: _resume(desk, row, now)) for row in rows)  # type: ignore[misc]  # the default binds the row


def stop_collecting(desk: Desk, now: datetime) -> int:
    """Cancel what has been unpaid for longer than ``GIVE_UP``, so that nobody is charged later; how many."""
    with desk.uow() as session:
        rows = list(
            session.execute(
                select(Snapshot).where(
                    Snapshot.status.in_(("past_due", "unpaid")),
                    Snapshot.first_failed_at <= now - GIVE_UP,
                    Snapshot.livemode.is_(desk.gateway.livemode),
                )
            ).scalars()
        )

    def end(row: Snapshot) -> Callable[[], None]:
        return lambda: _ask(desk, row.sub_id, now, lambda: desk.gateway.cancel_now(row.sub_id))

    return sum(_tried(end(row)) for row in rows)


def _tried(call: Callable[[], None]) -> bool:
    """One that fails does not stop the others; the next run tries it again."""
    try:
        call()
    except BillingError:
        return False
    return True


def retry_open_invoice(desk: Desk, customer_id: str, now: datetime) -> bool:
    """After a card was changed: try each unpaid bill once with it. Whether one was tried."""
    card = desk.gateway.payment_method(customer_id)
    if card is None:
        return False
    tried = False
    with desk.uow() as session:
        rows = list(session.execute(select(Snapshot).where(Snapshot.customer_id == customer_id)).scalars())
    for row in rows:
        if row.status in ("past_due", "unpaid") and row.open_invoice is not None:
            tried = _pay_once(desk, row, row.open_invoice, card, now) or tried
    return tried


def _pay_once(desk: Desk, row: Snapshot, invoice_id: str, card: PaymentMethod, now: datetime) -> bool:
    # A bank that renews a card leaves its id as it is.
    effect_key = f"retry:{invoice_id}:{card.id}:{card.last4}:{card.exp_year}-{card.exp_month}"
    with desk.uow() as session:
        if session.get(Effect, effect_key) is not None:
            return False
    # A failure is said by the bill itself, and the copy below shows it.
    with suppress(CardDeclined, Refused, Missing):
        desk.gateway.pay_invoice(invoice_id, effect_key)
    # After the call: a crash in between asks again with the same key, which charges nothing twice.
    with desk.uow() as session:
        first_time(session, effect_key, row.account_id, "retry", now)
    sync_subscription(desk, row.sub_id, now)
    return True


def card_updated(desk: Desk, account_id: UUID, now: datetime) -> bool:
    """Try an unpaid bill once with the card on file; False when there is none, or this card was tried for it."""
    with desk.uow() as session:
        customer_id = session.execute(
            select(CustomerRow.provider_id).where(CustomerRow.account_id == account_id)
        ).scalar_one_or_none()
    try:
        return customer_id is not None and retry_open_invoice(desk, customer_id, now)
    except GatewayDown as down:
        raise TryAgain(DOWN) from down


def invoices(desk: Desk, account_id: UUID) -> tuple[Invoice, ...]:
    """The account's bills, the newest first."""
    with desk.uow() as session:
        customer_id = session.execute(
            select(CustomerRow.provider_id).where(CustomerRow.account_id == account_id)
        ).scalar_one_or_none()
    if customer_id is None:
        return ()
    try:
        return desk.gateway.invoices(customer_id)
    except Missing:
        return ()
    except GatewayDown as down:
        raise TryAgain(DOWN) from down
