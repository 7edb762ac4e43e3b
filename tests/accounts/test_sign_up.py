"""Signing up and proving the mailbox."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from billing.models import TrialGrant
from lift.accounts import service
from lift.accounts.models import Account, WebSession
from lift.accounts.tokens import StaleLink
from lift.kernel.clock import FixedClock
from lift.kernel.jobs import Job, JobRow
from lift.kernel.settings import Settings
from tests.accounts.conftest import EMAIL, PASSWORD, Browser, Post


def test_signing_up_logs_in_as_unverified_and_asks_to_look_at_the_mail(browser: Browser, post: Post) -> None:
    reply = browser.sign_up()
    assert (reply.status_code, reply.location) == (303, "/verify")
    page = browser.get("/verify")
    assert EMAIL in page.text
    assert "/dev/mail" in page.text
    assert post.kinds() == ["verify"]
    assert browser.get("/practice").location == "/verify"


def test_the_mail_is_promised_as_a_job_in_the_same_transaction(browser: Browser, session: Session) -> None:
    browser.sign_up()
    jobs = session.execute(select(JobRow).where(JobRow.job == Job.SEND_MAIL)).scalars().all()
    assert len(jobs) == 1
    assert set(jobs[0].payload) == {"message_id"}


def test_opening_the_link_changes_nothing_and_the_button_starts_the_trial(
    browser: Browser, post: Post, session: Session, now: datetime
) -> None:
    browser.sign_up()
    link = post.link("verify")
    for _ in range(3):
        assert browser.get(link).status_code == 200
    assert session.execute(select(func.count()).select_from(TrialGrant)).scalar_one() == 0
    assert browser.post(link).location == "/onboarding"
    granted = session.execute(select(TrialGrant)).scalar_one()
    assert (granted.starts_at, granted.ends_at) == (now, now + timedelta(hours=168))
    assert "7 days 0 h" in browser.get("/home").text


def test_a_link_opened_again_says_that_it_has_done_its_work(
    browser: Browser, other_browser: Browser, post: Post, session: Session
) -> None:
    browser.sign_up()
    link = post.link("verify")
    browser.post(link)
    again = browser.post(link)
    assert (again.status_code, again.location) == (303, "/home")
    page = browser.get(link)
    assert page.status_code == 200
    assert "Your address is confirmed" in page.text
    assert 'href="/home"' in page.text
    elsewhere = other_browser.post(link, password=PASSWORD)
    assert elsewhere.location == link
    assert 'href="/log-in"' in other_browser.get(link).text
    assert not other_browser.is_in()
    assert session.execute(select(func.count()).select_from(TrialGrant)).scalar_one() == 1


def test_a_link_that_opens_nothing_has_a_title_of_its_own(browser: Browser) -> None:
    for path in ("/verify/" + "x" * 43, "/reset/" + "x" * 43):
        reply = browser.get(path)
        assert reply.status_code == 410
        assert "<h1>This link no longer works</h1>" in reply.text


def test_a_link_works_for_24_hours_to_the_second(
    browser: Browser, other_browser: Browser, post: Post, clock: FixedClock
) -> None:
    browser.sign_up()
    link = post.link("verify")
    clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    assert other_browser.get(link).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert other_browser.get(link).status_code == 410
    assert browser.post(link).status_code == 410


def test_a_link_followed_elsewhere_asks_for_the_password_and_then_confirms_and_logs_in(
    browser: Browser, other_browser: Browser, post: Post, session: Session
) -> None:
    browser.sign_up()
    link = post.link("verify")
    assert 'type="password"' in other_browser.get(link).text
    for fields in ({}, {"password": "not the password"}):
        assert other_browser.post(link, **fields).status_code == 422
    assert session.execute(select(func.count()).select_from(TrialGrant)).scalar_one() == 0
    assert not other_browser.is_in()
    assert other_browser.post(link, password=PASSWORD).location == "/onboarding"
    assert other_browser.get("/home").status_code == 200
    assert "7 days 0 h" in other_browser.get("/home").text


def test_passwords_cannot_be_tried_at_a_link_without_end(browser: Browser, other_browser: Browser, post: Post) -> None:
    browser.sign_up()
    link = post.link("verify")
    statuses = [other_browser.post(link, password="not the password").status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]


def test_a_link_does_not_prove_a_mailbox_for_another_account(
    browser: Browser, other_browser: Browser, post: Post, session: Session
) -> None:
    other_browser.sign_up("eve@example.org", "a password that eve chose")
    browser.sign_up()
    link = post.link("verify", "eve@example.org")
    assert browser.post(link).status_code == 422
    assert "another account" in browser.get(link).text
    assert browser.post(link, password=PASSWORD).status_code == 422
    proved = select(func.count()).where(Account.email_verified_at.is_not(None))
    assert session.execute(proved).scalar_one() == 0


def test_a_link_does_not_confirm_a_password_that_was_changed_meanwhile(
    session: Session, settings: Settings, post: Post, now: datetime
) -> None:
    service.sign_up(session, settings, EMAIL, PASSWORD, now, "")
    token = post.link("verify").rpartition("/")[2]
    seen = service.verification_link(session, token, now)
    service.sign_up(session, settings, EMAIL, "what a stranger chose", now, "")
    with pytest.raises(StaleLink):
        service.verify(session, settings, seen, token, now)


@pytest.mark.parametrize("second", ["a.da@gmail.com", "ada+again@gmail.com", "ADA@googlemail.com"])
def test_a_second_trial_by_dots_or_tags_is_refused(app: Flask, session: Session, post: Post, second: str) -> None:
    for address, words in (("ada@gmail.com", "days have started"), (second, "with another account")):
        browser = Browser(app)
        browser.sign_up(address)
        stored = address.rpartition("@")[0] + "@" + address.rpartition("@")[2].lower()
        browser.post(post.link("verify", stored))
        assert words in browser.get("/onboarding").text
    assert session.execute(select(func.count()).select_from(TrialGrant)).scalar_one() == 1
    assert browser.get("/questions").location == "/billing"


def cookie_sizes(browser: Browser) -> dict[str, int]:
    """What the session cookie holds, and how long each part is."""
    with browser.client.session_transaction() as held:
        return {name: len(str(value)) for name, value in held.items()}


def test_an_address_that_is_taken_gets_the_same_answer_and_its_owner_a_mail(
    app: Flask, post: Post, verified: str
) -> None:
    fresh, taken = Browser(app), Browser(app)
    answers = [fresh.sign_up("bob@example.org"), taken.sign_up(verified, "some other long words")]
    assert [(a.status_code, a.location, a.text) for a in answers] == [(303, "/verify", answers[0].text)] * 2
    # Not the cookies' own length: what they hold is packed, and random bytes pack differently each time.
    held = [cookie_sizes(browser) for browser in (fresh, taken)]
    assert held[0] == held[1] != {}
    assert post.kinds(verified) == ["verify", "already_have_account"]
    for path in ("/verify", "/home", "/account", "/practice", "/onboarding"):
        one, two = fresh.get(path), taken.get(path)
        assert (one.status_code, one.location) == (two.status_code, two.location), path
        assert abs(len(one.text.replace("bob@", "ada@")) - len(two.text)) <= 8, path
    assert taken.post("/verify").location == "/verify"


def test_the_stand_in_of_a_taken_address_cannot_change_the_account(
    browser: Browser, session: Session, verified: str
) -> None:
    browser.sign_up(verified, "some other long words")
    browser.post("/account/time-zone", timezone="Asia/Tokyo")
    browser.post("/onboarding", company="microsoft")
    ada = session.execute(select(Account).where(Account.email == verified)).scalar_one()
    assert (ada.timezone, ada.target_company) == ("UTC", None)
    assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 1


def test_a_rotated_secret_gives_no_second_trial(
    session: Session, settings: Settings, post: Post, now: datetime
) -> None:
    rotated = settings.model_copy(update={"secret_key": SecretStr("another secret that is long enough too")})
    done = []
    for address, its_settings in (("ada@gmail.com", settings), ("a.d.a@gmail.com", rotated)):
        service.sign_up(session, its_settings, address, PASSWORD, now, "")
        token = post.link("verify", address).rpartition("/")[2]
        done.append(service.verify(session, its_settings, service.verification_link(session, token, now), token, now))
    assert done == [service.Confirmed.TRIAL_STARTED, service.Confirmed.NO_TRIAL]


def test_an_owner_is_told_at_most_once_an_hour(app: Flask, post: Post, clock: FixedClock, verified: str) -> None:
    for _ in range(3):
        Browser(app).sign_up(verified)
    clock.advance(timedelta(hours=1))
    Browser(app).sign_up(verified)
    assert post.kinds(verified).count("already_have_account") == 2


def test_until_the_mailbox_is_proved_the_last_sign_up_counts(
    browser: Browser, other_browser: Browser, post: Post
) -> None:
    browser.sign_up(password="what a stranger chose")
    old = post.link("verify")
    other_browser.sign_up()
    assert not browser.is_in()
    assert browser.log_in(password="what a stranger chose").status_code == 422
    assert browser.post(old, password="what a stranger chose").status_code == 422
    assert other_browser.post(old).location == "/onboarding"


def test_the_address_is_one_whatever_its_case(session: Session, settings: Settings, now: datetime) -> None:
    for spelling in ("Ada@example.org", "ADA@EXAMPLE.ORG"):
        service.sign_up(session, settings, spelling, PASSWORD, now, "")
    assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 1


@pytest.mark.parametrize("email", ["nothing", "a@b\r\nBcc: x@y.org", "a@b", "@", "a b@c.org", "x" * 300 + "@a.org"])
def test_a_form_with_a_bad_address_comes_back_filled_in(browser: Browser, email: str) -> None:
    reply = browser.sign_up(email)
    assert reply.status_code == 422
    assert "field-error" in reply.text


@pytest.mark.parametrize("password", ["short", "password1", "ada12345", "interviewlift", "aaaaaaaaaa", ""])
def test_a_bad_password_is_refused_and_not_shown_again(browser: Browser, session: Session, password: str) -> None:
    reply = browser.sign_up(password=password)
    assert reply.status_code == 422
    assert f'value="{EMAIL}"' in reply.text
    assert not password or f'value="{password}"' not in reply.text
    assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 0


def test_what_is_posted_besides_the_form_is_ignored(browser: Browser, session: Session) -> None:
    browser.client.post(
        "/sign-up",
        data={"email": EMAIL, "password": PASSWORD, "email_verified_at": "2020-01-01", "timezone": "X", "id": "1"},
    )
    account = session.execute(select(Account)).scalar_one()
    assert (account.email_verified_at, account.timezone) == (None, "UTC")


def test_neither_password_nor_tokens_are_stored_as_they_are(browser: Browser, post: Post, session: Session) -> None:
    browser.sign_up()
    account = session.execute(select(Account)).scalar_one()
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    kept = session.execute(select(WebSession)).scalar_one()
    assert len(kept.token_hash) == 32
    assert post.link("verify").rpartition("/")[2].encode() not in kept.token_hash


def test_a_mail_asked_for_again_brings_a_new_link_and_leaves_the_first(
    browser: Browser, post: Post, clock: FixedClock
) -> None:
    browser.sign_up()
    first = post.link("verify")
    clock.advance(timedelta(minutes=5))
    browser.post("/verify")
    assert post.link("verify") != first
    assert browser.get(first).status_code == 200


def test_nothing_is_sent_to_who_is_verified(
    session: Session, settings: Settings, post: Post, verified: str, now: datetime
) -> None:
    ada = session.execute(select(Account).where(Account.email == verified)).scalar_one()
    service.resend_verification(session, settings, ada.id, ada.email, now + timedelta(days=2))
    assert post.kinds(verified) == ["verify"]


def test_a_made_up_link_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(StaleLink):
        service.verification_link(session, "x" * 43, now)
