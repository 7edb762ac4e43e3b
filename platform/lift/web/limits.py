"""Counts what people try, and says in words how long to wait while their form stays as it was."""

import math
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lift.accounts.throttle import Limit, Throttle, peer_key
from lift.kernel.errors import RateLimited
from lift.web.context import now, services


def peer() -> str:
    """Who is asking, as far as an address tells."""
    return peer_key(request.remote_addr)


def count_try(limit: Limit, purpose: str, *who: str) -> None:
    """Count one try by each of ``who``; ``RateLimited`` when any of them has had its share.

    In a transaction of its own: the request should hold no connection by now.
    """
    wired = services()
    throttle = Throttle(wired.session_factory, wired.settings.secret_key.get_secret_value())
    throttle.hit(limit, purpose, *who, now=now())


def wait_words(seconds: int) -> str:
    """``a minute``, ``4 minutes`` or ``3 hours``: rounded up, so that who waits that long has waited enough."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes == 1:
        return "a minute"
    if minutes < 100:
        return f"{minutes} minutes"
    return f"{math.ceil(minutes / 60)} hours"


def refused(error: RateLimited, template: str, **context: Any) -> ResponseReturnValue:
    """The form again as it was filled in (passwords excepted), with the time to wait."""
    html = render_template(template, wait=wait_words(error.retry_after), **context)
    return html, 429, {"Retry-After": str(error.retry_after)}
