"""Choosing a new password by a mailed link."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.accounts.models import Account
from lift.kernel.clock import FixedClock
from tests.accounts.conftest import EMAIL, PASSWORD, Browser, Post

NEW = "a bridge under the mountain"


def test_asking_gets_the_same_answer_for_any_address(browser: Browser, post: Post, verified: str) -> None:
    known = browser.post("/forgot", email=verified)
    unknown = browser.post("/forgot", email="nobody@example.org")
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert post.kinds()[-1] == "reset"
    assert post.kinds("nobody@example.org") == ["reset_unknown"]
    assert browser.get("/forgot/sent").status_code == 200


def test_a_new_password_ends_every_session_and_logs_nobody_in(
    app: Flask, browser: Browser, post: Post, verified: str
) -> None:
    elsewhere = Browser(app)
    elsewhere.log_in()
    browser.post("/forgot", email=verified)
    assert browser.post(post.link("reset"), password=NEW).location == "/log-in"
    assert not browser.is_in()
    assert not elsewhere.is_in()
    assert browser.log_in(password=PASSWORD).status_code == 422
    assert browser.log_in(password=NEW).location == "/home"
    assert post.kinds()[-1] == "password_changed"


def test_a_reset_link_works_once_and_looking_does_not_use_it(browser: Browser, post: Post, verified: str) -> None:
    browser.post("/forgot", email=verified)
    link = post.link("reset")
    assert browser.get(link).status_code == 200
    assert browser.get(link).status_code == 200
    browser.post(link, password=NEW)
    assert browser.get(link).status_code == 410
    assert browser.post(link, password="yet another long one").status_code == 410


@pytest.mark.parametrize(("waited", "status"), [(3599, 200), (3600, 410)])
def test_a_reset_link_works_for_one_hour(
    browser: Browser, post: Post, clock: FixedClock, verified: str, waited: int, status: int
) -> None:
    browser.post("/forgot", email=verified)
    clock.advance(timedelta(seconds=waited))
    assert browser.get(post.link("reset")).status_code == status


def test_a_newer_link_stops_the_older_one(browser: Browser, post: Post, verified: str) -> None:
    browser.post("/forgot", email=verified)
    old = post.link("reset")
    browser.post("/forgot", email=verified)
    assert browser.get(old).status_code == 410


def test_a_bad_password_leaves_the_link_working(browser: Browser, post: Post, verified: str) -> None:
    browser.post("/forgot", email=verified)
    link = post.link("reset")
    assert browser.post(link, password="password1").status_code == 422
    assert browser.post(link, password=NEW).status_code == 303


def test_a_link_to_verify_does_not_reset_and_the_other_way_round(browser: Browser, post: Post) -> None:
    browser.sign_up()
    verify = post.link("verify").rpartition("/")[2]
    browser.post("/forgot", email=EMAIL)
    reset = post.link("reset").rpartition("/")[2]
    assert browser.get(f"/reset/{verify}").status_code == 410
    assert browser.post(f"/reset/{verify}", password=NEW).status_code == 410
    assert browser.post(f"/verify/{reset}").status_code == 410


def test_a_reset_takes_an_unproved_account_back_from_a_stranger(
    browser: Browser, other_browser: Browser, post: Post, session: Session
) -> None:
    browser.sign_up(password="what a stranger chose")
    other_browser.post("/forgot", email=EMAIL)
    other_browser.post(post.link("reset"), password=NEW)
    assert not browser.is_in()
    assert browser.log_in(password="what a stranger chose").status_code == 422
    assert other_browser.log_in(password=NEW).location == "/home"
    assert session.execute(select(Account)).scalar_one().email_verified_at is not None


def test_the_sixth_asking_in_a_day_is_refused_for_any_address(browser: Browser) -> None:
    statuses = [browser.post("/forgot", email="nobody@example.org").status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
