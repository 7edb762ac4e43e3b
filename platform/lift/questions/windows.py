"""How long ago a question was reported: windows over months, since a report says in which month it was asked."""

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

WINDOWS: Mapping[str, int] = {"30d": 0, "3m": 3, "6m": 6, "12m": 12, "24m": 23}
"""Window → its months; the first is counted in days. From the narrowest to the widest.

The widest is the rule by which reports stop counting (docs/decisions/0025): on 30 November a November of two years ago counts
no longer, because one of its days may be more than 24 months back.
"""
DAYS = 30
"""Days of the window ``30d``."""
NEVER = date(1, 1, 1)
"""The month of a question that nobody reported, as it is sorted by."""


def since(window: str, today: date) -> date:
    """The first month that counts: the one in which the window begins.

    A month counts when any of its days falls into the window, so on 30 November three months reach back to August.
    """
    if not WINDOWS[window]:
        return (today - timedelta(days=DAYS)).replace(day=1)
    years, month = divmod(today.year * 12 + today.month - 1 - WINDOWS[window], 12)
    # The day of the month does not matter for the month itself: 31 March less a month is in February.
    return date(years, month + 1, 1)


def widest(windows: Iterable[str], today: date) -> date | None:
    """Of several windows the one that holds the others: the first month that counts. None without a known window."""
    return min((since(window, today) for window in windows if window in WINDOWS), default=None)


def months(since: date, today: date) -> list[date]:
    """The first days of the months from one to today's."""
    first, last = (day.year * 12 + day.month - 1 for day in (since, today))
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


def counted(by_month: Mapping[date, int], today: date) -> dict[str, int]:
    """Questions in each window, from how many were reported last in each month."""
    return {
        window: sum(number for month, number in by_month.items() if month >= since(window, today)) for window in WINDOWS
    }


def month_name(month: date) -> str:
    """``August 2026``."""
    return f"{calendar.month_name[month.month]} {month.year}"
