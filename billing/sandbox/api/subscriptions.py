"""Subscriptions: created, changed, paused, resumed, cancelled."""

from billing.sandbox.api.common import Given, cleared, merge_metadata, page, simulated, within
from billing.sandbox.api.promotions import apply_discounts
from billing.sandbox.due import period
from billing.sandbox.engine import changing, lines, standing, subscribing
from billing.sandbox.engine.charging import open_and_try
from billing.sandbox.engine.invoicing import draft, finalize
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store
from billing.sandbox.tables import Body

OVER = ("canceled", "incomplete_expired")


def create(store: Store, given: Given) -> Body:
    simulated(
        given, "automatic_tax", "cancel_at_period_end", "customer", "default_payment_method", "discounts", "items",
        "metadata", "off_session", "payment_behavior", "trial_end", "trial_period_days", "trial_settings",
        "collection_method", "currency", "payment_settings", "proration_behavior", "billing_mode", "description",
    )  # fmt: skip
    if "customer" not in given or not given.get("items"):
        name = "items" if "customer" in given else "customer"
        raise Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)
    customer = store.get("customer", given["customer"], "customer")
    now = store.at(customer)
    wanted = []
    for index, item in enumerate(given["items"]):
        simulated(item, "price", "quantity", "metadata")
        price = changing.price_for(store, item.get("price"), customer["currency"], f"items[{index}][price]")
        wanted.append((price, item.get("quantity", 1)))
    end = given.get("trial_end")
    end = subscribing.trial_end_of(now, given.get("trial_period_days"), None if end == "now" else end)
    if end is not None and end <= now:
        raise Refusal("Invalid timestamp: must be an integer Unix timestamp in the future.", param="trial_end")
    card = given.get("default_payment_method")
    if card:
        _own_card(store, customer["id"], card)
    behaviour = given.get("payment_behavior", "allow_incomplete")
    none_on_file = not card and not customer["invoice_settings"]["default_payment_method"]
    if none_on_file and not end and behaviour != "default_incomplete":
        raise Refusal(
            "This customer has no attached payment source or default payment method.", code="resource_missing"
        )
    sub = subscribing.make(
        store, customer, wanted, trial_end=end, metadata={}, card=card,
        automatic_tax=given.get("automatic_tax", {}).get("enabled", False), trial_settings=given.get("trial_settings"),
    )  # fmt: skip
    merge_metadata(sub, given)
    amount = sum(price["unit_amount"] * quantity for price, quantity in wanted)
    apply_discounts(store, sub, customer, given.get("discounts") or [], amount)
    if given.get("cancel_at_period_end"):
        _cancel_at_end(store, sub)
    if behaviour == "default_incomplete" and not end:
        store.emit("customer.subscription.created", sub)
        invoice = subscribing.first_invoice(store, sub)
        store.emit("invoice.created", invoice)
        finalize(store, invoice)
        if invoice["amount_remaining"] == 0:
            open_and_try(store, invoice)
        return sub
    invoice, outcome = subscribing.begin(store, sub)
    if outcome != "paid" and behaviour == "error_if_incomplete":
        raise changing.refused(store, invoice, keep=False)
    return sub


def retrieve(store: Store, id_: str, given: Given) -> Body:
    return store.get("subscription", id_)


def list_(store: Store, given: Given) -> Body:
    simulated(
        given, "customer", "status", "price", "created", "limit", "starting_after", "ending_before", "test_clock",
        "current_period_end", "current_period_start",
    )  # fmt: skip
    if "customer" in given:
        customer = store.find(given["customer"])
        if customer is None or customer["object"] != "customer":
            store.get("customer", given["customer"], "customer")
    status = given.get("status")

    def keep(sub: Body) -> bool:
        if status is None:
            right = sub["status"] not in OVER
        else:
            right = status == "all" or sub["status"] == status or (status == "ended" and sub["status"] in OVER)
        start, end = period(sub)
        return (
            right
            and given.get("price") in (None, *(item["price"]["id"] for item in sub["items"]["data"]))
            and within(start, given.get("current_period_start"))
            and within(end, given.get("current_period_end"))
        )

    equal = {"test_clock": given["test_clock"]} if "test_clock" in given else {}
    return page(store, "subscription", "/v1/subscriptions", given, customer=given.get("customer"), keep=keep, **equal)


