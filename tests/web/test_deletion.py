"""The pages of leaving: the password again, a banner with one button, and nothing but reading in between."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.models import Snapshot
from lift.accounts import passwords
from lift.accounts.models import Account
from lift.kernel.clock import FixedClock
from lift.notifications.models import MailMessage
from lift.wiring import Services
from tests.billing.fake_gateway import FakeGateway
from tests.factories import a_question
from tests.web.practice_room import Candidate, words_of
from tests.web.test_billing import buy

PASSWORD = "a long enough secret"
DAY = "8 Dec 2026, 09:30 UTC"


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime, provider: FakeGateway) -> Candidate:
    made = Candidate(app, session, now)
    made.account.password_hash = passwords.hash_password(PASSWORD)
    session.commit()
    return made


def leaves_at(session: Session) -> datetime | None:
    session.expire_all()
    return session.execute(select(Account.leaves_at)).scalar_one()


def test_the_page_says_what_goes_when_and_what_stays(ada: Candidate) -> None:
    assert "Delete your account" in ada.get("/account").text
    page = words_of(ada.get("/account/delete").text)
    for words in ("What goes", "Your answers", "When", "In 14 days", "What stays", "keyed hash of your address"):
        assert words in page


def test_without_the_password_nothing_happens(ada: Candidate, session: Session) -> None:
    for password in ("", "not the password"):
        assert ada.post("/account/delete", password=password).status_code == 422
    assert leaves_at(session) is None


def test_passwords_are_not_guessed_there(ada: Candidate, session: Session) -> None:
    for _ in range(10):
        assert ada.post("/account/delete", password="wrong").status_code == 422
    assert ada.post("/account/delete", password=PASSWORD).status_code == 429
    assert leaves_at(session) is None


def test_until_the_day_one_reads_and_does_nothing_else(ada: Candidate, session: Session) -> None:
    address = ada.starts(a_question(session).slug)
    assert ada.post("/account/delete", password=PASSWORD).location == "/account/delete"
    page = words_of(ada.get("/home").text)
    assert f"Your account will be deleted on {DAY}." in page
    assert "Keep my account" in page
    assert ada.get(address).status_code == 200
    assert ada.get("/questions").location == "/account"
    assert ada.get("/billing").location == "/account"
    mail = session.execute(select(MailMessage).where(MailMessage.kind == "deletion_asked")).scalar_one()
    assert DAY in mail.body_text


def test_one_button_takes_it_back(ada: Candidate, session: Session, provider: FakeGateway) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    ada.post("/account/delete", password=PASSWORD)
    assert session.execute(select(Snapshot.cancel_at_period_end)).scalar_one()
    assert ada.post("/account/delete/undo").location == "/account"
    assert leaves_at(session) is None
    assert not session.execute(select(Snapshot.cancel_at_period_end)).scalar_one()
    assert "Your account stays" in ada.get("/account").text
    assert "Keep my account" not in ada.get("/account").text


def test_when_the_provider_is_away_one_is_asked_to_try_again(
    ada: Candidate, session: Session, provider: FakeGateway
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    provider.fail.add("*")
    ada.post("/account/delete", password=PASSWORD)
    assert "Please try again in a minute." in ada.get("/account/delete").text
    assert leaves_at(session) is None
    assert ada.get("/questions").status_code == 200


def test_a_reminder_of_the_trial_is_not_sent_to_who_leaves(
    ada: Candidate, services: Services, session: Session, clock: FixedClock
) -> None:
    ada.post("/account/delete", password=PASSWORD)
    clock.advance(timedelta(days=6))
    with services.desk.uow() as opened:
        assert services.mail(opened, ada.account.id, "trial_1_day", "k", {"ends_at": None}) is None
