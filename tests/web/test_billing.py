"""The pages of billing over HTTP, beside a provider in memory."""

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.access import Holder, State
from billing.events import process, receive
from billing.operators import hold
from billing.plans import PLANS, plan_for, saving, spell
from billing.service import access_for
from billing.signature import header_for
from lift.kernel.clock import FixedClock
from lift.notifications.models import MailMessage
from lift.payments.events import promise
from lift.payments.rounds import tend_subscriptions
from lift.wiring import Services
from tests.billing.fake_gateway import FakeGateway
from tests.web.practice_room import Candidate

MONTHLY, YEARLY = "lift_monthly_usd", "lift_yearly_usd"


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime, provider: FakeGateway) -> Candidate:
    return Candidate(app, session, now)


def mails(session: Session) -> list[str]:
    return list(session.execute(select(MailMessage.kind).order_by(MailMessage.created_at, MailMessage.id)).scalars())


def buy(ada: Candidate, provider: FakeGateway, card: str = "good", plan: str = MONTHLY) -> str:
    """Through checkout; the id of the provider's session. No webhook comes."""
    reply = ada.post("/billing/checkout", plan=plan)
    assert reply.status_code == 303
    session_id = str(reply.location).rpartition("/")[2]
    provider.complete(session_id, card)
    return session_id


def pass_time(clock: FixedClock, provider: FakeGateway, services: Services, by: timedelta) -> None:
    """Time passes for both sides, and everything that the provider says is heard."""
    clock.advance(by)
    provider.advance(clock.now())
    deliver(services, provider, clock.now())


def deliver(services: Services, provider: FakeGateway, now: datetime) -> None:
    waiting, provider.events = provider.events, []
    for event in waiting:
        raw = json.dumps(event).encode()
        with services.desk.uow() as session:
            header = header_for(raw, "s", int(now.timestamp()))
            receive(session, raw, header, ("s",), now, livemode=False, enqueue=promise(now))
        process(services.desk, event["id"], now)


def test_pricing_shows_every_plan_and_promises_no_card(client: FlaskClient) -> None:
    for currency in ("usd", "eur"):
        page = client.get(f"/pricing?currency={currency}").text
        assert "7 days free, no card" in page
        for plan in PLANS:
            assert (spell(plan.amount, plan.currency) in page) is (plan.currency == currency)
    assert spell(PLANS[0].amount, "usd") in client.get("/pricing?currency=no").text
    assert 'href="/pricing"' in client.get("/").text


def test_pricing_says_what_a_month_costs_and_what_a_longer_plan_saves(client: FlaskClient) -> None:
    page = client.get("/pricing?currency=eur").text
    for plan in PLANS:
        if plan.currency == "eur":
            assert f"<b>{spell(plan.a_month, 'eur')}</b> a month" in page
            assert (f"Saves {spell(saving(plan), 'eur')}" in page) is (plan.months > 1)


def test_the_date_of_the_first_charge_stands_before_the_click(ada: Candidate, clock: FixedClock) -> None:
    clock.advance(timedelta(days=2, hours=3))
    page = ada.get(f"/billing/checkout?plan={MONTHLY}").text
    assert "on or about <b>1 Dec 2026</b>" in page
    clock.advance(timedelta(days=6))
    page = ada.get(f"/billing/checkout?plan={MONTHLY}").text
    assert "The first charge is made at once" in page


def test_the_form_may_lead_to_the_hosted_page_and_no_other_page_may(ada: Candidate) -> None:
    for address in ("/billing", f"/billing/checkout?plan={MONTHLY}"):
        policy = ada.get(address).headers["Content-Security-Policy"]
        assert "form-action 'self' https://checkout.stripe.com https://billing.stripe.com;" in policy
    assert "form-action 'self';" in ada.get("/account").headers["Content-Security-Policy"]


def test_coming_back_is_right_without_a_webhook(ada: Candidate, provider: FakeGateway, session: Session) -> None:
    session_id = buy(ada, provider)
    page = ada.get(f"/billing/return?session_id={session_id}")
    assert page.status_code == 200
    assert "You are subscribed" in page.text
    assert "first charge is made on or about 1 Dec 2026, 09:30 UTC" in page.text
    assert "trial-pill" not in page.text
    assert mails(session) == ["subscribed"]
    assert "Subscribed, trial still running" in ada.get("/billing").text


def test_coming_back_after_the_webhook_says_the_same(
    ada: Candidate, provider: FakeGateway, services: Services, session: Session, now: datetime
) -> None:
    session_id = buy(ada, provider)
    deliver(services, provider, now)
    assert "You are subscribed" in ada.get(f"/billing/return?session_id={session_id}").text
    assert mails(session) == ["subscribed"]