def update(store: Store, id_: str, given: Given) -> Body:
    simulated(
        given, "cancel_at", "cancel_at_period_end", "cancellation_details", "default_payment_method", "items",
        "metadata", "off_session", "payment_behavior", "proration_behavior", "proration_date", "trial_end",
        "billing_cycle_anchor", "discounts", "automatic_tax", "description", "trial_settings", "payment_settings",
    )  # fmt: skip
    sub = store.get("subscription", id_)
    if sub["status"] in OVER:
        only = set(given) - {"metadata", "cancellation_details", "expand"}
        if only:
            raise Refusal(
                "A canceled subscription can only update its cancellation_details and metadata.",
                code="resource_missing",
            )
    if "cancel_at" in given and "cancel_at_period_end" in given and given["cancel_at_period_end"]:
        raise Refusal("You may only specify one of: cancel_at, cancel_at_period_end.", param="cancel_at")
    merge_metadata(sub, given)
    if "default_payment_method" in given:
        card = cleared(given["default_payment_method"])
        if card:
            _own_card(store, sub["customer"], card)
        sub["default_payment_method"] = card
    if "automatic_tax" in given:
        sub["automatic_tax"]["enabled"] = given["automatic_tax"]["enabled"]
    for name in ("description", "trial_settings"):
        if name in given:
            sub[name] = cleared(given[name])
    sub["cancellation_details"].update({k: cleared(v) for k, v in given.get("cancellation_details", {}).items()})
    _cancellation(store, sub, given)
    if "discounts" in given:
        sub["discounts"] = []
        amount = sum(item["price"]["unit_amount"] * item["quantity"] for item in sub["items"]["data"])
        apply_discounts(store, sub, store.get("customer", sub["customer"]), given["discounts"] or [], amount)
    store.save(sub)
    _change(store, sub, given)
    store.save(sub)
    store.emit("customer.subscription.updated", sub)
    return sub


def proration_moment(store: Store, sub: Body, given: Given) -> int:
    """The moment from which prorations are counted: now, or the caller's within the current period."""
    at = int(given.get("proration_date", store.at(sub)))
    start, end = period(sub)
    if not start <= at <= end:
        raise Refusal("Invalid timestamp: proration_date must be within the current period.", param="proration_date")
    return at


def _change(store: Store, sub: Body, given: Given) -> None:
    """Items, trial and cycle."""
    trial_now = given.get("trial_end") == "now" and sub["status"] == "trialing"
    if "trial_end" in given and given["trial_end"] != "now":
        raise Refusal("The sandbox can end a trial now and not move it.", param="trial_end")
    anew = given.get("billing_cycle_anchor", {}).get("type") == "now"
    if not (given.get("items") or trial_now or anew):
        return
    if sub["status"] in ("paused", "incomplete"):
        raise Refusal(f"The items of a subscription that is {sub['status']} cannot be changed.", param="items")
    if sub["pending_update"]:
        standing.drop_change(store, sub)
    proration = given.get("proration_behavior", "create_prorations")
    change = changing.plan(
        store, sub, given.get("items", []), proration=proration, at=proration_moment(store, sub, given),
        trial_now=trial_now, anew=anew,
    )  # fmt: skip
    if trial_now:
        sub["status"], sub["trial_end"] = "active", store.at(sub)
    payment = given.get("payment_behavior", "allow_incomplete")
    changing.apply(store, sub, change, proration=proration, payment=payment)


