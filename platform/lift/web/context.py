"""What a view may ask for: services, the request's session, the moment, the person and their access."""

from contextlib import suppress
from datetime import datetime

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from billing.access import Access
from billing.service import access_for
from lift.accounts.models import Account
from lift.accounts.people import holder_of
from lift.wiring import Services

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods whose requests change nothing but the moment a session was last seen."""


def services() -> Services:
    """The services that the app was made with."""
    wired: Services = current_app.extensions["lift"]
    return wired


def db() -> Session:
    """The request's session: opened on first use, committed once after the view, rolled back on an error."""
    if "session" not in g:
        wired = services()
        g.session = (wired.reading_factory if request.method in SAFE else wired.session_factory)()
    session: Session = g.session
    return session


def now() -> datetime:
    """One moment a request, so that all its decisions agree."""
    if "now" not in g:
        g.now = services().clock.now()
    moment: datetime = g.now
    return moment


def current_account() -> Account | None:
    """The signed-in account, or None; none on a page that is the same for everybody."""
    if "account" not in g:
        known = not g.get("faceless") and current_user.is_authenticated
        g.account = current_user.account if known else None
    found: Account | None = g.account
    return found


def required_account() -> Account:
    """The signed-in account, on pages whose guard has made sure of one."""
    account = current_account()
    if account is None:
        raise RuntimeError("this view's guard lets anonymous visitors in")
    return account


def access() -> Access:
    """What the person may do now: decided once a request from stored facts."""
    if "access" not in g:
        account = current_account()
        holder = holder_of(account) if account else None
        g.access = access_for(db(), holder, now(), livemode=services().settings.livemode)
    decided: Access = g.access
    return decided


def look_again() -> None:
    """Forget what was decided: something was done that may have changed it."""
    g.pop("access", None)


def keep() -> None:
    """Commit at the end of a request that reads: it noted in passing that something was read."""
    g.keep = True


def release() -> None:
    """Give the connection back while something slow goes on; nothing may have been written yet."""
    session: Session | None = g.get("session")
    if session is not None:
        session.rollback()


def roll_back() -> None:
    """Keep nothing of this request; who it is from is looked up again where a rollback has let go of it."""
    account: Account | None = g.get("account")
    if account is not None and inspect(account).expired:
        for name in ("account", "access", "_login_user"):
            g.pop(name, None)
    session: Session | None = g.pop("session", None)
    if session is not None:
        # The database may be what failed; nothing is kept either way.
        with suppress(SQLAlchemyError):
            session.close()


def install(app: Flask) -> None:
    """Commit after a view that raised nothing; close whatever was opened."""

    @app.after_request
    def _commit(response: Response) -> Response:
        session: Session | None = g.get("session")
        # A reading session sends each statement for itself: without a change there is nothing to commit.
        if session is not None and (
            request.method not in SAFE or session.dirty or session.new or session.deleted or g.get("keep")
        ):
            session.commit()
        return response

    @app.teardown_request
    def _close(_: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()
