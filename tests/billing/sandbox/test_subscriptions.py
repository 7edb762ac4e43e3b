"""A subscription's life: changed to the cent, paused, cancelled, failing, refunded, contested."""

from typing import Any

import pytest
import stripe

from tests.billing.sandbox.conftest import DAY, HOUR, START, Heard, Shop


def _upgrade(sub: stripe.Subscription, price: str, **more: Any) -> Any:
    items = [{"id": sub["items"].data[0].id, "price": price}]
    return {"items": items, "proration_behavior": "always_invoice", "payment_behavior": "error_if_incomplete", **more}


@pytest.mark.parametrize("seconds", [0, 1, 10 * DAY + 12_345, 29 * DAY + 40_000])
@pytest.mark.parametrize("target", ["plus", "yearly"])
def test_a_plan_change_previews_to_the_cent_what_is_charged(shop: Shop, target: str, seconds: int) -> None:
    sub = shop.subscribed("monthly")
    if seconds:
        shop.advance(str(sub.test_clock), START + seconds)
    at = START + seconds
    change = {"items": [{"id": sub["items"].data[0].id, "price": shop.prices[target]}]}
    asked: Any = {
        "subscription": sub.id,
        "subscription_details": {**change, "proration_behavior": "always_invoice", "proration_date": at},
    }
    preview = shop.client.v1.invoices.create_preview(asked)
    assert len(shop.invoices(sub)) == 1
    shop.client.v1.subscriptions.update(sub.id, _upgrade(sub, shop.prices[target], proration_date=at))
    charged = shop.invoices(sub)[0]
    assert (charged.total, charged.status) == (preview.total, "paid")
    assert charged.amount_paid == preview.amount_due
    assert [line.amount for line in charged.lines.data] == [line.amount for line in preview.lines.data]
    length = sub["items"].data[0].current_period_end - START
    left = length - seconds
    credit = (1900 * left * 2 + length) // (2 * length)
    charge = (2900 * left * 2 + length) // (2 * length) if target == "plus" else 14900
    assert charged.total == charge - credit


