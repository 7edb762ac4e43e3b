"""Time zones by the names that browsers and people give them."""

from datetime import UTC, date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


@cache
def known() -> frozenset[str]:
    """Every name of a zone."""
    return frozenset(available_timezones())


def zone(name: str | None) -> tzinfo:
    """The zone of the name; UTC when there is none."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def short_name(moment: datetime) -> str:
    """What a zone is called at the moment: ``CET``, ``UTC``, or ``UTC-03`` where it has no name but its offset."""
    name = moment.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def today(moment: datetime, name: str | None) -> date:
    """The day that it is at the moment in the zone of the name."""
    return moment.astimezone(zone(name)).date()


def moment_in(moment: datetime, name: str | None) -> str:
    """``3 Dec 2026, 10:30 CET``."""
    there = moment.astimezone(zone(name))
    return f"{there:%-d %b %Y, %H:%M} {short_name(there)}"