def test_coming_back_early_or_with_somebody_elses_checkout_claims_nothing(
    app: Flask, ada: Candidate, provider: FakeGateway, session: Session, now: datetime
) -> None:
    opened = str(ada.post("/billing/checkout", plan=MONTHLY).location).rpartition("/")[2]
    assert "not finished" in ada.get(f"/billing/return?session_id={opened}").text
    provider.complete(opened)
    eve = Candidate(app, session, now, "eve@example.org")
    assert eve.get(f"/billing/return?session_id={opened}").status_code == 404
    provider.fail.add("checkout")
    assert "being confirmed" in ada.get(f"/billing/return?session_id={opened}").text


def test_two_clicks_lead_to_one_checkout_and_a_subscriber_buys_no_second(ada: Candidate, provider: FakeGateway) -> None:
    first, second = (ada.post("/billing/checkout", plan=MONTHLY).location for _ in range(2))
    assert first == second
    provider.complete(str(first).rpartition("/")[2])
    reply = ada.post("/billing/checkout", plan=MONTHLY)
    assert reply.location == "/billing"
    assert "You have a subscription already" in ada.get("/billing").text
    assert str(ada.get(f"/billing/checkout?plan={YEARLY}").location) == f"/billing/plan?to={YEARLY}"


def test_when_the_provider_is_away_pages_work_and_say_try_again(
    ada: Candidate, provider: FakeGateway, session: Session
) -> None:
    session_id = buy(ada, provider)
    ada.get(f"/billing/return?session_id={session_id}")
    provider.fail.add("*")
    for address, form in (
        ("/billing/cancel", {}),
        ("/billing/card", {}),
        ("/billing/plan", {"plan": YEARLY, "asked_at": str(int(provider.clock.timestamp()))}),
        ("/billing/checkout", {"plan": MONTHLY}),
    ):
        assert ada.post(address, **form).location == "/billing"
        page = ada.get("/billing")
        assert page.status_code == 200
        assert "try again in a minute" in page.text
        assert "your bills cannot be shown" in ada.get("/billing/invoices").text
    assert ada.get(f"/billing/plan?to={YEARLY}").location == "/billing"
    assert mails(session) == ["subscribed"]


def test_the_page_of_billing_asks_the_provider_nothing(ada: Candidate, provider: FakeGateway) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    provider.calls.clear()
    page = ada.get("/billing").text
    assert provider.calls == {}
    assert 'href="/billing/invoices"' in page
    bills = ada.get("/billing/invoices").text
    assert "0.00 USD" in bills
    assert "Paid" in bills


