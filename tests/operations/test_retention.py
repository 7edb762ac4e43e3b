"""What is forgotten, and when: the terms that the page on privacy states."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lift.accounts import sessions, tokens
from lift.accounts.models import Account, AccountToken, WebSession
from lift.accounts.tokens import Purpose
from lift.kernel.jobs import JobRow
from lift.notifications.models import MailMessage
from lift.notifications.service import send_mail
from lift.operations.retention import TERMS, tidy
from tests.factories import a_question, a_submitted_answer, an_account

MOMENT = timedelta(seconds=1)
PRIVACY = Path(__file__).resolve().parents[2] / "platform/lift/web/templates/public/privacy.html"


def count(session: Session, table: type) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def logged_in(session: Session, account_id: UUID | None, now: datetime) -> WebSession:
    before = set(session.execute(select(WebSession.id)).scalars())
    sessions.start(session, account_id, now, "a browser", claimed_email=None if account_id else "eve@example.org")
    made = set(session.execute(select(WebSession.id)).scalars()) - before
    return session.get_one(WebSession, made.pop())


def test_a_confirmed_account_and_its_answers_are_never_forgotten(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    answer = a_submitted_answer(session, account, a_question(session), "An answer.", now)
    assert tidy(session, now + timedelta(days=3650))["accounts"] == 0
    session.expire_all()
    assert answer.text == "An answer."


def test_a_sign_up_that_nobody_confirmed_is_forgotten_with_all_that_is_its_own(session: Session, now: datetime) -> None:
    account = an_account(session, now, verified=False)
    logged_in(session, account.id, now)
    tokens.issue(session, account.id, Purpose.VERIFY, now)
    send_mail(session, account.id, account.email, "verify", "verify:1", {"link": "http://h/verify/x"}, now)
    kept = tidy(session, now + TERMS.unconfirmed_accounts)
    assert (kept["accounts"], count(session, Account)) == (0, 1)
    assert tidy(session, now + TERMS.unconfirmed_accounts + MOMENT)["accounts"] == 1
    assert [count(session, table) for table in (Account, WebSession, AccountToken, MailMessage)] == [0, 0, 0, 0]


def test_a_sign_up_that_is_still_used_is_kept(session: Session, now: datetime) -> None:
    account = an_account(session, now, verified=False)
    logged_in(session, account.id, now + timedelta(days=10))
    assert tidy(session, now + timedelta(days=15))["accounts"] == 0
    assert tidy(session, now + timedelta(days=25))["accounts"] == 1


def test_what_stands_in_for_a_sign_up_lives_as_long_as_one(session: Session, now: datetime) -> None:
    logged_in(session, None, now).last_seen_at = now + TERMS.unconfirmed_accounts
    session.flush()
    assert tidy(session, now + TERMS.unconfirmed_accounts)["sessions"] == 0
    assert tidy(session, now + TERMS.unconfirmed_accounts + MOMENT)["sessions"] == 1


def test_the_address_of_a_stand_in_goes_with_its_session(session: Session, now: datetime) -> None:
    sessions.end(session, logged_in(session, None, now), now)
    assert tidy(session, now + MOMENT)["sessions"] == 1


def test_sessions_are_forgotten_a_week_after_they_ended_expired_or_fell_idle(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    ended, idle, expired = (logged_in(session, account.id, now) for _ in range(3))
    sessions.end(session, ended, now)
    expired.last_seen_at = now + sessions.ABSOLUTE
    session.flush()
    for end in (timedelta(), sessions.IDLE, sessions.ABSOLUTE):
        assert tidy(session, now + end + TERMS.ended)["sessions"] == 0
        assert tidy(session, now + end + TERMS.ended + MOMENT)["sessions"] == 1
    assert idle.account_id == account.id


def test_tokens_are_forgotten_a_week_after_they_stopped_working(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    _, token = tokens.issue(session, account.id, Purpose.VERIFY, now)
    tokens.use(session, token, Purpose.VERIFY, now)
    tokens.issue(session, account.id, Purpose.RESET, now)
    assert tidy(session, now + TERMS.ended + MOMENT)["tokens"] == 1
    assert tidy(session, now + TERMS.ended + timedelta(hours=1))["tokens"] == 0
    assert tidy(session, now + TERMS.ended + timedelta(hours=1) + MOMENT)["tokens"] == 1


def test_mails_and_done_jobs_are_forgotten(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    send_mail(session, account.id, account.email, "verify", "verify:1", {"link": "http://h"}, now)
    send_mail(session, None, "eve@example.org", "reset_unknown", "unknown:1", {"sign_up": "http://h"}, now)
    for row in session.execute(select(JobRow)).scalars():
        row.done_at = now
    session.flush()
    assert tidy(session, now + TERMS.mails_to_strangers + MOMENT)["mails"] == 1
    assert tidy(session, now + TERMS.done_jobs + MOMENT)["jobs"] == 2
    assert tidy(session, now + TERMS.mails + MOMENT)["mails"] == 1


def test_the_page_on_privacy_states_these_terms() -> None:
    said = " ".join(PRIVACY.read_text().split())
    for sentence in (
        f"never confirmed is deleted {TERMS.unconfirmed_accounts.days} days after its last use",
        f"sessions and mailed links are deleted {TERMS.ended.days} days after they stop working",
        f"mails are deleted after {TERMS.mails.days} days",
        f"address without an account after {TERMS.mails_to_strangers.days} day",
    ):
        assert sentence in said
