"""Months and the rule of 24 months. A month is its first day."""

from datetime import UTC, date, datetime, timedelta

MONTHS = 24
"""How long a report counts, in calendar months after the month of the loop."""
FURTHEST_EAST = timedelta(hours=14)
"""Where a month begins first, before it does in UTC."""


def month_of(day: date) -> date:
    """The month that a day is in."""
    return day.replace(day=1)


def plus(month: date, months: int) -> date:
    """So many months later, or earlier."""
    years, place = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(years, place + 1, 1)


def this_month(now: datetime) -> date:
    """The month that it is, in UTC."""
    return month_of(now.astimezone(UTC).date())


def newest(now: datetime) -> date:
    """The latest month in which a loop may have been: the one that it is anywhere on Earth."""
    return month_of((now.astimezone(UTC) + FURTHEST_EAST).date())


def oldest(now: datetime) -> date:
    """The earliest month whose reports count.

    In November 2026 it is December 2024: of the month before, a loop of its first days is more than 24 months ago, and
    nobody is asked for the day.
    """
    return plus(this_month(now), 1 - MONTHS)


def counts(month: date, now: datetime) -> bool:
    """Whether a loop of this month was within the last 24 months, whatever its day."""
    return month >= oldest(now)


def last_day_of_counting(month: date) -> date:
    """The last day on which a report of a loop in this month counts."""
    return plus(month, MONTHS) - timedelta(days=1)


def months(now: datetime) -> list[date]:
    """The months that a report may be about, the newest first."""
    first, found = newest(now), []
    month = first
    while month >= oldest(now):
        found.append(month)
        month = plus(month, -1)
    return found
