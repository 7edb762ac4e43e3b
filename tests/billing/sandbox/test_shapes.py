"""Each object has every field that stripe-python declares as always there."""

from typing import Any

import pytest
import stripe
from werkzeug.test import Client

from billing.sandbox.store import public
from billing.sandbox.testing import Running
from tests.billing.sandbox.conftest import Shop, make_shop

CLASSES: dict[str, Any] = {
    "billing_portal.session": stripe.billing_portal.Session,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "coupon": stripe.Coupon,
    "customer": stripe.Customer,
    "customer_balance_transaction": stripe.CustomerBalanceTransaction,
    "discount": stripe.Discount,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "invoice": stripe.Invoice,
    "invoice_payment": stripe.InvoicePayment,
    "line_item": stripe.InvoiceLineItem,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "price": stripe.Price,
    "product": stripe.Product,
    "promotion_code": stripe.PromotionCode,
    "refund": stripe.Refund,
    "subscription": stripe.Subscription,
    "subscription_item": stripe.SubscriptionItem,
    "test_helpers.test_clock": stripe.test_helpers.TestClock,
}


def _always(cls: Any) -> set[str]:
    return {
        name
        for name, hint in cls.__annotations__.items()
        if "Optional[" not in str(hint)
        and "NoneType" not in str(hint)
        and "ClassVar" not in str(hint)
        and not name.startswith("_")
    }


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for one in value for found in _objects(one)]
    if not isinstance(value, dict):
        return []
    return ([value] if "object" in value else []) + _objects(list(value.values()))


def _live(shop: Shop, sandbox: Running) -> None:
    """One of everything."""
    coupon = shop.client.v1.coupons.create({"percent_off": 10, "duration": "forever"}).id
    shop.client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon}, "code": "TENTH"})
    session = shop.checkout(shop.customer(None).id, allow_promotion_codes=True)
    sandbox.control.pay_checkout(session.id, code="TENTH")
    sub = shop.subscribed("plus")
    shop.client.v1.billing_portal.sessions.create({"customer": str(sub.customer)})
    items: Any = [{"id": sub["items"].data[0].id, "price": shop.prices["monthly"]}]
    shop.client.v1.subscriptions.update(sub.id, {"items": items, "proration_behavior": "always_invoice"})
    charge = shop.client.v1.charges.list({"customer": str(sub.customer)}).data[0]
    shop.client.v1.refunds.create({"charge": charge.id, "amount": 100})
    sandbox.control.open_dispute(charge.id)


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_objects_have_the_fields_that_are_always_there(kind: str, everything: dict[str, list[dict[str, Any]]]) -> None:
    assert everything.get(kind), f"nothing of the kind {kind}"
    for body in everything[kind]:
        assert _always(CLASSES[kind]) - body.keys() == set()


@pytest.fixture(scope="module")
def everything(server: Running) -> dict[str, list[dict[str, Any]]]:
    """All that the API shows of one of everything, by kind."""
    server.control.reset()
    client = stripe.StripeClient(server.sandbox.runtime.api_key, base_addresses={"api": server.address})
    _live(make_shop(client, server), server)
    found: dict[str, list[dict[str, Any]]] = {}
    with server.sandbox.runtime.read() as store:
        for kind in CLASSES:
            for body in _objects(public(store.where(kind))):
                found.setdefault(str(body["object"]), []).append(body)
    return found


def test_replies_are_expanded_as_deep_as_asked(shop: Shop) -> None:
    sub = shop.subscribed()
    asked: Any = {"expand": ["latest_invoice.payments", "customer", "items.data.price.product"]}
    seen = shop.client.v1.subscriptions.retrieve(sub.id, asked)
    assert isinstance(seen.customer, stripe.Customer)
    assert isinstance(seen["items"].data[0].price.product, stripe.Product)
    assert isinstance(seen.latest_invoice, stripe.Invoice)
    assert seen.latest_invoice.payments is not None
    deep: Any = {"expand": ["latest_invoice.payments.data.payment.payment_intent"]}
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        shop.client.v1.subscriptions.retrieve(sub.id, deep)
    prices = shop.client.v1.prices.list({"lookup_keys": ["monthly"], "expand": ["data.product"]})
    assert isinstance(prices.data[0].product, stripe.Product)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        shop.client.v1.subscriptions.retrieve(sub.id, {"expand": ["nothing"]})


@pytest.mark.parametrize(("currency", "amount", "shown"), [("jpy", 2900, "2,900 JPY"), ("kwd", 5500, "5.500 KWD")])
def test_currencies_keep_their_own_minor_units(shop: Shop, currency: str, amount: int, shown: str) -> None:
    made: Any = {
        "name": "Elsewhere",
        "default_price_data": {"currency": currency, "unit_amount": amount, "recurring": {"interval": "month"}},
    }
    product = shop.client.v1.products.create(made)
    shop.prices["local"] = str(product.default_price)
    session = shop.checkout(shop.customer(None).id, "local")
    page = Client(shop.sandbox.sandbox).get("/" + str(session.url).split("/", 3)[3]).text
    assert shown in page
    shop.sandbox.control.pay_checkout(session.id)
    assert shop.client.v1.checkout.sessions.retrieve(session.id).amount_total == amount
