"""Makes the product and its prices at Stripe; may be repeated, and does nothing when all is there."""

from typing import Any

from stripe import InvalidRequestError

from billing.plans import PLANS, Plan
from billing.stripe_errors import spoken
from billing.stripe_gateway import INTERVALS, PRODUCT, StripeGateway


def set_up(gateway: StripeGateway) -> list[str]:
    """What was made, one line each; an amount that changed makes a new price, which takes the lookup key over."""
    with spoken():
        made = _product(gateway)
        for plan in PLANS:
            made += _price(gateway, plan)
    return made


def _product(gateway: StripeGateway) -> list[str]:
    try:
        gateway.v1.products.retrieve(PRODUCT)
    except InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        gateway.v1.products.create({"id": PRODUCT, "name": "Interview Lift"})
        return [f"product {PRODUCT}"]
    return []


def _price(gateway: StripeGateway, plan: Plan) -> list[str]:
    found = gateway.v1.prices.list({"lookup_keys": [plan.key], "active": True, "limit": 1}).data
    if found and (found[0].unit_amount, found[0].currency) == (plan.amount, plan.currency):
        return []
    interval, count = INTERVALS[plan.months]
    params: Any = {
        "product": PRODUCT,
        "currency": plan.currency,
        "unit_amount": plan.amount,
        "recurring": {"interval": interval, "interval_count": count},
        "lookup_key": plan.key,
        "transfer_lookup_key": True,
        "tax_behavior": "exclusive",
    }
    gateway.v1.prices.create(params)
    return [f"price {plan.key}"]
