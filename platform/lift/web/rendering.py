"""What every template may use: the person, the trial's rest, dates in the person's zone, asset addresses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, g
from flask_wtf.csrf import generate_csrf

from billing.access import Access, State
from lift.web.context import access, current_account, now
from lift.web.manifest import asset_url

FORMATS = {"date": "%-d %b %Y", "datetime": "%-d %b %Y, %H:%M", "month": "%b %Y"}


def words_left(left: timedelta) -> str:
    """``5 days 4 h``, ``3 h 20 min`` or ``12 min``: two units at most, rounded down."""
    minutes = max(0, int(left.total_seconds()) // 60)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} {'day' if days == 1 else 'days'} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def trial_words(decided: Access, moment: datetime) -> str | None:
    """What is left of a running trial, or None."""
    if decided.state is not State.TRIALING or decided.valid_until is None:
        return None
    return words_left(decided.valid_until - moment)


def local(moment: datetime | None, fmt: str = "datetime") -> str:
    """A moment in the signed-in person's zone (UTC when unknown)."""
    if moment is None:
        return ""
    account = current_account()
    try:
        zone = ZoneInfo(account.timezone) if account and account.timezone else UTC
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return moment.astimezone(zone).strftime(FORMATS[fmt])


def plural(count: int, word: str) -> str:
    """``1 question``, ``2 questions``."""
    return f"{count:,} {word if count == 1 else word + 's'}"


def install(app: Flask) -> None:
    """Register globals and filters."""
    app.jinja_env.filters["local"] = local
    app.jinja_env.filters["plural"] = plural
    app.jinja_env.globals["asset"] = asset_url
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _person() -> dict[str, Any]:
        if g.get("faceless"):
            return {"account": None, "access": None, "trial_left": None, "request_id": g.get("request_id", "")}
        decided = access()
        return {
            "account": current_account(),
            "access": decided,
            "trial_left": trial_words(decided, now()),
            "request_id": g.get("request_id", ""),
            "csrf_token": generate_csrf,
        }
