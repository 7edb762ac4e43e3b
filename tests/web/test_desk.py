"""The operator's desk: for who runs the place and nobody else; every act has a reason and is done once."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.measures import monthly_revenue
from billing.models import Audit, CompRow, EventRow, HoldRow
from billing.plans import PLANS, spell
from lift.accounts.people import make_admin
from lift.kernel.clock import FixedClock
from lift.kernel.jobs import Job, JobRow
from lift.wiring import Services
from tests.billing.fake_gateway import FakeGateway
from tests.web.practice_room import Candidate, words_of
from tests.web.test_billing import buy, deliver, pass_time

_PLANS = {plan.key: plan for plan in PLANS}
MONTHLY, QUARTERLY = _PLANS["lift_monthly_usd"], _PLANS["lift_quarterly_usd"]
YEARLY_EUR = _PLANS["lift_yearly_eur"]


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime, provider: FakeGateway) -> Candidate:
    return Candidate(app, session, now)


@pytest.fixture
def boss(app: Flask, session: Session, now: datetime, provider: FakeGateway) -> Candidate:
    made = Candidate(app, session, now, "boss@example.org")
    make_admin(session, made.account, now)
    session.commit()
    return made


def act(boss: Candidate, ada: Candidate, name: str, **fields: str) -> str:
    """Do it with a form of its own; what the account's page says next."""
    form = {"act": name, "act_key": uuid4().hex, "why": "asked by letter", **fields}
    assert boss.post(f"/desk/accounts/{ada.account.id}/acts", **form).status_code == 303
    return boss.get(f"/desk/accounts/{ada.account.id}").text


def test_the_desk_is_there_for_who_runs_the_place_alone(ada: Candidate, boss: Candidate) -> None:
    for address in ("/desk", "/desk/events", "/desk/numbers", f"/desk/accounts/{ada.account.id}"):
        assert ada.get(address).status_code == 404
        assert boss.get(address).status_code == 200
    assert ada.post(f"/desk/accounts/{ada.account.id}/acts", act="comp").status_code == 404


def test_an_account_is_found_by_address_and_explained(ada: Candidate, boss: Candidate) -> None:
    assert boss.get("/desk/accounts?q=ada@example.org").location == f"/desk/accounts/{ada.account.id}"
    assert boss.get("/desk/accounts?q=nobody@example.org").status_code == 404
    assert "decision: trialing" in boss.get(f"/desk/accounts/{ada.account.id}").text


def test_an_act_without_a_reason_is_not_done(ada: Candidate, boss: Candidate, session: Session) -> None:
    assert "Say why." in act(boss, ada, "comp", why=" ", days="30")
    assert "Say for how many days" in act(boss, ada, "comp", days="0")
    assert session.execute(select(CompRow)).first() is None
    assert session.execute(select(Audit)).first() is None


def test_a_reason_that_no_text_can_be_is_refused_in_words(ada: Candidate, boss: Candidate) -> None:
    form = {"act": "hold", "act_key": uuid4().hex, "why": "so it\x00is"}
    reply = boss.post(f"/desk/accounts/{ada.account.id}/acts", **form)
    assert reply.status_code == 400
    assert "holds a character that no text has" in reply.text


def test_access_is_given_once_for_a_form_and_ended(ada: Candidate, boss: Candidate, session: Session) -> None:
    form = {"days": "30", "act_key": uuid4().hex}
    act(boss, ada, "comp", **form)
    page = act(boss, ada, "comp", **form)
    assert "decision: comped" in page
    assert "by boss@example.org" in page
    assert len(session.execute(select(CompRow)).all()) == 1
    assert "decision: trialing" in act(boss, ada, "revoke")


def test_a_hold_stops_everything_until_it_is_released(ada: Candidate, boss: Candidate, session: Session) -> None:
    assert "decision: held" in act(boss, ada, "hold", kind="fraud")
    assert "Your account is on hold." in ada.get("/home").text
    assert ada.get("/practice").location == "/account"
    assert ada.post("/billing/checkout", plan="lift_monthly_usd").location == "/account"
    assert "decision: trialing" in act(boss, ada, "release")
    assert session.execute(select(HoldRow.released_at)).scalar_one() is not None


