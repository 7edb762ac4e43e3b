"""`lift billing setup`: twice is once, and a price that changes leaves those who pay the old one as they are."""

from dataclasses import replace

import pytest
from stripe import StripeClient

from billing import stripe_setup
from billing.gateway import Refused
from billing.plans import PLANS
from billing.sandbox.testing import API_KEY, Running
from billing.stripe_gateway import PRODUCT, StripeGateway
from billing.stripe_setup import set_up

DEARER = tuple(replace(plan, amount=plan.amount + 500) if plan is PLANS[0] else plan for plan in PLANS)


@pytest.fixture
def gateway(sandbox: Running) -> StripeGateway:
    return StripeGateway(API_KEY, sandbox.address)


def test_a_second_run_makes_nothing(gateway: StripeGateway) -> None:
    assert set_up(gateway) == [f"made product {PRODUCT}", *(f"made price {plan.key}" for plan in PLANS)]
    assert set_up(gateway) == []


def test_a_changed_amount_is_a_new_price_with_the_key_and_the_old_one_is_archived(
    gateway: StripeGateway, client: StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(gateway)
    plan = PLANS[0]
    (before,) = client.v1.prices.list({"lookup_keys": [plan.key]}).data
    customer = gateway.create_customer(account="ada", email="ada@example.org", key="ada").id
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})
    sub = client.v1.subscriptions.create({"customer": customer, "items": [{"price": before.id}]}).id

    monkeypatch.setattr(stripe_setup, "PLANS", DEARER)
    assert set_up(gateway) == [
        f"made price {plan.key}",
        f"archived price {before.id}, an old one of {plan.key}",
    ]
    assert set_up(gateway) == []
    (after,) = client.v1.prices.list({"lookup_keys": [plan.key]}).data
    old = client.v1.prices.retrieve(before.id)
    assert (after.unit_amount, after.active) == (plan.amount + 500, True)
    assert (old.unit_amount, old.active, old.lookup_key) == (plan.amount, False, None)
    kept = client.v1.subscriptions.retrieve(sub)
    assert kept["items"].data[0].price.id == before.id
    # Who pays the old price is still on the plan, and keeps what it opens.
    assert gateway.subscription(sub).price == plan.key


def test_a_setup_that_was_cut_off_is_brought_to_its_end(
    gateway: StripeGateway, client: StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(gateway)
    (before,) = client.v1.prices.list({"lookup_keys": [PLANS[0].key]}).data
    monkeypatch.setattr(stripe_setup, "PLANS", DEARER)
    set_up(gateway)
    client.v1.prices.update(before.id, {"active": True})
    assert set_up(gateway) == [f"archived price {before.id}, an old one of {PLANS[0].key}"]


def test_nothing_is_sold_at_an_amount_that_no_page_says(
    gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(gateway)
    assert gateway._price(PLANS[0])
    monkeypatch.setattr(stripe_setup, "PLANS", DEARER)
    set_up(gateway)
    with pytest.raises(Refused, match="run billing setup"):
        gateway._price(PLANS[0])
