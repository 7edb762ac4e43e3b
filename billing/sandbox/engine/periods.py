"""Billing periods, counted from an anchor so that the 31st comes back after February."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta


def step(anchor: int, interval: str, count: int) -> int:
    """``count`` intervals after ``anchor``; a month without that day ends on its last."""
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in ("day", "week"):
        return int((start + timedelta(days=count * (7 if interval == "week" else 1))).timestamp())
    months = start.year * 12 + start.month - 1 + count * (12 if interval == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return int(start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1])).timestamp())


def following(anchor: int, interval: str, count: int, after: int) -> int:
    """The first boundary of the anchor's rhythm that is later than ``after``."""
    times = 0
    while (end := step(anchor, interval, times * count)) <= after:
        times += 1
    return end
