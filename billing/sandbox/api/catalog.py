"""Products and prices."""

from billing.sandbox.api.common import Given, cleared, merge_metadata, page, simulated
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body

PRODUCT = (
    "name",
    "active",
    "description",
    "metadata",
    "statement_descriptor",
    "tax_code",
    "unit_label",
    "url",
    "images",
)


def create_product(store: Store, given: Given) -> Body:
    simulated(given, *PRODUCT, "id", "default_price_data", "type", "shippable", "marketing_features")
    id_ = given.get("id") or new_id("prod_", 14)
    if store.find(id_):
        raise Refusal("Product already exists.", code="resource_already_exists", param="id")
    body: Body = {
        "id": id_,
        "object": "product",
        **dict.fromkeys(("default_price", "description", "package_dimensions", "shippable", "statement_descriptor")),
        **dict.fromkeys(("tax_code", "tax_details", "unit_label", "url")),
        "active": True,
        "created": store.now,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "type": "service",
        "updated": store.now,
    }
    body.update({name: cleared(given[name]) for name in PRODUCT if name in given and name != "metadata"})
    merge_metadata(body, given)
    store.add(body)
    store.emit("product.created", body)
    if "default_price_data" in given:
        price = create_price(store, {**given["default_price_data"], "product": id_})
        body["default_price"] = price["id"]
        store.save(body)
    return body


def retrieve_product(store: Store, id_: str, given: Given) -> Body:
    return store.get("product", id_)


def update_product(store: Store, id_: str, given: Given) -> Body:
    simulated(given, *PRODUCT, "default_price")
    body = store.get("product", id_)
    if "default_price" in given:
        body["default_price"] = store.get("price", given["default_price"], "default_price")["id"]
    body.update({name: cleared(given[name]) for name in PRODUCT if name in given and name != "metadata"})
    merge_metadata(body, given)
    body["updated"] = store.now
    store.save(body)
    store.emit("product.updated", body)
    return body


def delete_product(store: Store, id_: str, given: Given) -> Body:
    body = store.get("product", id_)
    if store.where("price", product=id_):
        raise Refusal("This product cannot be deleted because it has one or more user-created prices.", param="id")
    store.emit("product.deleted", body)
    store.remove(id_)
    return {"id": id_, "object": "product", "deleted": True}


def list_products(store: Store, given: Given) -> Body:
    simulated(given, "active", "ids", "limit", "starting_after", "ending_before", "created")
    equal = {"active": given["active"]} if "active" in given else {}
    return page(store, "product", "/v1/products", given, keep=lambda p: p["id"] in given.get("ids", [p["id"]]), **equal)


def create_price(store: Store, given: Given) -> Body:
    simulated(
        given, "active", "billing_scheme", "currency", "lookup_key", "metadata", "nickname", "product", "product_data",
        "recurring", "tax_behavior", "transfer_lookup_key", "unit_amount", "unit_amount_decimal",
    )  # fmt: skip
    if ("product" in given) == ("product_data" in given):
        raise Refusal("You must pass either product or product_data.", param="product")
    if "unit_amount" not in given:
        raise Refusal("Missing required param: unit_amount.", code="parameter_missing", param="unit_amount")
    if given["unit_amount"] < 0:
        raise Refusal("Invalid non-negative integer", code="parameter_invalid_integer", param="unit_amount")
    currency = given["currency"].lower()
    if len(currency) != 3 or not currency.isalpha():
        raise Refusal(f"Invalid currency: {given['currency']}.", param="currency")
    if "product" in given:
        product = store.get("product", given["product"], "product")
    else:
        product = create_product(store, given["product_data"])
    recurring = given.get("recurring")
    if recurring:
        _check_rhythm(recurring)
    body: Body = {
        "id": new_id("price_"),
        "object": "price",
        "active": given.get("active", True),
        "billing_scheme": "per_unit",
        "created": store.now,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": given.get("nickname"),
        "product": product["id"],
        "recurring": {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        }
        if recurring
        else None,
        "tax_behavior": given.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": given["unit_amount"],
        "unit_amount_decimal": str(given["unit_amount"]),
    }
    merge_metadata(body, given)
    _take_key(store, body, given)
    store.add(body)
    store.emit("price.created", body)
    return body


def _check_rhythm(recurring: Given) -> None:
    simulated(recurring, "interval", "interval_count", "usage_type")
    if recurring.get("usage_type", "licensed") != "licensed":
        raise Refusal("The sandbox knows licensed prices only.", param="recurring[usage_type]")
    most = {"day": 1095, "week": 156, "month": 36, "year": 3}[recurring["interval"]]
    if not 1 <= recurring.get("interval_count", 1) <= most:
        raise Refusal(f"Invalid interval_count: at most {most}.", param="recurring[interval_count]")


def _take_key(store: Store, body: Body, given: Given) -> None:
    """Give the price a lookup key, from another one when the caller says so."""
    if "lookup_key" not in given:
        return
    key = cleared(given["lookup_key"])
    for other in store.where("price", lookup_key=key) if key else []:
        if other["id"] == body["id"]:
            continue
        if not given.get("transfer_lookup_key"):
            raise Refusal(
                f"A price (`{other['id']}`) already uses that lookup key. To transfer it, set "
                "`transfer_lookup_key` to `true`.",
                param="lookup_key",
            )
        other["lookup_key"] = None
        store.save(other)
        store.emit("price.updated", other)
    body["lookup_key"] = key


def retrieve_price(store: Store, id_: str, given: Given) -> Body:
    return store.get("price", id_)


def update_price(store: Store, id_: str, given: Given) -> Body:
    simulated(given, "active", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key")
    body = store.get("price", id_)
    if "tax_behavior" in given and body["tax_behavior"] not in ("unspecified", given["tax_behavior"]):
        raise Refusal("Once tax_behavior is set, it cannot be changed.", param="tax_behavior")
    for name in ("active", "nickname", "tax_behavior"):
        if name in given:
            body[name] = cleared(given[name])
    merge_metadata(body, given)
    _take_key(store, body, given)
    store.save(body)
    store.emit("price.updated", body)
    return body


def list_prices(store: Store, given: Given) -> Body:
    simulated(
        given, "active", "currency", "product", "lookup_keys", "type", "recurring", "limit", "starting_after",
        "ending_before", "created",
    )  # fmt: skip
    equal = {name: given[name] for name in ("active", "currency", "product", "type") if name in given}
    keys = given.get("lookup_keys")
    if keys is not None and len(keys) > 10:
        raise Refusal("Array lookup_keys exceeded maximum 10 allowed elements.", param="lookup_keys")
    rhythm = given.get("recurring", {})

    def keep(price: Body) -> bool:
        return (keys is None or price["lookup_key"] in keys) and all(
            (price["recurring"] or {}).get(name) == value for name, value in rhythm.items()
        )

    return page(store, "price", "/v1/prices", given, keep=keep, **equal)
