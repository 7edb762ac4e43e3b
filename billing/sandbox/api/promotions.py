"""Coupons and promotion codes, and what redeeming one takes."""

import re
from typing import Any

from billing.sandbox.api.common import Given, merge_metadata, page, simulated
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body


def create_coupon(store: Store, given: Given) -> Body:
    simulated(
        given, "id", "amount_off", "percent_off", "currency", "duration", "max_redemptions", "metadata", "name",
        "redeem_by",
    )  # fmt: skip
    if ("amount_off" in given) == ("percent_off" in given):
        raise Refusal("You must pass either percent_off or amount_off.", param="percent_off")
    if "percent_off" in given and not 0 < given["percent_off"] <= 100:
        raise Refusal("Invalid percent_off: must be greater than 0 and at most 100.", param="percent_off")
    if "amount_off" in given and ("currency" not in given or given["amount_off"] < 1):
        raise Refusal("amount_off is positive and needs a currency.", param="currency")
    duration = given.get("duration", "once")
    if duration == "repeating":
        raise Refusal("The sandbox knows the durations once and forever.", param="duration")
    id_ = given.get("id") or new_id("", 8)
    if store.find(id_):
        raise Refusal("Coupon already exists.", code="resource_already_exists", param="id")
    body: Body = {
        "id": id_,
        "object": "coupon",
        "amount_off": given.get("amount_off"),
        "created": store.now,
        "currency": given["currency"].lower() if "amount_off" in given else None,
        "duration": duration,
        "duration_in_months": None,
        "livemode": False,
        "max_redemptions": given.get("max_redemptions"),
        "metadata": {},
        "name": given.get("name"),
        "percent_off": given.get("percent_off"),
        "redeem_by": given.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }
    merge_metadata(body, given)
    store.add(body)
    store.emit("coupon.created", body)
    return body


def retrieve_coupon(store: Store, id_: str, given: Given) -> Body:
    return store.get("coupon", id_)


def list_coupons(store: Store, given: Given) -> Body:
    return page(store, "coupon", "/v1/coupons", given)


def delete_coupon(store: Store, id_: str, given: Given) -> Body:
    """The coupon can be redeemed no more; who has it keeps it."""
    body = store.get("coupon", id_)
    body["valid"] = False
    store.save(body)
    store.emit("coupon.deleted", body)
    return {"id": id_, "object": "coupon", "deleted": True}


def create_code(store: Store, given: Given) -> Body:
    simulated(
        given, "active", "code", "customer", "expires_at", "max_redemptions", "metadata", "promotion", "restrictions"
    )
    if "coupon" not in given["promotion"]:
        raise Refusal("Missing required param: promotion[coupon].", code="parameter_missing", param="promotion[coupon]")
    coupon = store.get("coupon", given["promotion"]["coupon"], "promotion[coupon]")
    code = given.get("code") or new_id("", 8).upper()
    if not re.fullmatch(r"[A-Za-z0-9-]+", code):
        raise Refusal("Promotion codes hold letters, digits and hyphens.", param="code")
    if find_code(store, code):
        raise Refusal(
            "An active promotion code with `code: " + code + "` already exists.",
            code="resource_already_exists",
            param="code",
        )
    if "customer" in given:
        store.get("customer", given["customer"], "customer")
    restrictions = given.get("restrictions", {})
    body: Body = {
        "id": new_id("promo_"),
        "object": "promotion_code",
        "active": given.get("active", True),
        "code": code,
        "created": store.now,
        "customer": given.get("customer"),
        "customer_account": None,
        "expires_at": given.get("expires_at"),
        "livemode": False,
        "max_redemptions": given.get("max_redemptions"),
        "metadata": {},
        "promotion": {"coupon": coupon["id"], "type": "coupon"},
        "restrictions": {
            "first_time_transaction": restrictions.get("first_time_transaction", False),
            "minimum_amount": restrictions.get("minimum_amount"),
            "minimum_amount_currency": restrictions.get("minimum_amount_currency"),
        },
        "times_redeemed": 0,
        "_customers": [],
    }
    merge_metadata(body, given)
    store.add(body)
    store.emit("promotion_code.created", body)
    return body


def retrieve_code(store: Store, id_: str, given: Given) -> Body:
    return store.get("promotion_code", id_)


