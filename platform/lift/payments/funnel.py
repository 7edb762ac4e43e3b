"""From sign-up to subscription, by week of the sign-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from billing.figures import ever_subscribed, had_trial, opened_checkout
from billing.measures import share
from lift.accounts.models import Account
from lift.interviews.queries import has_answered

WEEKS = 12
STEPS = ("Signed up", "Trial started", "First answer", "Checkout opened", "Subscribed")
"""Each is counted for itself: somebody may subscribe who never answered."""


@dataclass(frozen=True)
class Cohort:
    """Who signed up in one week (from Monday, UTC), and how many of them took each of ``STEPS``."""

    week: date
    counts: tuple[int, ...]

    @property
    def shares(self) -> tuple[str, ...]:
        """Of each step after the first, as a share of the sign-ups."""
        return tuple(share(count, self.counts[0]) for count in self.counts[1:])


def monday(moment: datetime) -> date:
    """The first day of the week in UTC."""
    today = moment.astimezone(UTC).date()
    return today - timedelta(days=today.weekday())


def total(cohorts: Sequence[Cohort]) -> tuple[int, ...]:
    """All weeks together."""
    return tuple(sum(column) for column in zip(*(cohort.counts for cohort in cohorts), strict=True)) or (0,) * len(
        STEPS
    )


def funnel(session: Session, now: datetime, *, livemode: bool) -> list[Cohort]:
    """The last twelve weeks, the newest first; a week in which nobody came is there too. One query."""
    first = monday(now) - timedelta(weeks=WEEKS - 1)
    # PostgreSQL's weeks begin on Monday; the session's zone is UTC.
    week = cast(func.date_trunc("week", Account.created_at), Date)
    steps = (
        had_trial(Account.id),
        has_answered(Account.id),
        opened_checkout(Account.id),
        ever_subscribed(Account.id, livemode=livemode),
    )
    rows = session.execute(
        select(week, func.count(), *(func.count().filter(step) for step in steps))
        .where(Account.created_at >= datetime(first.year, first.month, first.day, tzinfo=UTC))
        .group_by(week)
    )
    found = {row[0]: tuple(row[1:]) for row in rows}
    weeks = [monday(now) - timedelta(weeks=back) for back in range(WEEKS)]
    return [Cohort(day, found.get(day, (0,) * len(STEPS))) for day in weeks]
