"""The arithmetic of the desk's numbers: pure, in integers, and silent where there is too little to speak of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from billing.plans import plan_for

ENOUGH = 20
"""Of so many a share is said in percent; of fewer only the counts are."""


def share(part: int, whole: int) -> str:
    """``35 %`` of many, ``3 of 5`` of few, and nothing of none."""
    if whole <= 0:
        return "none yet"
    if whole < ENOUGH:
        return f"{part} of {whole}"
    # Halves go up, without a float: 1 of 200 is 1 %.
    return f"{(200 * part + whole) // (2 * whole)} %"


def monthly_revenue(prices: Iterable[str]) -> dict[str, int]:
    """Minor units a month by currency, from the prices of what is paid; a price that we do not sell counts nothing."""
    a_year: Counter[str] = Counter()
    for price in prices:
        plan = plan_for(price)
        if plan is not None:
            a_year[plan.currency] += plan.amount * 12 // plan.months
    return {currency: amount // 12 for currency, amount in sorted(a_year.items())}


@dataclass(frozen=True)
class Life:
    """A subscription from when it began to run until it ended; ``unpaid`` when a bill of its was never paid."""

    began_at: datetime
    ended_at: datetime | None = None
    unpaid: bool = False


@dataclass(frozen=True)
class Churn:
    """Of those that lived when the time began, how many have ended since, by why."""

    since: datetime
    living: int
    chosen: int
    unpaid: int

    @property
    def ended(self) -> int:
        """For either reason."""
        return self.chosen + self.unpaid


def churn(lives: Sequence[Life], now: datetime, within: timedelta) -> Churn:
    """Over the last ``within``: what began after its start counts neither as living nor as ended."""
    since = now - within
    living = [life for life in lives if life.began_at <= since and (life.ended_at is None or life.ended_at > since)]
    ended = [life for life in living if life.ended_at is not None and life.ended_at <= now]
    unpaid = sum(life.unpaid for life in ended)
    return Churn(since, len(living), len(ended) - unpaid, unpaid)
