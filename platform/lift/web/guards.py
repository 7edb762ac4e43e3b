"""Authorisation is declared on each view; a view without a guard fails the architecture test."""

import hmac
import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from billing.access import Right, State
from lift.accounts.people import may_review
from lift.web.context import access, current_account, services
from lift.web.rights import ALLOWED, Guard

__all__ = ["Guard", "guard", "runs_the_place"]

View = Callable[..., ResponseReturnValue]


def _embedded_only() -> None:
    """404 unless our own servers run, on this host, outside production."""
    settings = services().settings
    peer = request.remote_addr or ""
    loopback = bool(peer) and ipaddress.ip_address(peer).is_loopback
    if not settings.embedded or settings.environment == "production" or not loopback:
        abort(404)


def runs_the_place() -> bool:
    """Whether the desk is open to this person."""
    account = current_account()
    return account is not None and account.admin_since is not None and access().state in ALLOWED[Guard.ADMIN]


def _admin_only() -> None:
    """404 for everybody else: that there is such a page is nobody's business."""
    if not runs_the_place():
        abort(404)


def _reviewer_only() -> None:
    """404 for everybody else, as with the rest of the desk."""
    account = current_account()
    if account is None or not may_review(account) or access().state not in ALLOWED[Guard.REVIEWER]:
        abort(404)


def _token_only() -> None:
    """404 without the token of the settings, and where none is set."""
    token = services().settings.metrics_token.get_secret_value()
    shown = request.headers.get("Authorization", "")
    # Compared as bytes, in constant time: how much of a guess was right is not to be measured.
    if not token or not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        abort(404)


def _turn_away(kind: Guard) -> ResponseReturnValue:
    """Where a person goes who may not see this page, with the reason."""
    decided = access()
    if kind is Guard.ANONYMOUS:
        return redirect(url_for("home.show"), 303)
    if decided.state is State.ANONYMOUS:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        flash("Please log in first.", "info")
        return redirect(url_for("accounts.log_in", next=wanted), 303)
    if decided.state is State.UNVERIFIED:
        flash("Confirm your e-mail address first: your seven days start then.", "info")
        return redirect(url_for("verification.notice"), 303)
    flash(decided.reason, "warn")
    # Where what is closed can be opened again, if it can.
    return redirect(url_for("billing.show" if decided.may(Right.PAY) else "accounts.show"), 303)


def guard(kind: Guard) -> Callable[[View], View]:
    """Let only the access states of ``ALLOWED[kind]`` reach the view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if kind is Guard.EMBEDDED:
                _embedded_only()
            elif kind is Guard.TOKEN:
                _token_only()
            elif kind is Guard.ADMIN:
                _admin_only()
            elif kind is Guard.REVIEWER:
                _reviewer_only()
            elif kind not in (Guard.PUBLIC, Guard.SIGNED) and access().state not in ALLOWED[kind]:
                return _turn_away(kind)
            return view(*args, **kwargs)

        guarded.__guard__ = kind  # type: ignore[attr-defined]  # read by the architecture test
        return guarded

    return decorate