def update_code(store: Store, id_: str, given: Given) -> Body:
    simulated(given, "active", "metadata")
    body = store.get("promotion_code", id_)
    body["active"] = given.get("active", body["active"])
    merge_metadata(body, given)
    store.save(body)
    store.emit("promotion_code.updated", body)
    return body


def list_codes(store: Store, given: Given) -> Body:
    simulated(given, "active", "code", "coupon", "customer", "created", "limit", "starting_after", "ending_before")
    code, coupon = given.get("code"), given.get("coupon")

    def keep(body: Body) -> bool:
        return (code is None or body["code"].lower() == code.lower()) and (
            coupon is None or body["promotion"]["coupon"] == coupon
        )

    equal: dict[str, Any] = {"active": given["active"]} if "active" in given else {}
    return page(
        store, "promotion_code", "/v1/promotion_codes", given, customer=given.get("customer"), keep=keep, **equal
    )


def find_code(store: Store, code: str) -> Body | None:
    """The active promotion code, whatever its case."""
    for body in store.where("promotion_code", active=True):
        if body["code"].lower() == code.strip().lower():
            return body
    return None


def why_not(store: Store, code: Body, customer: Body | None, *, amount: int, currency: str) -> str | None:
    """Why the code cannot be redeemed for this, as a sentence; None when it can."""
    coupon = store.get("coupon", code["promotion"]["coupon"])
    now = store.at(customer) if customer else store.now
    if not code["active"] or not coupon["valid"] or (code["expires_at"] or now + 1) <= now:
        return "This promotion code is no longer valid."
    if (coupon["redeem_by"] or now + 1) <= now or _spent(code) or _spent(coupon):
        return "This promotion code is no longer valid."
    if coupon["currency"] not in (None, currency):
        return "This promotion code is for another currency."
    if code["customer"] and (customer is None or code["customer"] != customer["id"]):
        return "This promotion code is for another customer."
    limits = code["restrictions"]
    if limits["minimum_amount"] and (
        amount < limits["minimum_amount"] or limits["minimum_amount_currency"] != currency
    ):
        return "This order is too small for this promotion code."
    if customer is None:
        return None
    if customer["id"] in code["_customers"]:
        return "You have already used this promotion code."
    if limits["first_time_transaction"] and store.where("charge", customer=customer["id"], paid=True):
        return "This promotion code is for a first purchase."
    return None


def _spent(body: Body) -> bool:
    return body["max_redemptions"] is not None and body["times_redeemed"] >= body["max_redemptions"]


def redeem(store: Store, sub: Body, coupon_id: str, code: Body | None = None, session: str | None = None) -> None:
    """Put the discount on the subscription and count it."""
    coupon = store.get("coupon", coupon_id, "discounts[0][coupon]")
    if code is None and (not coupon["valid"] or _spent(coupon)):
        raise Refusal(f"Coupon {coupon_id} is expired and cannot be applied.", code="coupon_expired", param="discounts")
    body = {
        "id": new_id("di_"),
        "object": "discount",
        "checkout_session": session,
        "created": store.at(sub),
        "customer": sub["customer"],
        "customer_account": None,
        "end": None,
        "invoice": None,
        "invoice_item": None,
        "promotion_code": code["id"] if code else None,
        "source": {"coupon": coupon_id, "type": "coupon"},
        "start": store.at(sub),
        "subscription": sub["id"],
        "subscription_item": None,
    }
    store.add(body, like=sub)
    sub["discounts"].append(body["id"])
    store.save(sub)
    for counted in filter(None, (coupon, code)):
        counted["times_redeemed"] += 1
        if counted is code:
            counted["_customers"].append(sub["customer"])
            counted["active"] = counted["active"] and not _spent(counted)
        else:
            counted["valid"] = counted["valid"] and not _spent(counted)
        store.save(counted)
        store.emit(f"{counted['object']}.updated", counted)
    store.emit("customer.discount.created", body)


def apply_discounts(store: Store, sub: Body, customer: Body, wanted: list[Given], amount: int) -> None:
    """Redeem what a request's ``discounts`` name."""
    for index, one in enumerate(wanted):
        if "promotion_code" in one:
            param = f"discounts[{index}][promotion_code]"
            code = store.get("promotion_code", one["promotion_code"], param)
            if why := why_not(store, code, customer, amount=amount, currency=sub["currency"]):
                raise Refusal(why, code="promotion_code_invalid", param=param)
            redeem(store, sub, code["promotion"]["coupon"], code)
        elif "coupon" in one:
            redeem(store, sub, one["coupon"])
