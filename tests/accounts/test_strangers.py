"""A stranger learns from no page whether an address has an account: each step for a taken and a free one, compared."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lift.kernel.clock import FixedClock
from tests.accounts.conftest import EMAIL, PASSWORD, Browser, Post

FREE = "bob@example.org"
CHOSEN = "what the stranger chose"

Step = Callable[[Browser, str], TestResponse]


def seen(reply: TestResponse, address: str) -> tuple[int, str | None, str]:
    """Status, where it leads, and the page without what differs by chance."""
    page = reply.text.replace(address, "ADDRESS")
    for chance in (
        r'(name="csrf_token"[^>]*value=)"[^"]*"',
        r"(/account/sessions/)[0-9a-f-]{36}",
        r'(class="mono">)\w+',
    ):
        page = re.sub(chance, r"\1", page)
    return reply.status_code, reply.location, page


def taken_and_free(app: Flask) -> list[tuple[Browser, str]]:
    """A stranger's two browsers, signed up with somebody's address and with nobody's."""
    pairs = [(Browser(app), EMAIL), (Browser(app), FREE)]
    replies = [seen(browser.sign_up(address, CHOSEN), address) for browser, address in pairs]
    assert replies[0] == replies[1]
    return pairs


STEPS: dict[str, Step] = {
    "reads /verify": lambda browser, _: browser.get("/verify"),
    "reads /home": lambda browser, _: browser.get("/home"),
    "reads /account": lambda browser, _: browser.get("/account"),
    "reads /practice": lambda browser, _: browser.get("/practice"),
    "reads /onboarding": lambda browser, _: browser.get("/onboarding"),
    "reads /notices": lambda browser, _: browser.get("/notices"),
    "asks for the mail again": lambda browser, _: browser.post("/verify"),
    "sets a time zone": lambda browser, _: browser.post("/account/time-zone", timezone="Asia/Tokyo"),
    "sets a target": lambda browser, _: browser.post("/onboarding", company="microsoft"),
    "logs in with the password just used": lambda browser, address: browser.log_in(address, CHOSEN),
    "logs in with another password": lambda browser, address: browser.log_in(address, "another one entirely"),
    "signs up again": lambda browser, address: browser.sign_up(address, CHOSEN),
    "asks for a new password": lambda browser, address: browser.post("/forgot", email=address),
    "logs out": lambda browser, _: browser.post("/log-out"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_after_signing_up_shows_the_same(app: Flask, verified: str, step: str) -> None:
    replies = [seen(STEPS[step](browser, address), address) for browser, address in taken_and_free(app)]
    assert replies[0] == replies[1]
    after = [seen(browser.get("/account"), address) for browser, address in taken_and_free(app)]
    assert after[0] == after[1]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_a_new_browser_shows_the_same(app: Flask, verified: str, step: str) -> None:
    taken_and_free(app)
    pairs = [(Browser(app), EMAIL), (Browser(app), FREE)]
    replies = [seen(STEPS[step](browser, address), address) for browser, address in pairs]
    assert replies[0] == replies[1]


def test_a_zone_is_no_setting_of_who_has_proved_no_mailbox(app: Flask, verified: str) -> None:
    for browser, _ in taken_and_free(app):
        assert browser.post("/account/time-zone", timezone="Asia/Tokyo").location == "/verify"
        assert "Time zone" not in browser.get("/account").text


def test_a_second_sign_up_ends_the_first_browsers_session_alike(app: Flask, verified: str) -> None:
    first = taken_and_free(app)
    second = taken_and_free(app)
    assert [browser.is_in() for browser, _ in first] == [False, False]
    assert [browser.is_in() for browser, _ in second] == [True, True]


def test_signing_up_with_a_taken_address_leaves_its_owner_logged_in(app: Flask, verified: str) -> None:
    owner = Browser(app)
    owner.log_in()
    taken_and_free(app)
    assert owner.is_in()


def test_logging_in_before_the_mailbox_is_proved_sends_the_link_again(
    browser: Browser, post: Post, clock: FixedClock
) -> None:
    browser.sign_up()
    browser.post("/log-out")
    clock.advance(timedelta(minutes=5))
    reply = browser.log_in()
    assert reply.status_code == 422
    assert "on its way" in reply.text
    assert post.kinds() == ["verify", "verify"]
    browser.log_in(password="not the password")
    clock.advance(timedelta(minutes=5))
    browser.log_in(password="not the password")
    assert post.kinds() == ["verify", "verify"]


@pytest.mark.parametrize("step", ["signs up again", "asks for the mail again", "logs in with the password just used"])
def test_nobody_fills_a_mailbox_from_many_browsers(
    app: Flask, post: Post, clock: FixedClock, verified: str, step: str
) -> None:
    for peer in range(12):
        for browser, address in [(Browser(app), EMAIL), (Browser(app), FREE)]:
            browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{peer}"
            browser.sign_up(address, CHOSEN)
            STEPS[step](browser, address)
    mails = {address: len(post.kinds(address)) for address in (EMAIL, FREE)}
    # The owner's first is the one by which the account was proved.
    assert mails == {EMAIL: 2, FREE: 1}
    for _ in range(40):
        clock.advance(timedelta(minutes=30))
        for address in (EMAIL, FREE):
            Browser(app).sign_up(address, CHOSEN)
    assert len(post.kinds(EMAIL)) <= 11
    assert len(post.kinds(FREE)) <= 10


def test_the_mail_that_is_on_its_way_serves_a_second_sign_up(
    browser: Browser, other_browser: Browser, post: Post, session: Session
) -> None:
    browser.sign_up(password=CHOSEN)
    other_browser.sign_up(password=PASSWORD)
    assert post.kinds() == ["verify"]
    assert other_browser.post(post.link("verify")).location == "/onboarding"
