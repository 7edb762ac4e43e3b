"""What every template may use: the person, the trial's rest, dates in the person's zone, asset addresses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, g, request, url_for
from flask_wtf.csrf import generate_csrf

from billing.access import Access, State
from lift.accounts import zones
from lift.accounts.browsers import browser_name
from lift.accounts.models import Account
from lift.web.banners import banner_for
from lift.web.context import access, current_account, now
from lift.web.manifest import asset_url, build_stamp

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
    """A moment in the signed-in person's zone (UTC when unknown); a time of day says in which."""
    if moment is None:
        return ""
    account = current_account()
    there = moment.astimezone(zones.zone(account.timezone if account else None))
    words = there.strftime(FORMATS[fmt])
    return f"{words} {zones.short_name(there)}" if fmt == "datetime" else words


def plural(count: int, word: str) -> str:
    """``1 question``, ``2 questions``."""
    return f"{count:,} {word if count == 1 else word + 's'}"


SECTIONS = (
    "/question-bank",
    "/pricing",
    "/practice",
    "/reports",
    "/home",
    "/account",
    "/billing",
    "/desk",
    "/log-in",
    "/sign-up",
)
"""Where the header's links lead."""


def section_of(path: str) -> str:
    """The header's link that a page stands under; empty for none."""
    return next((href for href in SECTIONS if path == href or path.startswith(href + "/")), "")


class Chrome:
    """What stands around every page. For a visitor it is the same on all pages of a section: drawn once a build."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._drawn: dict[tuple[str, int], str] = {}

    def _macro(self, name: str) -> Any:
        return getattr(self._app.jinja_env.get_template("_chrome.html").module, name)

    def _once(self, name: str, *arguments: str) -> str:
        # One look at the build a request: three pieces ask.
        stamp: int | None = g.get("build_stamp")
        if stamp is None:
            stamp = g.build_stamp = build_stamp()
        key = (f"{name}:{arguments}", stamp)
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = self._macro(name)(*arguments)
        return found

    def assets(self) -> str:
        return self._once("assets")

    def footer(self) -> str:
        return self._once("footer")

    def header(self, csrf_token: Callable[[], str], account: Account | None, trial_left: str | None) -> str:
        section = section_of(request.path)
        if account is None:
            return self._once("header", section)
        drawn: str = self._macro("header")(section, account, trial_left, csrf_token)
        return drawn


def install(app: Flask) -> None:
    """Register globals and filters."""
    chrome = Chrome(app)
    app.jinja_env.globals.update(page_assets=chrome.assets, page_header=chrome.header, page_footer=chrome.footer)
    app.jinja_env.filters["local"] = local
    app.jinja_env.filters["plural"] = plural
    app.jinja_env.filters["browser"] = browser_name
    app.jinja_env.globals["asset"] = asset_url
    app.jinja_env.globals["site"] = app.extensions["lift"].settings.base_url.rstrip("/")
    # An address is the same in every request: all are within the site, and none is external.
    app.jinja_env.globals["url_for"] = lru_cache(maxsize=8192)(url_for)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _person() -> dict[str, Any]:
        if g.get("faceless"):
            return {
                "account": None,
                "access": None,
                "trial_left": None,
                "banner": None,
                "csrf_token": None,
                "request_id": g.get("request_id", ""),
            }
        decided = access()
        return {
            "account": current_account(),
            "access": decided,
            "trial_left": trial_words(decided, now()),
            "banner": banner_for(decided),
            "request_id": g.get("request_id", ""),
            "csrf_token": generate_csrf,
        }
