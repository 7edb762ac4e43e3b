"""What the operator's desk shows: read-only counts and lists over billing's facts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from billing.events import overdue
from billing.models import Drift, EventRow, Snapshot, TrialGrant
from billing.plans import plan_for
from billing.reconcile import drift_count, drift_list
from lift.accounts.people import emails_of

PAYING = ("active", "past_due")
"""Statuses that count for recurring revenue: what is paid, or is being collected."""
MOST = 200
"""Rows of a list."""
SEVERAL = 50


@dataclass(frozen=True)
class Numbers:
    """How many of what; revenue is minor units a month, by currency."""

    subscribers: dict[str, int]
    trials: int
    trials_ended: int
    bought: int
    revenue: dict[str, int]
    drifts: int
    overdue_events: int


@dataclass(frozen=True)
class Failing:
    """A subscription whose payment failed."""

    account_id: UUID
    email: str
    status: str
    since: datetime | None


def monthly_revenue(prices: Sequence[str]) -> dict[str, int]:
    """Minor units a month by currency, from the prices of what is paid; a price that we do not sell counts nothing."""
    a_year: Counter[str] = Counter()
    for price in prices:
        plan = plan_for(price)
        if plan is not None:
            a_year[plan.currency] += plan.amount * 12 // plan.months
    return {currency: amount // 12 for currency, amount in sorted(a_year.items())}


def numbers(session: Session, now: datetime, *, livemode: bool) -> Numbers:
    """All numbers of the desk."""
    mode = Snapshot.livemode.is_(livemode)
    counted = session.execute(select(Snapshot.status, func.count()).where(mode).group_by(Snapshot.status))
    paying = session.execute(select(Snapshot.price).where(mode, Snapshot.status.in_(PAYING))).scalars().all()
    running = select(func.count()).where(TrialGrant.ends_at > now)
    ended = select(func.count()).where(TrialGrant.ends_at <= now)
    had_trial = select(TrialGrant.account_id)
    bought = select(func.count(Snapshot.account_id.distinct())).where(mode, Snapshot.account_id.in_(had_trial))
    return Numbers(
        subscribers=dict(sorted(counted.all())),
        trials=session.execute(running).scalar_one(),
        trials_ended=session.execute(ended).scalar_one(),
        bought=session.execute(bought).scalar_one(),
        revenue=monthly_revenue(paying),
        drifts=drift_count(session, now),
        overdue_events=overdue(session, now),
    )


def failing(session: Session, *, livemode: bool) -> list[Failing]:
    """Subscriptions whose payment failed, the oldest failure first."""
    rows = session.execute(
        select(Snapshot.account_id, Snapshot.status, Snapshot.first_failed_at)
        .where(Snapshot.livemode.is_(livemode), Snapshot.status.in_(("past_due", "unpaid")))
        .order_by(Snapshot.first_failed_at)
        .limit(MOST)
    ).all()
    emails = emails_of(session, [row.account_id for row in rows])
    return [Failing(row.account_id, emails.get(row.account_id, ""), row.status, row.first_failed_at) for row in rows]


def subscribers(session: Session, *, livemode: bool) -> list[tuple[Snapshot, str]]:
    """Subscriptions that live with their person's address, the newest copy first."""
    rows = list(
        session.execute(
            select(Snapshot)
            .where(Snapshot.livemode.is_(livemode), Snapshot.status.not_in(("canceled", "incomplete_expired")))
            .order_by(Snapshot.fetched_at.desc())
            .limit(MOST)
        ).scalars()
    )
    emails = emails_of(session, [row.account_id for row in rows])
    return [(row, emails.get(row.account_id, "")) for row in rows]


def inbox(session: Session, state: str | None = None) -> list[EventRow]:
    """Events, the newest first; of one state where it is named."""
    statement = select(EventRow).order_by(EventRow.received_at.desc(), EventRow.id).limit(MOST)
    if state:
        statement = statement.where(EventRow.state == state)
    return list(session.execute(statement).scalars())


def differences(session: Session) -> list[Drift]:
    """What comparisons found lately, and what is not understood."""
    return drift_list(session, SEVERAL)
