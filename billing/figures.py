"""What an operator reads of billing's tables: counts and lists, one query each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from billing.events import overdue
from billing.measures import Life, monthly_revenue
from billing.models import Audit, Drift, Effect, EventRow, Reservation, Snapshot, TrialGrant
from billing.reconcile import drift_count
from billing.store import OPEN

PAYING = ("active", "past_due")
"""Statuses that count for recurring revenue: what is paid, or is being collected."""
NEVER_RAN = ("incomplete", "incomplete_expired")
MOST = 200
"""Rows of a list."""

Column = InstrumentedAttribute[UUID]


@dataclass(frozen=True)
class Numbers:
    """How many of what; revenue is minor units a month, by currency."""

    subscribers: dict[str, int]
    trials: int
    trials_ended: int
    revenue: dict[str, int]
    drifts: int
    overdue_events: int


def numbers(session: Session, now: datetime, *, livemode: bool) -> Numbers:
    """The counts at the head of the desk."""
    by_price = session.execute(
        select(Snapshot.status, Snapshot.price, func.count())
        .where(Snapshot.livemode.is_(livemode))
        .group_by(Snapshot.status, Snapshot.price)
    ).all()
    running = func.count().filter(TrialGrant.ends_at > now)
    trials, all_trials = session.execute(select(running, func.count()).select_from(TrialGrant)).one()
    statuses: dict[str, int] = {}
    paying: list[str] = []
    for status, price, count in by_price:
        statuses[status] = statuses.get(status, 0) + count
        paying += [price] * count if status in PAYING else []
    return Numbers(
        subscribers=dict(sorted(statuses.items())),
        trials=trials,
        trials_ended=all_trials - trials,
        revenue=monthly_revenue(paying),
        drifts=drift_count(session, now),
        overdue_events=overdue(session, now),
    )


def failing(session: Session, *, livemode: bool) -> Sequence[Snapshot]:
    """Subscriptions whose payment failed, the oldest failure first."""
    found = select(Snapshot).where(Snapshot.livemode.is_(livemode), Snapshot.status.in_(("past_due", "unpaid")))
    return session.execute(found.order_by(Snapshot.first_failed_at).limit(MOST)).scalars().all()


def living(session: Session, *, livemode: bool) -> Sequence[Snapshot]:
    """Subscriptions that live, the newest copy first."""
    found = select(Snapshot).where(
        Snapshot.livemode.is_(livemode), Snapshot.status.not_in(("canceled", "incomplete_expired"))
    )
    return session.execute(found.order_by(Snapshot.fetched_at.desc()).limit(MOST)).scalars().all()


def inbox(session: Session, state: str | None = None) -> Sequence[EventRow]:
    """Events, the newest first; of one state where it is named."""
    statement = select(EventRow).order_by(EventRow.received_at.desc(), EventRow.id).limit(MOST)
    if state:
        statement = statement.where(EventRow.state == state)
    return session.execute(statement).scalars().all()


def lives(session: Session, *, livemode: bool) -> list[Life]:
    """Every subscription that ever ran, from the ledger of what its person was told.

    It began when its start was told. It is unpaid when a bill that failed in its time was never followed by a receipt.
    """
    begun, failed, paid = aliased(Effect), aliased(Effect), aliased(Effect)
    receipt = "receipt:" + func.split_part(failed.effect_key, ":", 2)
    never_paid = ~exists().where(paid.effect_key == receipt)
    unpaid = exists().where(
        failed.account_id == Snapshot.account_id,
        failed.kind == "payment_failed",
        failed.at >= begun.at,
        failed.at <= Snapshot.ended_at,
        never_paid,
    )
    rows = session.execute(
        select(begun.at, Snapshot.ended_at, unpaid)
        .join(begun, begun.effect_key == "subscribed:" + Snapshot.sub_id)
        .where(Snapshot.livemode.is_(livemode))
    )
    return [Life(began_at, ended_at, lack) for began_at, ended_at, lack in rows]


def deleted_accounts(session: Session, since: datetime) -> int:
    """How many accounts were deleted since then: they are in no other number."""
    deleted = select(func.count()).where(Audit.what == "account_deleted", Audit.at > since)
    return session.execute(deleted).scalar_one()


def had_trial(account_id: Column) -> ColumnElement[bool]:
    """For a query over accounts: whether a trial was granted."""
    return exists().where(TrialGrant.account_id == account_id)


def opened_checkout(account_id: Column) -> ColumnElement[bool]:
    """For a query over accounts: whether the page for paying was ever opened."""
    return exists().where(Reservation.account_id == account_id, Reservation.session_id.is_not(None))


def ever_subscribed(account_id: Column, *, livemode: bool) -> ColumnElement[bool]:
    """For a query over accounts: whether a subscription ever ran."""
    ran = and_(Snapshot.livemode.is_(livemode), Snapshot.status.not_in(NEVER_RAN))
    return exists().where(Snapshot.account_id == account_id, ran)


def drifts_by_kind(session: Session, now: datetime, *, within: timedelta = timedelta(days=1)) -> dict[str, int]:
    """Differences and alerts that were found lately."""
    found = select(Drift.kind, func.count()).where(Drift.found_at > now - within).group_by(Drift.kind)
    return dict(session.execute(found).all())


def events_by_state(session: Session) -> dict[str, int]:
    """How many events the inbox holds."""
    return dict(session.execute(select(EventRow.state, func.count()).group_by(EventRow.state)).all())


def oldest_open_event(session: Session) -> datetime | None:
    """When the oldest event came in that is not settled."""
    return session.execute(select(func.min(EventRow.received_at)).where(EventRow.state.in_(OPEN))).scalar_one()


def subscriptions_by_status(session: Session, *, livemode: bool) -> dict[str, int]:
    """How many subscriptions there are."""
    counted = select(Snapshot.status, func.count()).where(Snapshot.livemode.is_(livemode)).group_by(Snapshot.status)
    return dict(session.execute(counted).all())
