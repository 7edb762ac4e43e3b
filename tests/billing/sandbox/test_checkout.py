"""Checkout: a trial, a charge at once, cards that refuse and cards that ask."""

import pytest
import stripe

from billing.sandbox.errors import Refusal
from tests.billing.sandbox.conftest import DAY, HOUR, START, Heard, Shop


def test_a_checkout_with_a_trial_charges_nothing_until_its_end_and_then_the_first_invoice_is_paid(
    shop: Shop, heard: Heard
) -> None:
    clock = shop.clock()
    customer = shop.customer(None, test_clock=clock)
    session = shop.checkout(customer.id, subscription_data={"trial_period_days": 5, "metadata": {"account": "7"}})
    assert shop.sandbox.control.pay_checkout(session.id) == "done"

    done = shop.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "line_items"]})
    sub = done.subscription
    assert isinstance(sub, stripe.Subscription)
    assert (done.status, done.payment_status, sub.status) == ("complete", "no_payment_required", "trialing")
    assert sub.metadata["account"] == "7"
    assert sub.trial_end == START + 5 * DAY == sub["items"].data[0].current_period_end
    assert [invoice.total for invoice in shop.invoices(sub)] == [0]

    shop.advance(clock, START + 5 * DAY - 1)
    assert shop.client.v1.charges.list({"customer": customer.id}).data == []
    shop.advance(clock, START + 5 * DAY + HOUR)
    assert shop.again(sub).status == "active"
    first, _ = shop.invoices(sub)
    assert (first.status, first.amount_paid, first.billing_reason) == ("paid", 1900, "subscription_cycle")

    assert shop.sandbox.control.drain()
    told = heard.types()
    for kind in ("checkout.session.completed", "customer.subscription.created", "customer.subscription.trial_will_end"):
        assert kind in told
    assert told.index("invoice.created") < told.index("invoice.finalized") < told.index("invoice.paid")


def test_a_declined_card_leaves_the_session_open_and_nothing_bought(shop: Shop) -> None:
    customer = shop.customer(None)
    session = shop.checkout(customer.id)
    with pytest.raises(Refusal, match="declined"):
        shop.sandbox.control.pay_checkout(session.id, number="4000000000000002")
    assert shop.client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert shop.client.v1.subscriptions.list({"customer": customer.id, "status": "all"}).data == []
