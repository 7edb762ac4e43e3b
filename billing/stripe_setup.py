"""Makes the product and its prices at Stripe; may be repeated, and does nothing when all is there."""

from typing import Any

from stripe import InvalidRequestError

from billing.plans import PLANS, Plan
from billing.stripe_errors import as_dict, spoken
from billing.stripe_gateway import INTERVALS, PRODUCT, StripeGateway, sells
from billing.stripe_parse import PLAN


def set_up(gateway: StripeGateway) -> list[str]:
    """What was done, one line each; an amount that changed makes a new price, which takes the lookup key over.

    The price before is archived: nobody buys it any longer, and who pays it goes on paying it.
    """
    with spoken():
        done = _product(gateway)
        for plan in PLANS:
            done += _price(gateway, plan)
        # Looked for each time: a run that was cut off between the two leaves an old price that can be bought.
        return done + _archive_old(gateway)


def _product(gateway: StripeGateway) -> list[str]:
    try:
        gateway.v1.products.retrieve(PRODUCT)
    except InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        gateway.v1.products.create({"id": PRODUCT, "name": "Interview Lift"})
        return [f"made product {PRODUCT}"]
    return []


def _price(gateway: StripeGateway, plan: Plan) -> list[str]:
    found = gateway.v1.prices.list({"lookup_keys": [plan.key], "active": True, "limit": 1}).data
    if found and sells(found[0], plan):
        return []
    if found:
        # Before its key goes: a subscription on it would be on a price that nobody knows, and open nothing.
        gateway.v1.prices.update(found[0].id, {"metadata": {PLAN: plan.key}})
    interval, count = INTERVALS[plan.months]
    params: Any = {
        "product": PRODUCT,
        "currency": plan.currency,
        "unit_amount": plan.amount,
        "recurring": {"interval": interval, "interval_count": count},
        "lookup_key": plan.key,
        "transfer_lookup_key": True,
        "tax_behavior": "exclusive",
        "metadata": {PLAN: plan.key},
    }
    gateway.v1.prices.create(params)
    return [f"made price {plan.key}"]


def _archive_old(gateway: StripeGateway) -> list[str]:
    done = []
    for price in gateway.v1.prices.list({"product": PRODUCT, "active": True, "limit": 100}).auto_paging_iter():
        plan = as_dict(price).get("metadata", {}).get(PLAN)
        if plan and price.lookup_key != plan:
            gateway.v1.prices.update(price.id, {"active": False})
            done.append(f"archived price {price.id}, an old one of {plan}")
    return done
