"""A site that goes by the sandbox's clock agrees with it on the day, whatever it was moved by."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from billing.checkout import LIVES
from billing.gateway import Checkout, Refused
from billing.plans import PLANS
from billing.sandbox.testing import API_KEY, WEBHOOK_SECRET, Running, running
from billing.signature import BadSignature, verify
from billing.stripe_gateway import StripeGateway
from billing.stripe_setup import set_up
from lift.kernel.clock import MovedClock, clock_file, move_ahead
from tests.billing.sandbox.conftest import DAY, Heard


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(clock_file(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def server(sandbox_engine: Engine, clock: MovedClock) -> Iterator[Running]:
    file: Path = clock._file
    with running(sandbox_engine, moved=lambda ahead: move_ahead(file, ahead)) as started:
        yield started


def buy(sandbox: Running, now: datetime) -> Checkout:
    gateway = StripeGateway(API_KEY, sandbox.address)
    set_up(gateway)
    customer = gateway.create_customer(account="an account", email="ada@example.org", key=f"customer:{now}").id
    return gateway.create_checkout(
        customer_id=customer,
        plan=PLANS[0],
        trial_days=0,
        expires_at=now + LIVES,
        success_url="http://testserver/billing/return",
        cancel_url="http://testserver/billing",
        account="an account",
        key=f"checkout:{now}",
    )


def test_a_checkout_can_be_started_after_the_clock_was_moved(sandbox: Running, clock: MovedClock) -> None:
    sandbox.control.advance(by=8 * DAY)
    assert buy(sandbox, clock.now()).status == "open"
    with pytest.raises(Refused):
        buy(sandbox, datetime.now(UTC))


def test_webhooks_are_signed_by_the_clock_that_checks_them(sandbox: Running, clock: MovedClock, heard: Heard) -> None:
    sandbox.control.advance(by=DAY)
    buy(sandbox, clock.now())
    assert sandbox.control.drain()
    for raw, header in heard.raw:
        verify(raw, header, (WEBHOOK_SECRET,), clock.now())
        with pytest.raises(BadSignature):
            verify(raw, header, (WEBHOOK_SECRET,), datetime.now(UTC))
    assert heard.raw


def test_a_clock_that_others_follow_does_not_go_back_with_a_reset(sandbox: Running, clock: MovedClock) -> None:
    sandbox.control.advance(by=DAY)
    before = clock.now()
    sandbox.control.reset()
    assert clock.now() >= before
    assert abs(sandbox.control.now() - clock.now().timestamp()) < timedelta(minutes=1).total_seconds()
