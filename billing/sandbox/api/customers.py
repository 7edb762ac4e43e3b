"""Customers and their balance."""

from billing.sandbox.api.common import Given, cleared, merge_metadata, page, simulated
from billing.sandbox.due import LIVE
from billing.sandbox.engine import standing
from billing.sandbox.engine.invoicing import change_balance
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body

PLAIN = ("description", "email", "name", "phone", "business_name", "individual_name")
OTHER = (
    "address",
    "balance",
    "invoice_settings",
    "metadata",
    "preferred_locales",
    "shipping",
    "tax",
    "tax_exempt",
    "validate",
)


def create(store: Store, given: Given) -> Body:
    simulated(given, *PLAIN, *OTHER, "payment_method", "test_clock")
    clock = store.get("test_helpers.test_clock", given["test_clock"], "test_clock") if "test_clock" in given else None
    id_ = new_id("cus_", 14)
    body: Body = {
        "id": id_,
        "object": "customer",
        **dict.fromkeys(("address", "currency", "default_source", "discount", "shipping", "customer_account", *PLAIN)),
        "balance": given.get("balance", 0),
        "created": clock["frozen_time"] if clock else store.now,
        "delinquent": False,
        "invoice_prefix": new_id("", 8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
        "test_clock": clock["id"] if clock else None,
        "_clock": clock["id"] if clock else None,
    }
    store.add(body, like=body)
    _fill(store, body, given)
    if "payment_method" in given:
        from billing.sandbox.api.payment_methods import attach

        attach(store, given["payment_method"], {"customer": id_})
    store.save(body)
    store.emit("customer.created", body)
    return body


def retrieve(store: Store, id_: str, given: Given) -> Body:
    body = store.find(id_)
    if body is not None and body["object"] == "customer" and body.get("deleted"):
        return {"id": id_, "object": "customer", "deleted": True}
    return store.get("customer", id_)


def update(store: Store, id_: str, given: Given) -> Body:
    simulated(given, *PLAIN, *OTHER)
    body = store.get("customer", id_)
    if "balance" in given and given["balance"] != body["balance"]:
        change_balance(store, body, given["balance"] - body["balance"], kind="adjustment")
    _fill(store, body, given)
    store.save(body)
    store.emit("customer.updated", body)
    return body


def _fill(store: Store, body: Body, given: Given) -> None:
    for name in (*PLAIN, "tax_exempt", "preferred_locales"):
        if name in given:
            body[name] = cleared(given[name])
    for name in ("address", "shipping"):
        if name in given:
            body[name] = _place(given[name]) if name == "address" else cleared(given[name])
    settings = given.get("invoice_settings", {})
    if "default_payment_method" in settings:
        param = "invoice_settings[default_payment_method]"
        card = store.get("payment_method", settings["default_payment_method"], param)
        if card["customer"] != body["id"]:
            raise Refusal(
                "The customer does not have a payment method with that ID.", code="resource_missing", param=param
            )
    body["invoice_settings"].update({name: cleared(value) for name, value in settings.items()})
    merge_metadata(body, given)


def _place(given: dict[str, str] | str) -> Body | None:
    if isinstance(given, str):
        return None
    return {**dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")), **given}


def delete(store: Store, id_: str, given: Given) -> Body:
    """Ends the subscriptions at once and keeps only that the customer was."""
    body = store.get("customer", id_)
    for sub in store.where("subscription", customer=id_):
        if sub["status"] in (*LIVE, "incomplete", "paused"):
            standing.end(store, sub)
    for session in store.where("checkout.session", customer=id_, status="open"):
        session["status"] = "expired"
        store.save(session)
        store.emit("checkout.session.expired", session)
    store.emit("customer.deleted", body)
    for card in store.where("payment_method", customer=id_):
        card["customer"] = None
        store.save(card)
    body["deleted"] = True
    store.save(body)
    return {"id": id_, "object": "customer", "deleted": True}


def list_(store: Store, given: Given) -> Body:
    simulated(given, "email", "limit", "starting_after", "ending_before", "created", "test_clock")
    equal = {name: given[name] for name in ("email", "test_clock") if name in given}
    return page(store, "customer", "/v1/customers", given, keep=lambda one: not one.get("deleted"), **equal)


def add_to_balance(store: Store, id_: str, given: Given) -> Body:
    customer = store.get("customer", id_)
    simulated(given, "amount", "currency", "description", "metadata")
    if customer["currency"] not in (None, given["currency"]):
        raise Refusal(f"The customer's currency is {customer['currency']}.", param="currency")
    customer["currency"] = given["currency"]
    entry = change_balance(
        store, customer, given["amount"], kind="adjustment", description=cleared(given.get("description"))
    )
    merge_metadata(entry, given)
    return store.save(entry)


def balance(store: Store, id_: str, given: Given) -> Body:
    store.get("customer", id_)
    return page(store, "customer_balance_transaction", f"/v1/customers/{id_}/balance_transactions", given, customer=id_)
