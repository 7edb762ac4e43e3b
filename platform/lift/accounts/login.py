"""Flask-Login on server-side sessions: the cookie holds an opaque token, the truth is a row."""

from datetime import datetime

from flask import Flask, current_app, g
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from lift.accounts import sessions
from lift.accounts.models import Account, WebSession


class SignedIn:
    """What Flask-Login knows of a person."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Account, web_session: WebSession, token: str) -> None:
        self.account = account
        self.web_session = web_session
        self._token = token

    def get_id(self) -> str:
        """The session's token."""
        return self._token


def _db() -> Session:
    """The request's session, as ``lift.web.context.db`` opens it; this layer does not know the web's."""
    if "session" not in g:
        g.session = current_app.extensions["lift"].session_factory()
    opened: Session = g.session
    return opened


def _now() -> datetime:
    if "now" not in g:
        g.now = current_app.extensions["lift"].clock.now()
    moment: datetime = g.now
    return moment


def _load(token: str) -> SignedIn | None:
    found = sessions.find(_db(), token, _now())
    return SignedIn(*found, token) if found else None


def init_login(app: Flask) -> None:
    """Install Flask-Login; the guards, not Flask-Login, decide where somebody is sent."""
    manager = LoginManager()
    # The row is the protection; a hash of address and browser in the cookie would log out people on trains.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)


def sign_in(token: str) -> None:
    """Put a new session into this browser; ends the one it had, and with the cookie the old CSRF token goes."""
    end_current()
    signed_in = _load(token)
    if signed_in is None:
        raise RuntimeError("a session that was just started was not found")
    cookie.permanent = True
    login_user(signed_in)
    g.pop("access", None)


def end_current() -> None:
    """End this browser's session here and in the cookie."""
    if current_user.is_authenticated and current_user.web_session is not None:
        sessions.end(_db(), current_user.web_session, _now())
        logout_user()
    cookie.clear()
    for cached in ("access", "csrf_token"):
        g.pop(cached, None)
