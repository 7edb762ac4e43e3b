"""Billing's e-mails: a letter for every kind, times with their zone, each once."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.notices import KINDS
from lift.kernel.ids import uuid7
from lift.notifications.models import MailMessage
from lift.payments.letters import LONGEST_KEY, fitting
from lift.wiring import Services
from tests.factories import an_account

CONTEXT = {
    "ends_at": "2026-12-01T09:30:00+00:00",
    "resumes_at": None,
    "first_charge_at": "2026-12-01T09:30:00+00:00",
    "plan": "lift_yearly_eur",
    "amount": "29.00 USD",
    "number": "LIFT-0001",
    "url": "https://pay.example/invoice",
}
OURS = ("cancel_undone", "subscription_resumed", "plan_changed")


@pytest.mark.parametrize("kind", [*KINDS, *OURS])
def test_every_kind_has_a_letter_that_leads_somewhere_and_shouts_nowhere(
    services: Services, session: Session, now: datetime, kind: str
) -> None:
    account = an_account(session, now)
    services.mail(session, account.id, kind, f"{kind}:x", CONTEXT)
    mail = session.execute(select(MailMessage)).scalar_one()
    assert mail.to_address == account.email
    assert "!" not in mail.subject + mail.body_text
    assert "\n\nInterview Lift\n" in mail.body_text
    assert "{{" not in mail.body_text + mail.body_html
    assert "://" in mail.body_text
    assert "href=" in mail.body_html


def test_times_are_in_the_persons_zone_and_say_which(services: Services, session: Session, now: datetime) -> None:
    account = an_account(session, now)
    account.timezone = "Europe/Vienna"
    services.mail(session, account.id, "subscribed", "k", CONTEXT)
    text = session.execute(select(MailMessage.body_text)).scalar_one()
    assert "1 Dec 2026, 10:30 CET" in text
    assert "Plan: Yearly." in text


def test_one_key_sends_one_mail_and_nobody_gets_the_mail_of_an_account_that_is_gone(
    services: Services, session: Session, now: datetime
) -> None:
    account = an_account(session, now)
    assert services.mail(session, account.id, "plan_changed", "k", CONTEXT) is not None
    assert services.mail(session, account.id, "plan_changed", "k", CONTEXT) is None
    assert services.mail(session, uuid7(), "plan_changed", "other", CONTEXT) is None


def test_a_long_key_fits_its_column() -> None:
    assert len(fitting("x" * 500)) <= LONGEST_KEY
    assert fitting("short") == "short"
