"""Promotion codes: once per customer, limited, for first purchases; and what they take off."""

from typing import Any

import pytest
import stripe

from billing.sandbox.errors import Refusal
from tests.billing.sandbox.conftest import DAY, HOUR, START, Shop


def _code(shop: Shop, coupon: dict[str, Any], **more: Any) -> stripe.PromotionCode:
    made = shop.client.v1.coupons.create(coupon)  # type: ignore[arg-type]  # passed on
    asked: Any = {"promotion": {"type": "coupon", "coupon": made.id}, "code": "WELCOME", **more}
    return shop.client.v1.promotion_codes.create(asked)


def _buy(shop: Shop, customer: str, code: str | None = "welcome") -> stripe.Subscription:
    session = shop.checkout(customer, allow_promotion_codes=True)
    shop.sandbox.control.pay_checkout(session.id, code=code)
    done = shop.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert isinstance(done.subscription, stripe.Subscription)
    return done.subscription


def test_a_promotion_is_taken_once_per_customer(shop: Shop) -> None:
    _code(shop, {"percent_off": 25, "duration": "once"})
    ada, bob = shop.customer().id, shop.customer().id
    assert shop.invoices(_buy(shop, ada))[0].amount_paid == 1425
    with pytest.raises(Refusal, match="already used"):
        _buy(shop, ada)
    assert shop.invoices(_buy(shop, bob))[0].amount_paid == 1425


def test_a_promotion_ends_with_its_last_redemption(shop: Shop) -> None:
    code = _code(shop, {"amount_off": 500, "currency": "usd", "duration": "once"}, max_redemptions=1)
    _buy(shop, shop.customer().id)
    used = shop.client.v1.promotion_codes.retrieve(code.id)
    assert (used.times_redeemed, used.active) == (1, False)
    with pytest.raises(Refusal, match="not known"):
        _buy(shop, shop.customer().id)


def test_a_promotion_for_first_purchases_is_refused_to_who_has_paid(shop: Shop) -> None:
    _code(shop, {"percent_off": 50, "duration": "once"}, restrictions={"first_time_transaction": True})
    ada = shop.customer().id
    _buy(shop, ada, code=None)
    with pytest.raises(Refusal, match="first purchase"):
        _buy(shop, ada)


@pytest.mark.parametrize(("duration", "second"), [("once", 1900), ("forever", 1520)])
def test_a_discount_lasts_as_long_as_its_coupon_says(shop: Shop, duration: str, second: int) -> None:
    coupon: Any = {"percent_off": 20, "duration": duration}
    made = shop.client.v1.coupons.create(coupon)
    sub = shop.subscribed("monthly", discounts=[{"coupon": made.id}])
    assert shop.invoices(sub)[0].total == 1520
    shop.advance(str(sub.test_clock), START + 30 * DAY + HOUR)
    assert shop.invoices(sub)[0].total == second


def test_a_coupon_of_the_whole_price_asks_for_no_payment(shop: Shop) -> None:
    _code(shop, {"percent_off": 100, "duration": "once"})
    customer = shop.customer().id
    sub = _buy(shop, customer)
    assert sub.status == "active"
    assert shop.client.v1.charges.list({"customer": customer}).data == []


def test_a_change_of_plan_credits_what_was_paid_and_not_the_full_price(shop: Shop) -> None:
    coupon: Any = {"percent_off": 50, "duration": "once"}
    made = shop.client.v1.coupons.create(coupon)
    sub = shop.subscribed("monthly", discounts=[{"coupon": made.id}])
    items: Any = [{"id": sub["items"].data[0].id, "price": shop.prices["yearly"]}]
    shop.client.v1.subscriptions.update(sub.id, {"items": items, "proration_behavior": "always_invoice"})
    assert shop.invoices(sub)[0].total == 14900 - 950


def test_tax_is_added_by_the_country_of_the_address(shop: Shop) -> None:
    customer = shop.customer(None)
    session = shop.checkout(
        customer.id,
        automatic_tax={"enabled": True},
        customer_update={"address": "auto"},
        billing_address_collection="required",
    )
    shop.sandbox.control.pay_checkout(session.id, country="DE")
    done = shop.client.v1.checkout.sessions.retrieve(session.id)
    assert done.total_details is not None
    assert (done.amount_subtotal, done.total_details.amount_tax, done.amount_total) == (1900, 361, 2261)


def test_automatic_tax_wants_an_address_or_leave_to_take_one(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.checkout(shop.customer(None).id, automatic_tax={"enabled": True})
    assert refused.value.code == "customer_tax_location_invalid"