def test_a_refund_is_made_once_and_ends_what_it_paid_for(
    ada: Candidate, boss: Candidate, provider: FakeGateway, services: Services, clock: FixedClock, session: Session
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    pass_time(clock, provider, services, timedelta(days=8))
    charge = next(iter(provider.paid))
    form = {"charge": charge, "act_key": uuid4().hex, "why": "asked by letter"}
    address = f"/desk/accounts/{ada.account.id}/refund"
    for _ in range(2):
        assert boss.post(address, **form).status_code == 303
    deliver(services, provider, clock.now())
    assert sum(each.amount for each in provider.paid[charge].refunds) == MONTHLY.amount
    assert "decision: expired" in boss.get(f"/desk/accounts/{ada.account.id}").text
    acts = list(session.execute(select(Audit.what)).scalars())
    assert acts == ["refunded"]


@pytest.mark.parametrize("amount", ["29,00", "-1", "1e3", "29.005", "0", "29.01", "everything"])
def test_an_amount_that_cannot_be_is_refused_with_the_form_as_it_was(
    ada: Candidate, boss: Candidate, provider: FakeGateway, services: Services, clock: FixedClock, amount: str
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    pass_time(clock, provider, services, timedelta(days=8))
    charge = next(iter(provider.paid))
    form = {"charge": charge, "act_key": uuid4().hex, "why": "asked by letter", "amount": amount}
    reply = boss.post(f"/desk/accounts/{ada.account.id}/refund", **form)
    assert reply.status_code == 422
    assert "29.00 USD" in reply.text
    assert f'value="{amount}"' in reply.text
    assert 'value="asked by letter"' in reply.text
    assert provider.paid[charge].refunds == ()


def test_a_part_is_given_back_in_the_currency_of_the_payment(
    ada: Candidate, boss: Candidate, provider: FakeGateway, services: Services, clock: FixedClock
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    pass_time(clock, provider, services, timedelta(days=8))
    charge = next(iter(provider.paid))
    form = {"charge": charge, "act_key": uuid4().hex, "why": "half of it", "amount": "14.50"}
    for _ in range(2):
        assert boss.post(f"/desk/accounts/{ada.account.id}/refund", **form).status_code == 303
    assert [each.amount for each in provider.paid[charge].refunds] == [1450]
    page = boss.get(f"/desk/accounts/{ada.account.id}").text
    assert "Given back: 14.50 USD" in page
    assert "decision: active" in page


def test_come_pay_and_leave_are_counted_and_dated(
    ada: Candidate, boss: Candidate, provider: FakeGateway, services: Services, clock: FixedClock
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    deliver(services, provider, clock.now())
    page = words_of(boss.get("/desk/numbers").text)
    assert "As of 24 Nov 2026, 09:30 UTC" in page
    assert "Subscribed 1 of 2" in page
    assert "Week of" in page
    # Nobody was subscribed thirty days ago.
    assert "30 days 0 none yet" in page


def test_the_numbers_are_those_of_the_facts(
    ada: Candidate, boss: Candidate, provider: FakeGateway, services: Services, clock: FixedClock
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider, plan='lift_yearly_eur')}")
    pass_time(clock, provider, services, timedelta(days=8))
    page = boss.get("/desk").text
    assert spell(YEARLY_EUR.a_month, "eur") in page
    assert "ada@example.org" in page
    provider.cards[next(iter(provider.customers))] = "declined"


def test_revenue_a_month_loses_no_cent_of_the_sum() -> None:
    assert monthly_revenue(["lift_quarterly_usd"] * 3 + ["lift_monthly_usd", "lift_yearly_eur", "unknown"]) == {
        "usd": QUARTERLY.amount + MONTHLY.amount,
        "eur": YEARLY_EUR.a_month,
    }


def test_an_event_is_replayed_with_a_reason(
    ada: Candidate, boss: Candidate, provider: FakeGateway, services: Services, now: datetime, session: Session
) -> None:
    buy(ada, provider)
    deliver(services, provider, now)
    event = session.execute(select(EventRow.id).where(EventRow.state == "done")).scalars().first()
    before = len(session.execute(select(JobRow).where(JobRow.job == Job.BILLING_EVENT)).all())
    form = {"event": str(event), "act_key": uuid4().hex, "why": "to be sure"}
    for _ in range(2):
        assert boss.post("/desk/events/replay", **form).location == "/desk/events"
    assert len(session.execute(select(JobRow).where(JobRow.job == Job.BILLING_EVENT)).all()) == before + 1
    assert "pending" in boss.get("/desk/events?state=pending").text
    missing = {**form, "event": "evt_none", "act_key": uuid4().hex}
    assert boss.post("/desk/events/replay", **missing).status_code == 404


def test_without_the_provider_the_facts_are_shown(ada: Candidate, boss: Candidate, provider: FakeGateway) -> None:
    buy(ada, provider)
    provider.fail.add("*")
    page = boss.get(f"/desk/accounts/{ada.account.id}").text
    assert "decision: trialing" in page
    assert "does not answer" in page


def test_comparing_is_promised_once(ada: Candidate, boss: Candidate, session: Session) -> None:
    form = {"act_key": uuid4().hex}
    act(boss, ada, "compare", **form)
    act(boss, ada, "compare", **form)
    assert len(session.execute(select(JobRow).where(JobRow.job == Job.BILLING_SYNC)).all()) == 1


def test_who_did_what_and_why_is_there_to_read(ada: Candidate, boss: Candidate) -> None:
    act(boss, ada, "comp", days="30")
    page = words_of(boss.get("/desk/audit").text)
    assert "Access given ada@example.org boss@example.org asked by letter" in page
