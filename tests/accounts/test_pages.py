"""Home, onboarding, account, notices and the mailbox as a person meets them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.accounts.models import Account
from lift.kernel.clock import FixedClock
from lift.notifications.service import notify
from tests.accounts.conftest import Browser, Post
from tests.factories import a_question, a_submitted_answer


def account_of(session: Session) -> Account:
    return session.execute(select(Account).execution_options(populate_existing=True)).scalar_one()


def test_home_leads_from_one_step_to_the_next(browser: Browser, post: Post, session: Session, now: datetime) -> None:
    browser.sign_up()
    assert "Confirm your address" in browser.get("/home").text
    browser.post(post.link("verify"))
    assert "Set your target" in browser.get("/home").text
    browser.post("/onboarding", company="microsoft", role="backend-engineer", level="", interview_date="2026-12-04")
    page = browser.get("/home").text
    assert "Practise a question" in page
    assert "in 10 days" in page
    a_submitted_answer(session, account_of(session), a_question(session), "one two", now)
    session.commit()
    assert "Being read" in browser.get("/home").text


def test_each_part_of_the_onboarding_may_be_skipped(browser: Browser, session: Session, verified: str) -> None:
    browser.log_in()
    assert browser.post("/onboarding", company="", role="", level="", interview_date="").location == "/home"
    account = account_of(session)
    assert account.onboarded_at is not None
    assert (account.target_company, account.target_role, account.target_level, account.interview_date) == (None,) * 4


@pytest.mark.parametrize(
    "fields", [{"company": "no-such-company"}, {"interview_date": "2026-11-23"}, {"interview_date": "tomorrow"}]
)
def test_an_onboarding_that_cannot_be_comes_back(browser: Browser, verified: str, fields: dict[str, str]) -> None:
    browser.log_in()
    reply = browser.client.post("/onboarding", data={"company": "", "role": "", "level": "", **fields})
    assert reply.status_code == 422
    assert "field-error" in reply.text


def test_the_account_page_says_what_is_left_in_the_persons_zone(browser: Browser, verified: str) -> None:
    browser.log_in()
    assert "1 Dec 2026, 09:30 UTC" in browser.get("/account").text
    assert browser.post("/account/time-zone", timezone="Asia/Tokyo").location == "/account"
    page = browser.get("/account").text
    assert "1 Dec 2026, 18:30 JST" in page
    assert "7 days 0 h" in page


def test_a_zone_that_does_not_exist_is_refused(browser: Browser, session: Session, verified: str) -> None:
    browser.log_in()
    assert browser.post("/account/time-zone", timezone="../etc/passwd").status_code == 400
    assert account_of(session).timezone == "UTC"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("Etc/Unknown", "UTC"),
        ("<b>", "UTC"),
        ("", "UTC"),
    ],
)
def test_the_browser_says_the_zone_when_the_address_is_confirmed(
    browser: Browser, post: Post, session: Session, said: str, kept: str
) -> None:
    browser.sign_up()
    link = post.link("verify")
    assert '<input data-zone="" id="timezone" name="timezone" type="hidden" value="">' in browser.get(link).text
    browser.post(link, timezone=said)
    assert account_of(session).timezone == kept
    assert f'<option selected value="{kept}">' in browser.get("/account").text


def test_a_zone_that_was_chosen_is_not_learnt_over(browser: Browser, post: Post, session: Session) -> None:
    browser.sign_up()
    link = post.link("verify")
    browser.post(link, timezone="Asia/Tokyo")
    browser.post("/account/time-zone", timezone="Europe/Berlin")
    browser.post(link, timezone="Asia/Tokyo")
    browser.post("/forgot", email=account_of(session).email)
    browser.post(post.link("reset"), password="a bridge under the mountain", timezone="Asia/Tokyo")
    assert account_of(session).timezone == "Europe/Berlin"


def test_an_interview_may_be_today_where_the_person_is(browser: Browser, clock: FixedClock, verified: str) -> None:
    browser.log_in()
    clock.moment = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    form = {"company": "", "role": "", "level": "", "interview_date": "2026-11-24"}
    assert browser.post("/onboarding", **form).status_code == 303
    browser.post("/account/time-zone", timezone="Asia/Tokyo")
    assert browser.post("/onboarding", **form).status_code == 422
    assert "Asia/Tokyo" in browser.get("/onboarding").text


def test_after_the_trial_what_was_made_stays_readable(browser: Browser, clock: FixedClock, verified: str) -> None:
    browser.log_in()
    clock.advance(timedelta(hours=168) - timedelta(seconds=1))
    assert browser.get("/questions").status_code == 200
    clock.advance(timedelta(seconds=1))
    assert browser.get("/questions").location == "/billing"
    assert "days are over" in browser.get("/billing").text
    assert [browser.get(path).status_code for path in ("/home", "/practice", "/notices", "/onboarding")] == [200] * 4


def test_notices_are_ones_own_and_marked_by_a_button(
    browser: Browser, session: Session, verified: str, now: datetime
) -> None:
    browser.log_in()
    notify(
        session,
        account_id=account_of(session).id,
        kind="test",
        effect_key="one",
        text="<b>Read</b>",
        href="/home",
        now=now,
    )
    session.commit()
    assert "1 new" in browser.get("/home").text
    for _ in range(2):
        page = browser.get("/notices").text
        assert "&lt;b&gt;Read" in page
        assert "Mark all as read" in page
    assert browser.post("/notices/read").location == "/notices"
    assert "Mark all as read" not in browser.get("/notices").text


def test_the_mailbox_links_to_this_site_only(browser: Browser, post: Post) -> None:
    browser.sign_up()
    box = browser.get("/dev/mail").text
    address = box.split('href="/dev/mail/')[1].split('"')[0]
    assert UUID(address)
    assert f'<a href="{post.link("verify")}">' in browser.get(f"/dev/mail/{address}").text


def test_there_is_no_mailbox_for_another_host(app: Flask) -> None:
    client = app.test_client()
    for path in ("/dev/mail", "/dev/components"):
        assert client.get(path).status_code == 200
        assert client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404
