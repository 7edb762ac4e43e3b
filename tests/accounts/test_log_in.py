"""Logging in and out: sessions live on the server."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from lift.accounts import passwords, sessions
from lift.accounts.models import Account, WebSession
from lift.kernel.clock import FixedClock
from lift.kernel.errors import Invalid, NotFound
from lift.kernel.ids import token_hash
from tests.accounts.conftest import EMAIL, PASSWORD, Browser, Door


def test_the_right_password_leads_home(browser: Browser, verified: str) -> None:
    assert browser.log_in().location == "/home"
    assert browser.is_in()


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser: Browser, verified: str) -> None:
    wrong = browser.log_in(password="not the password")
    unknown = browser.log_in("nobody@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert "do not belong together" in wrong.text
    one, two = wrong.text.replace(EMAIL, "X"), unknown.text.replace("nobody@example.org", "X")
    assert len(one) == len(two)


def test_logging_in_makes_a_new_session_and_a_new_csrf_token(app: Flask, browser: Browser, verified: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = browser.get("/log-in").text
    before = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    browser.client.post("/log-in", data={"email": EMAIL, "password": PASSWORD, "csrf_token": before})
    assert browser.is_in()
    with browser.client.session_transaction() as cookie:
        first = cookie["_user_id"]
    assert browser.post("/log-out", csrf_token=before).status_code == 400
    with browser.client.session_transaction() as cookie:
        assert cookie["_user_id"] == first


def test_a_copied_cookie_is_dead_after_log_out(app: Flask, browser: Browser, verified: str) -> None:
    browser.log_in()
    stolen = browser.client.get_cookie("lift")
    assert stolen is not None
    thief = Browser(app)
    thief.client.set_cookie("lift", stolen.value)
    assert thief.is_in()
    assert browser.post("/log-out").location == "/log-in"
    assert not browser.is_in()
    thief.client.set_cookie("lift", stolen.value)
    assert not thief.is_in()


def test_the_cookie_is_for_this_site_and_no_script(browser: Browser, verified: str) -> None:
    header = browser.log_in().headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert PASSWORD not in header
    assert EMAIL not in header


def test_the_token_is_stored_as_a_hash_only(session: Session, door: Door, verified: str, now: datetime) -> None:
    token = door.log_in(user_agent="Firefox\r\nX: y")
    row = session.execute(select(WebSession).where(WebSession.token_hash == token_hash(token))).scalar_one()
    assert len(token) >= 43
    assert row.user_agent == "FirefoxX: y"


@pytest.mark.parametrize(
    ("unused", "lives"), [(timedelta(days=14) - timedelta(seconds=1), True), (timedelta(days=14), False)]
)
def test_a_session_ends_after_14_days_without_use(
    session: Session, door: Door, verified: str, now: datetime, unused: timedelta, lives: bool
) -> None:
    token = door.log_in()
    assert (sessions.find(session, token, now + unused) is not None) is lives


def test_a_session_ends_after_30_days_whatever_its_use(
    session: Session, door: Door, verified: str, now: datetime
) -> None:
    token = door.log_in()
    for day in range(1, 30):
        assert sessions.find(session, token, now + timedelta(days=day)) is not None
        session.flush()
    assert sessions.find(session, token, now + timedelta(days=30) - timedelta(seconds=1)) is not None
    assert sessions.find(session, token, now + timedelta(days=30)) is None


def test_the_last_use_is_written_at_most_every_five_minutes(
    session: Session, door: Door, verified: str, now: datetime
) -> None:
    token = door.log_in()
    written: list[str] = []

    @event.listens_for(session.connection(), "before_cursor_execute")
    def _note(*args: object) -> None:
        if str(args[2]).startswith("UPDATE"):
            written.append(str(args[2]))

    for seconds in range(0, 600, 20):
        sessions.find(session, token, now + timedelta(seconds=seconds))
        session.flush()
    assert len(written) == 1


def test_who_is_asking_costs_one_query(session: Session, door: Door, verified: str, now: datetime) -> None:
    token = door.log_in()
    asked: list[object] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    sessions.find(session, token, now)
    assert len(asked) == 1


def test_a_deleted_account_neither_logs_in_nor_stays_in(
    session: Session, door: Door, verified: str, now: datetime
) -> None:
    token = door.log_in()
    session.execute(select(Account)).scalar_one().deleted_at = now
    session.flush()
    assert sessions.find(session, token, now) is None
    with pytest.raises(Invalid):
        door.log_in()


def test_an_old_hash_is_made_anew_at_log_in(session: Session, door: Door, verified: str, now: datetime) -> None:
    account = session.execute(select(Account)).scalar_one()
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    door.log_in()
    assert "m=19456,t=2,p=1" in account.password_hash
    assert passwords.matches(account.password_hash, PASSWORD)


def test_the_eleventh_try_within_five_minutes_is_refused_with_the_time_to_wait(browser: Browser, verified: str) -> None:
    for _ in range(10):
        assert browser.log_in(password="not the password").status_code == 422
    reply = browser.log_in()
    assert reply.status_code == 429
    assert 1 <= int(reply.headers["Retry-After"]) <= 300


def test_a_page_that_was_asked_for_comes_after_the_log_in(browser: Browser, verified: str) -> None:
    sent = browser.get("/account")
    assert sent.location == "/log-in?next=/account"
    assert 'action="/log-in?next=/account"' in browser.get(sent.location).text
    assert browser.log_in(wanted="/account").location == "/account"


def test_a_foreign_page_never_comes_after_the_log_in(browser: Browser, verified: str) -> None:
    assert browser.log_in(wanted="//evil.example/x").location == "/home"


def test_sessions_are_listed_and_one_can_be_ended(
    app: Flask, browser: Browser, session: Session, verified: str
) -> None:
    browser.log_in()
    elsewhere = Browser(app)
    elsewhere.log_in()
    page = browser.get("/account").text
    assert page.count("End this session") == 3
    assert page.count("This browser") == 1
    other = session.execute(select(WebSession).order_by(WebSession.id.desc()).limit(1)).scalar_one()
    assert browser.post(f"/account/sessions/{other.id}/end").location == "/account"
    assert browser.is_in()
    assert not elsewhere.is_in()


def test_somebody_elses_session_cannot_be_ended(session: Session, door: Door, verified: str, now: datetime) -> None:
    door.log_in()
    theirs = session.execute(select(WebSession).order_by(WebSession.id.desc()).limit(1)).scalar_one()
    with pytest.raises(NotFound):
        sessions.end_own(session, theirs.id, theirs.id, now)
    assert theirs.ended_at is None


def test_pages_of_a_person_are_kept_by_no_cache(browser: Browser, verified: str) -> None:
    browser.log_in()
    for path in ("/home", "/account", "/notices", "/onboarding"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


def test_a_session_outlives_the_change_of_the_secret_that_signs_the_cookie(
    app: Flask, browser: Browser, verified: str
) -> None:
    browser.log_in()
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "another secret that is long enough"
    assert browser.is_in()


def test_an_idle_session_sends_back_to_the_log_in(browser: Browser, clock: FixedClock, verified: str) -> None:
    browser.log_in()
    clock.advance(timedelta(days=15))
    assert browser.get("/home").location == "/log-in?next=/home"
