"""How long something may wait at the desk, said in words and not by a colour alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Urgency(StrEnum):
    """From calm to late."""

    FRESH = "fresh"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True)
class Limits:
    """Until when something is fresh, and from when on it is late."""

    due: timedelta
    late: timedelta


REPORTS = Limits(timedelta(days=2), timedelta(days=5))
"""Who reported waits for a word, and has no loss by it."""
TAKEDOWNS = Limits(timedelta(days=1), timedelta(days=3))
"""Somebody's rights may be hurt in the meantime."""
PROBLEMS = Limits(timedelta(days=5), timedelta(days=14))
"""A question that is unclear or wrong misleads a few."""


def urgency(since: datetime, now: datetime, limits: Limits) -> Urgency:
    """How urgent something is that has waited ``since`` then."""
    waited = now - since
    if waited >= limits.late:
        return Urgency.LATE
    return Urgency.DUE if waited >= limits.due else Urgency.FRESH


def in_words(since: datetime, now: datetime, limits: Limits) -> str:
    """``new, 3 hours``, ``due, 2 days`` or ``late by 4 days``."""
    found = urgency(since, now, limits)
    if found is Urgency.LATE:
        return f"late by {_span(now - since - limits.late)}"
    return f"{'due' if found is Urgency.DUE else 'new'}, {_span(now - since)}"


def _span(span: timedelta) -> str:
    hours = max(0, int(span.total_seconds() // 3600))
    count, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
