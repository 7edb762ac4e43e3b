"""Guards, tokens and headers of every route."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from billing.access import RIGHTS, Right, State
from lift.web.guards import Guard
from lift.web.rights import ALLOWED

SAMPLE: dict[str, Any] = {"UUIDConverter": uuid4(), "IntegerConverter": 1}


def address_of(app: Flask, rule: Any) -> str:
    """An address of the rule with made-up arguments; what it names need not exist."""
    arguments = {
        name: SAMPLE.get(type(converter).__name__, "no-such-thing") for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **arguments))


def test_every_state_has_a_decision_for_every_guard() -> None:
    assert set(ALLOWED) == set(Guard)
    assert all(states <= set(State) for states in ALLOWED.values())


def test_a_guard_lets_in_whom_the_table_of_rights_lets_in() -> None:
    assert ALLOWED[Guard.PAY] == {state for state in State if Right.PAY in RIGHTS[state]}
    assert ALLOWED[Guard.CANCEL] == ALLOWED[Guard.PAY] | {State.HELD}
    assert ALLOWED[Guard.READ_OWN] == {state for state in State if Right.READ_OWN in RIGHTS[state]}
    assert ALLOWED[Guard.ACCESS] == {state for state in State if Right.PRACTISE in RIGHTS[state]}
    assert ALLOWED[Guard.ACCESS] == {state for state in State if Right.BROWSE_BANK in RIGHTS[state]}


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
