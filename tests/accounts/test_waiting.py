"""Too many tries: the form comes back as it was filled in, with the time to wait. And hashing holds no connection."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from lift.accounts import passwords, throttle
from lift.accounts.throttle import Limit, Throttle, address_key
from lift.kernel.clock import FixedClock
from lift.wiring import Services
from tests.accounts.conftest import EMAIL, PASSWORD, Browser, Post


@pytest.fixture
def used_up(services: Services, clock: FixedClock) -> None:
    """Nobody at this address and of this peer has any tries left."""
    counter = Throttle(services.session_factory, services.settings.secret_key.get_secret_value())
    shares: list[tuple[Limit, str, str]] = [
        (throttle.LOG_IN, "log-in", address_key(EMAIL)),
        (throttle.SIGN_UP, "sign-up", "peer:127.0.0.1"),
        (throttle.RESET, "reset", address_key(EMAIL)),
        (throttle.RESEND, "resend", address_key(EMAIL)),
    ]
    for limit, purpose, who in shares:
        for _ in range(limit.amount):
            counter.hit(limit, purpose, who, now=clock.now())


@pytest.mark.parametrize(
    ("path", "fields", "wait"),
    [
        ("/log-in", {"email": EMAIL, "password": PASSWORD}, "5 minutes"),
        ("/sign-up", {"email": EMAIL, "password": PASSWORD}, "60 minutes"),
        ("/forgot", {"email": EMAIL}, "24 hours"),
    ],
)
def test_a_form_that_was_sent_too_often_comes_back_filled_in_except_for_the_password(
    browser: Browser, used_up: None, path: str, fields: dict[str, str], wait: str
) -> None:
    reply = browser.post(path, **fields)
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) > 60
    assert f"Wait {wait}, then press the button again." in reply.text
    assert f'value="{EMAIL}"' in reply.text
    assert PASSWORD not in reply.text


def test_a_mail_asked_for_too_often_says_how_long_to_wait(browser: Browser, used_up: None, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=1))
    browser.sign_up()
    for _ in range(5):
        assert browser.post("/verify").status_code == 303
    reply = browser.post("/verify")
    assert reply.status_code == 429
    assert "Wait 60 minutes" in reply.text
    assert "Send the mail again" in reply.text


@pytest.mark.parametrize("what", ["log-in", "sign-up", "reset", "confirm"])
def test_no_connection_is_held_while_a_password_is_hashed(
    app: Flask, services: Services, post: Post, monkeypatch: pytest.MonkeyPatch, session: Session, what: str
) -> None:
    Browser(app).sign_up("bob@example.org")
    Browser(app).post("/forgot", email="bob@example.org")
    held: list[bool] = []
    sessions: set[Session] = set()
    event.listen(services.session_factory, "after_begin", lambda begun, *_: sessions.add(begun))
    turn = passwords._turn

    def look() -> object:
        held.append(any(one.in_transaction() for one in sessions))
        return turn()

    monkeypatch.setattr(passwords, "_turn", look)
    # A browser whose session was ended elsewhere, so that there is a person to look up.
    browser = Browser(app)
    for one in (browser, Browser(app)):
        one.sign_up("dora@example.org")
    held.clear()
    reset, confirm = post.link("reset", "bob@example.org"), post.link("verify", "bob@example.org")
    acts = {
        "log-in": lambda: browser.log_in("bob@example.org"),
        "sign-up": lambda: browser.sign_up("carol@example.org"),
        "reset": lambda: browser.post(reset, password="a bridge under the mountain"),
        "confirm": lambda: browser.post(confirm, password=PASSWORD),
    }
    session.rollback()
    sessions.clear()
    reply = acts[what]()
    assert reply.status_code in (303, 422)
    assert held
    assert not any(held)