def _cancellation(store: Store, sub: Body, given: Given) -> None:
    if "cancel_at_period_end" in given:
        if given["cancel_at_period_end"]:
            _cancel_at_end(store, sub)
        elif sub["cancel_at_period_end"]:
            _keep_going(sub)
    if "cancel_at" in given:
        when = given["cancel_at"]
        if when == "":
            _keep_going(sub)
            return
        if isinstance(when, str):
            when = period(sub)[1]
        if when <= store.at(sub):
            raise Refusal("Invalid timestamp: cancel_at must be in the future.", param="cancel_at")
        sub.update(cancel_at=when, cancel_at_period_end=False, canceled_at=store.at(sub))
        sub["cancellation_details"]["reason"] = "cancellation_requested"


def _cancel_at_end(store: Store, sub: Body) -> None:
    if not sub["cancel_at_period_end"]:
        sub.update(cancel_at=period(sub)[1], cancel_at_period_end=True, canceled_at=store.at(sub))
        sub["cancellation_details"]["reason"] = "cancellation_requested"


def _keep_going(sub: Body) -> None:
    sub.update(cancel_at=None, cancel_at_period_end=False, canceled_at=None)
    sub["cancellation_details"]["reason"] = None


def cancel(store: Store, id_: str, given: Given) -> Body:
    """End now; ``prorate`` credits the unused time and ``invoice_now`` settles what waits."""
    sub = store.get("subscription", id_)
    if sub["status"] in OVER:
        raise Refusal(f"No such subscription: '{id_}'", status=404, code="resource_missing", param="id")
    sub["cancellation_details"].update({k: cleared(v) for k, v in given.get("cancellation_details", {}).items()})
    if given.get("prorate") and sub["status"] in ("active", "past_due"):
        now = store.at(sub)
        rows = [row for item in sub["items"]["data"] for row in lines.unused(store, sub, item, now)]
        lines.keep_pending(store, sub, rows)
    if given.get("invoice_now"):
        pending = lines.take_pending(store, sub, "")
        if pending:
            invoice = draft(store, sub, pending, "subscription_update")
            store.emit("invoice.created", invoice)
            open_and_try(store, invoice)
    standing.end(store, sub)
    return sub


def pause(store: Store, id_: str, given: Given) -> Body:
    sub = store.get("subscription", id_)
    if sub["status"] not in ("active", "trialing"):
        raise Refusal(f"A subscription that is {sub['status']} cannot be paused.", code="resource_invalid_state")
    unused = given.get("bill_for", {}).get("unused_time_from", {}).get("type", "now")
    if unused == "item_current_period_start":
        raise Refusal("The sandbox credits from now or not at all.", param="bill_for[unused_time_from][type]")
    changing.pause(
        store, sub, invoicing=given.get("invoicing_behavior", "pending_invoice_item"), credit=unused == "now"
    )
    return sub


def resume(store: Store, id_: str, given: Given) -> Body:
    simulated(given, "billing_cycle_anchor", "payment_behavior", "proration_behavior")
    sub = store.get("subscription", id_)
    if sub["status"] != "paused":
        raise Refusal("Only a paused subscription can be resumed.", code="resource_invalid_state")
    waiting = store.find(sub["_resumes_with"]) if sub["_resumes_with"] else None
    if waiting and waiting["status"] == "open":
        raise Refusal("The resumption invoice is open: pay or void it.", code="resource_invalid_state")
    changing.resume(
        store, sub,
        anchor_now=given.get("billing_cycle_anchor", {}).get("type", "now") == "now",
        payment=given.get("payment_behavior", "resume_on_payment_attempt"),
        proration=given.get("proration_behavior", "create_prorations"),
    )  # fmt: skip
    return sub


def _own_card(store: Store, customer: str, card: str) -> None:
    body = store.get("payment_method", card, "default_payment_method")
    if body["customer"] != customer:
        raise Refusal(
            "The customer does not have a payment method with that ID.",
            code="resource_missing",
            param="default_payment_method",
        )