def test_canceling_is_one_click_and_can_be_undone_and_each_is_told_once(
    ada: Candidate, provider: FakeGateway, session: Session
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    for _ in range(2):
        ada.post("/billing/cancel")
        page = ada.get("/billing").text
        assert "Your subscription is canceled and stays open until 1 Dec 2026, 09:30 UTC." in page
        assert "Keep the subscription" in page
        ada.post("/billing/undo")
        assert "Keep the subscription" not in ada.get("/billing").text
    assert sorted(mails(session)) == ["cancel_scheduled", "cancel_undone", "subscribed"]


def test_a_pause_goes_on_by_itself_and_is_told(
    ada: Candidate, provider: FakeGateway, services: Services, clock: FixedClock, session: Session
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    pass_time(clock, provider, services, timedelta(days=8))
    ada.post("/billing/pause", months="7")
    assert "one, two or three months" in ada.get("/billing").text
    ada.post("/billing/pause", months="1")
    page = ada.get("/billing").text
    assert "Your subscription is paused." in page
    assert "2 Jan 2027, 09:30 UTC" in page
    assert ada.get("/questions").location == "/billing"
    clock.advance(timedelta(days=32))
    provider.clock = clock.now()
    assert tend_subscriptions(services.desk, clock.now())["resumed"] == 1
    assert tend_subscriptions(services.desk, clock.now())["resumed"] == 0
    with services.desk.uow() as opened:
        decided = access_for(opened, Holder(ada.account.id, clock.now()), clock.now())
    assert decided.state is State.ACTIVE
    assert mails(session).count("subscription_paused") == 1
    assert mails(session).count("subscription_resumed") == 1


def test_resuming_early_is_one_click(
    ada: Candidate, provider: FakeGateway, services: Services, clock: FixedClock, session: Session
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    pass_time(clock, provider, services, timedelta(days=8))
    ada.post("/billing/pause", months="3")
    ada.post("/billing/resume")
    assert "Your subscription is active." in ada.get("/billing").text
    assert "subscription_resumed" in mails(session)


def test_a_change_of_plan_costs_what_its_preview_said_and_is_told_once(
    ada: Candidate, provider: FakeGateway, services: Services, clock: FixedClock, session: Session
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    pass_time(clock, provider, services, timedelta(days=8))
    preview = ada.get(f"/billing/plan?to={YEARLY}").text
    asked_at = str(int(clock.now().timestamp()))
    assert f'value="{asked_at}"' in preview
    for _ in range(2):
        assert ada.post("/billing/plan", plan=YEARLY, asked_at=asked_at).location == "/billing"
    charged = max(provider.bills.values(), key=lambda bill: bill.created)
    assert spell(charged.amount_due, "usd") in preview
    yearly = plan_for(YEARLY)
    assert yearly is not None
    assert f"Yearly, {spell(yearly.amount, 'usd')}" in ada.get("/billing").text
    assert mails(session).count("plan_changed") == 1
    assert ada.post("/billing/plan", plan=YEARLY, asked_at="yesterday").status_code == 400


def test_a_failed_payment_is_said_on_every_page_until_the_card_is_good(
    ada: Candidate, provider: FakeGateway, services: Services, clock: FixedClock, session: Session
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    customer = next(iter(provider.customers))
    provider.cards[customer] = "declined"
    pass_time(clock, provider, services, timedelta(days=8))
    page = ada.get("/home").text
    assert "Your last payment failed. Everything stays open until 15 Dec 2026, 09:30 UTC." in page
    assert ada.get("/questions").status_code == 200
    assert mails(session).count("payment_failed") == 1
    provider.set_card(customer, "good")
    assert "Try the unpaid bill now" in ada.get("/billing").text
    assert ada.post("/billing/retry").location == "/billing"
    assert "The unpaid bill is paid." in ada.get("/billing").text
    assert "Your last payment failed" not in ada.get("/home").text


def test_no_page_that_is_only_looked_at_tries_a_bill(
    ada: Candidate, provider: FakeGateway, services: Services, clock: FixedClock
) -> None:
    """Browsers fetch ahead and people reload: money moves by a button, or by what the provider tells."""
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    customer = next(iter(provider.customers))
    provider.cards[customer] = "declined"
    pass_time(clock, provider, services, timedelta(days=8))
    provider.set_card(customer, "good")
    assert ada.post("/billing/card").status_code == 303
    for address in ("/billing", "/billing/invoices", "/billing/card", "/billing/retry"):
        ada.get(address)
    assert provider.calls["pay_invoice"] == 0
    deliver(services, provider, clock.now())
    assert provider.calls["pay_invoice"] == 1
    assert "Your subscription is active." in ada.get("/billing").text


def test_a_bill_is_tried_once_with_a_card_however_often_it_is_asked_for(
    ada: Candidate, provider: FakeGateway, services: Services, clock: FixedClock
) -> None:
    ada.post("/billing/retry")
    assert "There is no unpaid bill." in ada.get("/billing").text
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    customer = next(iter(provider.customers))
    provider.cards[customer] = "declined"
    pass_time(clock, provider, services, timedelta(days=8))
    provider.set_card(customer, "declined")
    ada.post("/billing/retry")
    assert "Your bank refused the unpaid bill." in ada.get("/billing").text
    ada.post("/billing/retry")
    assert "was tried with this card before" in ada.get("/billing").text
    assert provider.calls["pay_invoice"] == 1


def test_a_person_on_hold_sees_how_it_stands_and_can_cancel_and_buys_nothing(
    ada: Candidate, provider: FakeGateway, services: Services, session: Session, clock: FixedClock
) -> None:
    ada.get(f"/billing/return?session_id={buy(ada, provider)}")
    pass_time(clock, provider, services, timedelta(days=8))
    hold(session, ada.account.id, kind="fraud", who="grace", why="a test", act_key="hold:1", now=clock.now())
    session.commit()
    assert 'href="/billing"' in ada.get("/account").text
    page = ada.get("/billing").text
    assert "This account is on hold." in page
    assert "Monthly, 29.00 USD" in page
    assert "Paid" in ada.get("/billing/invoices").text
    offered = set(re.findall(r'action="(/billing/[^"]*)"', page))
    assert offered == {"/billing/cancel"}
    assert 'href="/pricing">Choose' not in page
    for address in ("checkout", "undo", "plan", "pause", "resume", "card", "retry"):
        assert ada.post(f"/billing/{address}", plan=YEARLY).location == "/account"
    assert ada.post("/billing/cancel").location == "/billing"
    page = ada.get("/billing").text
    assert "<dt>Ends</dt>" in page
    assert "/billing/cancel" not in page
    assert "/billing/undo" not in page
    assert all(sub.shown.cancel_at_period_end for sub in provider.subs.values())


def test_the_sandbox_says_so_on_every_page_of_money(ada: Candidate, services: Services, client: FlaskClient) -> None:
    addresses = ("/pricing", "/billing", f"/billing/checkout?plan={MONTHLY}")
    assert all("no card is charged" not in ada.get(address).text for address in addresses)
    services.settings = services.settings.model_copy(update={"stripe_api_base": "http://127.0.0.1:9"})
    for address in addresses:
        assert "<b>Sandbox:</b> no card is charged." in ada.get(address).text
    policy = ada.get("/billing").headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:9;" in policy
