"""Flask-Login on server-side sessions: the cookie holds an opaque token, the truth is a row."""

from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user

from lift.accounts import sessions
from lift.accounts.models import Account, WebSession
from lift.web.context import SAFE, db, now


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


def _load(token: str) -> SignedIn | None:
    # A request that changes something would hold the row's lock to its end; the page that follows it notes the use.
    found = sessions.find(db(), token, now(), note=request.method in SAFE)
    return SignedIn(*found, token) if found else None


def init_login(app: Flask) -> None:
    """Install Flask-Login; the guards, not Flask-Login, decide where somebody is sent."""
    manager = LoginManager()
    # The row is the protection; a hash of address and browser in the cookie would log out people on trains.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)


def sign_in(token: str) -> None:
    """Put a new session into this browser; ends the one it had, and with the cookie the old CSRF token goes."""
    end_current()
    signed_in = _load(token)
    if signed_in is None:
        raise RuntimeError("a session that was just started was not found")
    cookie.permanent = True
    login_user(signed_in)
    _forget("account", "access")


def end_current() -> None:
    """End this browser's session here and in the cookie."""
    if current_user.is_authenticated and current_user.web_session is not None:
        sessions.end(db(), current_user.web_session, now())
        logout_user()
    cookie.clear()
    _forget("account", "access", "csrf_token")


def _forget(*names: str) -> None:
    """What this request has decided for the person that it no longer is."""
    for name in names:
        g.pop(name, None)
