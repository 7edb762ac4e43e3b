"""Cards: made from test numbers or tokens, attached, detached."""

from billing.sandbox.api.common import Given, merge_metadata, page, simulated
from billing.sandbox.engine.cards import MESSAGES, TOKENS, payment_method
from billing.sandbox.errors import Refusal, declined
from billing.sandbox.store import Store
from billing.sandbox.tables import Body


def create(store: Store, given: Given) -> Body:
    simulated(given, "type", "card", "billing_details", "metadata", "allow_redisplay")
    if given.get("type") != "card" or "card" not in given:
        raise Refusal("The sandbox knows cards only.", param="type")
    card = given["card"]
    number = TOKENS.get(card["token"], "") if "token" in card else card.get("number", "")
    body = payment_method(number, now=store.now, month=card.get("exp_month", 12), year=card.get("exp_year", 2040))
    body["billing_details"].update(given.get("billing_details", {}))
    merge_metadata(body, given)
    return store.add(body)


def retrieve(store: Store, id_: str, given: Given) -> Body:
    return store.get("payment_method", id_)


def attach(store: Store, id_: str, given: Given) -> Body:
    """Attach a card; Stripe's test tokens make a new one. A card that cannot be set up is refused with 402."""
    if "customer" not in given:
        raise Refusal("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = store.get("customer", given["customer"], "customer")
    if id_ in TOKENS:
        body = store.add(payment_method(TOKENS[id_], now=store.at(customer), month=12, year=2040))
    else:
        body = store.get("payment_method", id_)
    if body["customer"] not in (None, customer["id"]):
        raise Refusal(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_already_attached",
        )
    keep_for(store, body, customer)
    return body


def keep_for(store: Store, card: Body, customer: Body) -> None:
    """Attach, or 402 when the bank refuses the card."""
    if card["_setup"] not in ("ok", "once", "always"):
        raise declined("card_declined", MESSAGES[card["_setup"]], keep=False, decline_code=card["_setup"])
    card["customer"] = customer["id"]
    card["_clock"] = customer["_clock"]
    store.save(card)
    store.emit("payment_method.attached", card)


def detach(store: Store, id_: str, given: Given) -> Body:
    body = store.get("payment_method", id_)
    if body["customer"] is None:
        raise Refusal("The payment method you provided is not attached to a customer so detachment is impossible.")
    customer = store.get("customer", body["customer"])
    body["customer"] = None
    store.save(body)
    store.emit("payment_method.detached", body)
    if customer["invoice_settings"]["default_payment_method"] == id_:
        customer["invoice_settings"]["default_payment_method"] = None
        store.save(customer)
        store.emit("customer.updated", customer)
    for sub in store.where("subscription", customer=customer["id"], default_payment_method=id_):
        sub["default_payment_method"] = None
        store.save(sub)
    return body


def list_(store: Store, given: Given) -> Body:
    simulated(given, "customer", "type", "limit", "starting_after", "ending_before")
    if "customer" in given:
        store.get("customer", given["customer"], "customer")
    equal = {"type": given["type"]} if "type" in given else {}
    return page(store, "payment_method", "/v1/payment_methods", given, customer=given.get("customer"), **equal)


def of_customer(store: Store, id_: str, given: Given) -> Body:
    store.get("customer", id_)
    return page(store, "payment_method", f"/v1/customers/{id_}/payment_methods", given, customer=id_)


def one_of_customer(store: Store, id_: str, card: str, given: Given) -> Body:
    store.get("customer", id_)
    body = store.get("payment_method", card)
    if body["customer"] != id_:
        raise Refusal(f"No such PaymentMethod: '{card}'", status=404, code="resource_missing", param="id")
    return body