def test_a_declined_change_leaves_the_old_plan(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.sandbox.control.card_fails(str(sub.customer))
    with pytest.raises(stripe.CardError):
        shop.client.v1.subscriptions.update(sub.id, _upgrade(sub, shop.prices["plus"]))
    kept = shop.again(sub)
    assert (kept["items"].data[0].price.id, kept.status) == (shop.prices["monthly"], "active")
    assert len(shop.invoices(sub)) == 1


def test_a_pending_change_takes_effect_when_its_invoice_is_paid(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.advance(str(sub.test_clock), START + DAY)
    shop.sandbox.control.card_fails(str(sub.customer))
    asked = _upgrade(sub, shop.prices["plus"], payment_behavior="pending_if_incomplete")
    waiting = shop.client.v1.subscriptions.update(sub.id, asked)
    assert waiting.pending_update is not None
    assert waiting["items"].data[0].price.id == shop.prices["monthly"]
    shop.sandbox.control.card_works(str(sub.customer))
    shop.client.v1.invoices.pay(str(waiting.latest_invoice))
    assert shop.again(sub)["items"].data[0].price.id == shop.prices["plus"]


def test_a_pending_change_that_is_not_paid_is_dropped_after_23_hours(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.sandbox.control.card_fails(str(sub.customer))
    asked = _upgrade(sub, shop.prices["plus"], payment_behavior="pending_if_incomplete")
    waiting = shop.client.v1.subscriptions.update(sub.id, asked)
    shop.advance(str(sub.test_clock), START + 23 * HOUR)
    kept = shop.again(sub)
    assert (kept.pending_update, kept["items"].data[0].price.id) == (None, shop.prices["monthly"])
    assert shop.client.v1.invoices.retrieve(str(waiting.latest_invoice)).status == "void"


def test_a_cheaper_plan_leaves_its_credit_on_the_customer(shop: Shop) -> None:
    sub = shop.subscribed("plus")
    shop.client.v1.subscriptions.update(sub.id, _upgrade(sub, shop.prices["monthly"]))
    assert shop.client.v1.customers.retrieve(str(sub.customer)).balance == -1000
    entries = shop.client.v1.customers.balance_transactions.list(str(sub.customer)).data
    assert [entry.amount for entry in entries] == [-1000]
    shop.advance(str(sub.test_clock), START + 31 * DAY + HOUR)
    renewal = shop.invoices(sub)[0]
    assert (renewal.total, renewal.amount_paid) == (1900, 900)


def test_a_pause_credits_the_unused_time_and_a_resumption_takes_it_off(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.advance(str(sub.test_clock), START + 15 * DAY)
    paused = shop.client.v1.subscriptions.pause(sub.id)
    assert paused.status == "paused"
    assert paused.status_details is not None
    assert paused.status_details.paused.subscription.type == "pause_requested"
    shop.advance(str(sub.test_clock), START + 75 * DAY)
    assert len(shop.invoices(sub)) == 1
    resumed = shop.client.v1.subscriptions.resume(sub.id)
    assert resumed.status == "active"
    assert resumed["items"].data[0].current_period_start == START + 75 * DAY
    assert shop.invoices(sub)[0].amount_paid == 1900 - 950


def test_a_resumption_that_waits_for_its_payment_stays_paused_until_it_is_paid(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.client.v1.subscriptions.pause(sub.id, {"bill_for": {"unused_time_from": {"type": "none"}}})
    shop.sandbox.control.card_fails(str(sub.customer))
    waiting = shop.client.v1.subscriptions.resume(sub.id, {"payment_behavior": "resume_on_payment_success"})
    assert waiting.status == "paused"
    shop.sandbox.control.card_works(str(sub.customer))
    shop.client.v1.invoices.pay(str(waiting.latest_invoice))
    assert shop.again(sub).status == "active"


def test_a_cancellation_at_the_period_s_end_can_be_undone_until_then(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    end = sub["items"].data[0].current_period_end
    leaving = shop.client.v1.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    assert (leaving.cancel_at_period_end, leaving.cancel_at, leaving.status) == (True, end, "active")
    staying = shop.client.v1.subscriptions.update(sub.id, {"cancel_at_period_end": False})
    assert (staying.cancel_at_period_end, staying.cancel_at, staying.canceled_at) == (False, None, None)
    shop.client.v1.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    shop.advance(str(sub.test_clock), end)
    over = shop.again(sub)
    assert (over.status, over.ended_at) == ("canceled", end)
    assert len(shop.invoices(sub)) == 1


def test_the_portal_cancels_by_date_alone(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.sandbox.control.portal_cancel(str(sub.customer))
    leaving = shop.again(sub)
    assert (leaving.cancel_at, leaving.cancel_at_period_end) == (sub["items"].data[0].current_period_end, False)


def test_a_renewal_that_fails_is_tried_again_and_ends_the_subscription_at_the_last(shop: Shop, heard: Heard) -> None:
    sub = shop.subscribed("monthly")
    end = sub["items"].data[0].current_period_end
    shop.sandbox.control.card_fails(str(sub.customer))
    shop.advance(str(sub.test_clock), end + HOUR)
    late = shop.again(sub)
    invoice = shop.invoices(sub)[0]
    assert (late.status, invoice.status, invoice.attempt_count) == ("past_due", "open", 1)
    assert invoice.next_payment_attempt == end + HOUR + 3 * DAY
    shop.advance(str(sub.test_clock), end + HOUR + 15 * DAY)
    assert (shop.again(sub).status, shop.invoices(sub)[0].attempt_count) == ("canceled", 4)
    assert shop.sandbox.control.drain()
    assert heard.types().count("invoice.payment_failed") == 4


def test_a_new_card_pays_what_is_open_and_brings_the_subscription_back(shop: Shop) -> None:
    sub = shop.subscribed("monthly", "pm_card_chargeCustomerFail", trial_period_days=7)
    shop.advance(str(sub.test_clock), START + 7 * DAY + HOUR)
    assert shop.again(sub).status == "past_due"
    portal = shop.client.v1.billing_portal.sessions.create({"customer": str(sub.customer)})
    assert shop.sandbox.control.update_card(portal.id) == "done"
    paid = shop.client.v1.invoices.pay(str(shop.again(sub).latest_invoice))
    assert (paid.status, shop.again(sub).status) == ("paid", "active")


def test_a_first_payment_that_needs_3d_secure_waits_and_expires_after_23_hours(shop: Shop, heard: Heard) -> None:
    sub = shop.subscribed("monthly", "pm_card_authenticationRequired", payment_behavior="allow_incomplete")
    assert sub.status == "incomplete"
    shop.advance(str(sub.test_clock), START + 23 * HOUR)
    assert (shop.again(sub).status, shop.invoices(sub)[0].status) == ("incomplete_expired", "void")
    assert shop.sandbox.control.drain()
    assert "invoice.payment_action_required" in heard.types()


def test_a_first_payment_that_passes_3d_secure_makes_the_subscription_active(shop: Shop) -> None:
    sub = shop.subscribed("monthly", "pm_card_authenticationRequired", payment_behavior="allow_incomplete")
    invoice = shop.client.v1.invoices.retrieve(
        str(sub.latest_invoice), {"expand": ["payments.data.payment.payment_intent"]}
    )
    assert invoice.payments is not None
    intent = invoice.payments.data[0].payment.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (intent.status, intent.next_action is not None) == ("requires_action", True)
    shop.sandbox.control.answer_challenge(intent.id)
    assert shop.again(sub).status == "active"


def test_refunds_are_partial_then_full_and_no_more(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    charge = shop.client.v1.charges.list({"customer": str(sub.customer)}).data[0]
    shop.client.v1.refunds.create({"charge": charge.id, "amount": 500})
    assert shop.client.v1.charges.retrieve(charge.id).refunded is False
    shop.client.v1.refunds.create({"payment_intent": str(charge.payment_intent)})
    whole = shop.client.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (whole.refunded, whole.amount_refunded) == (True, 1900)
    assert whole.refunds is not None
    assert [refund.amount for refund in whole.refunds.data] == [1400, 500]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.client.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_already_refunded"


@pytest.mark.parametrize(("won", "status"), [(True, "won"), (False, "lost")])
def test_a_dispute_is_opened_and_closed(shop: Shop, heard: Heard, won: bool, status: str) -> None:
    sub = shop.subscribed("monthly")
    opened = shop.sandbox.control.open_dispute(invoice=str(sub.latest_invoice))
    assert shop.client.v1.charges.retrieve(opened["charge"]).disputed
    shop.sandbox.control.close_dispute(opened["id"], won=won)
    assert shop.client.v1.disputes.retrieve(opened["id"]).status == status
    assert shop.sandbox.control.drain()
    told = heard.types()
    assert told.index("charge.dispute.created") < told.index("charge.dispute.closed")


def test_a_deleted_customer_has_no_live_subscription_and_is_missing_afterwards(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.sandbox.control.delete_customer(str(sub.customer))
    assert shop.again(sub).status == "canceled"
    assert shop.client.v1.customers.retrieve(str(sub.customer)).deleted
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.checkout(str(sub.customer))
    assert (refused.value.code, refused.value.param) == ("resource_missing", "customer")


def test_a_cancellation_now_gives_the_rest_back_as_credit(shop: Shop) -> None:
    sub = shop.subscribed("monthly")
    shop.advance(str(sub.test_clock), START + 15 * DAY)
    over = shop.client.v1.subscriptions.cancel(sub.id, {"prorate": True, "invoice_now": True})
    assert over.status == "canceled"
    assert shop.client.v1.customers.retrieve(str(sub.customer)).balance == -950


def test_a_month_that_begins_on_the_31st_keeps_its_day(shop: Shop) -> None:
    january = 1_801_353_600  # 31 January 2027, 00:00 UTC
    clock = shop.client.v1.test_helpers.test_clocks.create({"frozen_time": january}).id
    customer = shop.customer(test_clock=clock)
    asked: Any = {"customer": customer.id, "items": [{"price": shop.prices["monthly"]}]}
    sub = shop.client.v1.subscriptions.create(asked)
    assert sub["items"].data[0].current_period_end == january + 28 * DAY
    shop.advance(clock, january + 29 * DAY)
    assert shop.again(sub)["items"].data[0].current_period_end == january + 59 * DAY


def test_everything_on_the_sandbox_s_own_clock_happens_when_it_is_moved(shop: Shop) -> None:
    customer = shop.customer()
    asked: Any = {"customer": customer.id, "items": [{"price": shop.prices["monthly"]}], "trial_period_days": 7}
    sub = shop.client.v1.subscriptions.create(asked)
    shop.sandbox.control.advance(by=7 * DAY + HOUR + 60)
    assert shop.again(sub).status == "active"
    assert shop.invoices(sub)[0].status == "paid"
