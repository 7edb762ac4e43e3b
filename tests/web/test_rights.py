"""The table of guard × access state, walked for every page."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from billing.access import Access, State
from lift.web.guards import Guard
from lift.web.rights import ALLOWED
from tests.factories import an_account

SAMPLE = {"uuid": uuid4(), "string": "no-such-thing"}


def address_of(app: Flask, rule: Any) -> str:
    """An address of the rule with made-up arguments; what it names need not exist."""
    arguments = {
        name: SAMPLE["uuid"] if type(converter).__name__ == "UUIDConverter" else SAMPLE["string"]
        for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **arguments))


def test_every_state_has_a_decision_for_every_guard() -> None:
    assert set(ALLOWED) == set(Guard)
    assert all(states <= set(State) for states in ALLOWED.values())


@pytest.mark.parametrize("state", list(State))
def test_who_may_do_what_on_every_page(app: Flask, session: Session, now: datetime, state: State) -> None:
    account = an_account(session, now, verified=state is not State.UNVERIFIED)
    session.commit()
    decided = Access(state, "as this test says", None)

    @app.before_request
    def _state() -> None:
        g.access = decided
        if state is not State.ANONYMOUS:
            g._login_user = SignedIn(account)

    client = app.test_client()
    wrong = []
    for rule in app.url_map.iter_rules():
        kind = getattr(app.view_functions[rule.endpoint], "__guard__", None)
        if kind in (None, Guard.PUBLIC, Guard.EMBEDDED):
            continue
        method = "POST" if "POST" in (rule.methods or set()) and "GET" not in (rule.methods or set()) else "GET"
        reply = client.open(address_of(app, rule), method=method)
        turned_away = reply.status_code == 303 and reply.location in turned_to(kind, state)
        allowed = state in ALLOWED[kind]
        if allowed and turned_away and method == "GET":
            wrong.append((rule.endpoint, "turned away", reply.location))
        if not allowed and reply.status_code != 303:
            wrong.append((rule.endpoint, "let in", reply.status_code))
    assert wrong == []


def turned_to(kind: Guard, state: State) -> set[str]:
    """Where somebody without the right is sent."""
    if kind is Guard.ANONYMOUS:
        return {"/home"}
    if state is State.ANONYMOUS:
        return {"/log-in"}
    return {"/verify"} if state is State.UNVERIFIED else {"/account"}


class SignedIn:
    """What Flask-Login knows of a person."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account: Any) -> None:
        self.account = account
        self.web_session = None

    def get_id(self) -> str:
        return "test"


def test_an_unsafe_route_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            assert client.post(address_of(app, rule)).status_code == 400, rule.rule


def test_every_page_forbids_foreign_scripts_and_frames(app: Flask) -> None:
    client = app.test_client()
    for address in ("/", "/log-in", "/no-such-page", "/livez"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self'" in policy


@pytest.mark.parametrize("address", ["/no-such-page", "/questions/none", "/debriefs/not-a-uuid"])
def test_an_error_page_carries_a_request_id_that_the_header_has_too(app: Flask, address: str) -> None:
    reply = app.test_client().get(address, follow_redirects=True)
    if reply.status_code == 404:
        assert reply.headers["X-Request-ID"] in reply.text


def test_a_fault_of_ours_shows_no_trace(app: Flask) -> None:
    @app.get("/breaks")
    def breaks() -> str:
        raise RuntimeError("secret detail")

    reply = app.test_client().get("/breaks")
    assert reply.status_code == 500
    assert "secret detail" not in reply.text
    assert "Traceback" not in reply.text
    assert reply.headers["X-Request-ID"] in reply.text
