"""Checkout sessions and portal sessions."""

from urllib.parse import urlsplit

from billing.sandbox.api.common import Given, merge_metadata, page, simulated
from billing.sandbox.api.promotions import why_not
from billing.sandbox.due import DAY, HOUR
from billing.sandbox.engine import lines
from billing.sandbox.engine.changing import price_for
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body

PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def create(store: Store, given: Given, return_hosts: frozenset[str]) -> Body:
    simulated(
        given, "mode", "line_items", "subscription_data", "metadata", "client_reference_id", "customer",
        "customer_email", "allow_promotion_codes", "automatic_tax", "billing_address_collection", "customer_update",
        "expires_at", "success_url", "cancel_url", "discounts", "payment_method_collection", "payment_method_types",
        "locale", "tax_id_collection", "currency", "ui_mode", "submit_type",
    )  # fmt: skip
    if given.get("mode") != "subscription":
        raise Refusal("The sandbox knows mode=subscription only.", param="mode")
    if not given.get("line_items"):
        raise Refusal("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if "success_url" not in given:
        raise Refusal("Missing required param: success_url.", code="parameter_missing", param="success_url")
    if "customer" in given and "customer_email" in given:
        raise Refusal("You may only specify one of these parameters: customer, customer_email.", param="customer_email")
    if "allow_promotion_codes" in given and "discounts" in given:
        raise Refusal("You may only specify one of these parameters: allow_promotion_codes, discounts.")
    for name in ("success_url", "cancel_url"):
        if name in given:
            check_return(given[name], name, return_hosts)
    customer = store.get("customer", given["customer"], "customer") if "customer" in given else None
    now = store.at(customer) if customer else store.now
    _check_customer(given, customer)
    rows = _line_items(store, given["line_items"], customer)
    data = given.get("subscription_data", {})
    simulated(data, "metadata", "trial_period_days", "trial_end", "trial_settings", "description", "billing_mode")
    _check_trial(data, now)
    expires = given.get("expires_at", now + DAY)
    if not now + HOUR // 2 <= expires <= now + DAY:
        raise Refusal(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    currency = rows[0]["price"]["currency"]
    subtotal = sum(row["amount_subtotal"] for row in rows)
    trial = "trial_period_days" in data or "trial_end" in data
    id_ = new_id("cs_test_", 58)
    body: Body = {
        "id": id_,
        "object": "checkout.session",
        **dict.fromkeys(
            (
                *("after_expiration", "client_secret", "collected_information", "consent", "consent_collection"),
                *("currency_conversion", "customer_account", "customer_details", "invoice", "invoice_creation"),
                *("payment_intent", "payment_link", "payment_method_configuration_details", "presentment_details"),
                *("recovered_from", "setup_intent", "shipping_address_collection", "shipping_cost", "subscription"),
                *("integration_identifier", "managed_payments", "permissions", "return_url", "wallet_options"),
            )
        ),
        "adaptive_pricing": {"enabled": False},
        "allow_promotion_codes": given.get("allow_promotion_codes"),
        "amount_subtotal": 0 if trial else subtotal,
        "amount_total": 0 if trial else subtotal,
        "automatic_tax": {
            "enabled": given.get("automatic_tax", {}).get("enabled", False),
            "liability": {"account": None, "type": "self"} if given.get("automatic_tax", {}).get("enabled") else None,
            "provider": "stripe" if given.get("automatic_tax", {}).get("enabled") else None,
            "status": "requires_location_inputs" if given.get("automatic_tax", {}).get("enabled") else None,
        },
        "billing_address_collection": given.get("billing_address_collection"),
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "created": now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(
            ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        ),
        "customer": customer["id"] if customer else None,
        "customer_creation": None if customer else "always",
        "customer_email": given.get("customer_email"),
        "discounts": [{"coupon": None, "promotion_code": None, **one} for one in given.get("discounts") or []],
        "expires_at": expires,
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": {},
        "mode": "subscription",
        "origin_context": None,
        "payment_method_collection": given.get("payment_method_collection", "always"),
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "redirect_on_completion": "always",
        "saved_payment_method_options": {
            "allow_redisplay_filters": ["always"], "payment_method_remove": "disabled", "payment_method_save": None,
        },
        "shipping_options": [],
        "status": "open",
        "submit_type": None,
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{store.base}/checkout/{id_}",
        "_lines": rows,
        "_data": data,
        "_update": given.get("customer_update", {}),
    }  # fmt: skip
    merge_metadata(body, given)
    for index, one in enumerate(body["discounts"]):
        _check_discount(store, one, customer, subtotal, currency, index)
    store.add(body, like=customer)
    return body


def check_return(url: str, param: str, hosts: frozenset[str]) -> None:
    """Only where the product lives may a hosted page send people; an entry is a host or host:port."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refusal("Not a valid URL", code="url_invalid", param=param)
    if not {parts.netloc, parts.hostname} & hosts:
        raise Refusal(f"The sandbox sends nobody to {parts.netloc}.", code="url_invalid", param=param)


def _check_customer(given: Given, customer: Body | None) -> None:
    if "customer_update" in given and customer is None:
        raise Refusal("`customer_update` can only be used with `customer`.", param="customer_update")
    taxed = given.get("automatic_tax", {}).get("enabled")
    placed = customer and (customer["address"] or {}).get("country")
    if taxed and customer and not placed and given.get("customer_update", {}).get("address") != "auto":
        raise Refusal(
            "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the "
            "Customer or set `customer_update[address]` to 'auto'.",
            code="customer_tax_location_invalid",
        )


def _line_items(store: Store, wanted: list[Given], customer: Body | None) -> list[Body]:
    rows = []
    for index, one in enumerate(wanted):
        simulated(one, "price", "quantity")
        price = price_for(
            store, one.get("price"), customer["currency"] if customer else None, f"line_items[{index}][price]"
        )
        quantity = one.get("quantity", 1)
        amount = price["unit_amount"] * quantity
        product = store.get("product", price["product"])
        rows.append(
            {
                "id": new_id("li_"),
                "object": "item",
                "amount_discount": 0,
                "amount_subtotal": amount,
                "amount_tax": 0,
                "amount_total": amount,
                "currency": price["currency"],
                "description": product["name"],
                "metadata": {},
                "price": price,
                "quantity": quantity,
            }
        )
    if len({row["currency"] for row in rows}) > 1:
        raise Refusal("All line items must share one currency.", param="line_items")
    return rows


def _check_trial(data: Given, now: int) -> None:
    if "trial_period_days" in data and "trial_end" in data:
        raise Refusal(
            "You may only specify one of: trial_end, trial_period_days.", param="subscription_data[trial_end]"
        )
    if data.get("trial_period_days", 1) < 1:
        raise Refusal("The minimum number of trial period days is 1.", param="subscription_data[trial_period_days]")
    if data.get("trial_period_days", 1) > 730:
        raise Refusal("The maximum number of trial period days is 730.", param="subscription_data[trial_period_days]")
    if "trial_end" in data and data["trial_end"] < now + 2 * DAY:
        raise Refusal(
            "The `trial_end` date has to be at least 2 days in the future.", param="subscription_data[trial_end]"
        )


def _check_discount(store: Store, one: Body, customer: Body | None, amount: int, currency: str, index: int) -> None:
    if one["promotion_code"]:
        param = f"discounts[{index}][promotion_code]"
        code = store.get("promotion_code", one["promotion_code"], param)
        if why := why_not(store, code, customer, amount=amount, currency=currency):
            raise Refusal(why, code="promotion_code_invalid", param=param)
    elif one["coupon"]:
        coupon = store.get("coupon", one["coupon"], f"discounts[{index}][coupon]")
        if not coupon["valid"]:
            raise Refusal("This coupon is expired.", code="coupon_expired", param=f"discounts[{index}][coupon]")


def retrieve(store: Store, id_: str, given: Given) -> Body:
    return store.get("checkout.session", id_)


def list_(store: Store, given: Given) -> Body:
    simulated(given, "customer", "subscription", "status", "created", "limit", "starting_after", "ending_before")
    equal = {name: given[name] for name in ("subscription", "status") if name in given}
    return page(store, "checkout.session", "/v1/checkout/sessions", given, customer=given.get("customer"), **equal)


def expire(store: Store, id_: str, given: Given) -> Body:
    body = store.get("checkout.session", id_)
    if body["status"] != "open":
        raise Refusal(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `{body["status"]}`.',
            code="resource_invalid_state",
        )
    body["status"] = "expired"
    body["url"] = None
    store.save(body)
    store.emit("checkout.session.expired", body)
    return body


def line_items(store: Store, id_: str, given: Given) -> Body:
    body = store.get("checkout.session", id_)
    return lines.listed(f"/v1/checkout/sessions/{id_}/line_items", body["_lines"])


def create_portal(store: Store, given: Given, return_hosts: frozenset[str]) -> Body:
    simulated(given, "customer", "return_url", "flow_data", "locale")
    if "customer" not in given:
        raise Refusal("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = store.get("customer", given["customer"], "customer")
    if "return_url" in given:
        check_return(given["return_url"], "return_url", return_hosts)
    flow = given.get("flow_data")
    if flow and flow["type"] not in ("payment_method_update", "subscription_cancel"):
        raise Refusal(
            "The sandbox's portal knows payment_method_update and subscription_cancel.", param="flow_data[type]"
        )
    if flow and flow["type"] == "subscription_cancel":
        id_ = flow.get("subscription_cancel", {}).get("subscription", "")
        store.get("subscription", id_, "flow_data[subscription_cancel][subscription]")
    id_ = new_id("bps_")
    body: Body = {
        "id": id_,
        "object": "billing_portal.session",
        "after_expiration": None,
        "configuration": "bpc_sandbox",
        "created": store.at(customer),
        "customer": customer["id"],
        "customer_account": None,
        "flow": flow and {
            "after_completion": {"type": "portal_homepage", "hosted_confirmation": None, "redirect": None},
            **dict.fromkeys(("subscription_update", "subscription_update_confirm", "subscription_cancel")),
            **flow,
        },
        "livemode": False,
        "locale": given.get("locale"),
        "on_behalf_of": None,
        "return_url": given.get("return_url"),
        "url": f"{store.base}/portal/{id_}",
    }  # fmt: skip
    store.add(body, like=customer)
    store.emit("billing_portal.session.created", body)
    return body
