"""Refunds and disputes."""

from billing.sandbox.api.common import Given, merge_metadata, page, simulated
from billing.sandbox.due import DAY
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body


def create(store: Store, given: Given) -> Body:
    """Give back all or part of a charge, named itself or by its payment intent."""
    simulated(given, "amount", "charge", "payment_intent", "metadata", "reason")
    if ("charge" in given) == ("payment_intent" in given):
        raise Refusal("One of the following params should be provided: `payment_intent` or `charge`.")
    if "charge" in given:
        charge = store.get("charge", given["charge"], "charge")
    else:
        intent = store.get("payment_intent", given["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            raise Refusal("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
        charge = store.get("charge", intent["latest_charge"])
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["refunded"] or not charge["paid"]:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if charge["disputed"]:
        raise Refusal(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    amount = given.get("amount", left)
    if amount < 1 or amount > left:
        raise Refusal(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    body: Body = {
        "id": new_id("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn_"),
        "charge": charge["id"],
        "created": store.at(charge),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {"card": {"reference_status": "pending", "type": "refund"}, "type": "card"},
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
    merge_metadata(body, given)
    store.add(body, like=charge)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    store.save(charge)
    store.emit("refund.created", body)
    store.emit("charge.refunded", charge)
    body["destination_details"]["card"]["reference_status"] = "available"
    store.save(body)
    store.emit("refund.updated", body)
    store.emit("charge.refund.updated", body)
    return body


def retrieve(store: Store, id_: str, given: Given) -> Body:
    return store.get("refund", id_)


def list_(store: Store, given: Given) -> Body:
    simulated(given, "charge", "payment_intent", "created", "limit", "starting_after", "ending_before")
    equal = {name: given[name] for name in ("charge", "payment_intent") if name in given}
    return page(store, "refund", "/v1/refunds", given, **equal)


def open_dispute(store: Store, charge: Body, reason: str = "fraudulent") -> Body:
    """The holder contests the charge; its amount is withdrawn."""
    if not charge["paid"] or charge["disputed"]:
        raise Refusal("Only a paid and undisputed charge can be disputed.")
    now = store.at(charge)
    body: Body = {
        "id": new_id("du_"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": now + 9 * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
    charge["disputed"] = True
    store.save(charge)
    store.add(body, like=charge)
    store.emit("charge.dispute.created", body)
    store.emit("charge.dispute.funds_withdrawn", body)
    return body


def close_dispute(store: Store, body: Body, *, won: bool) -> Body:
    """The bank decides."""
    if body["status"] in ("won", "lost"):
        raise Refusal("This dispute is already closed.", code="dispute_closed")
    body["status"] = "won" if won else "lost"
    store.save(body)
    store.emit("charge.dispute.updated", body)
    store.emit("charge.dispute.closed", body)
    if won:
        store.emit("charge.dispute.funds_reinstated", body)
    return body


def dispute(store: Store, id_: str, given: Given) -> Body:
    return store.get("dispute", id_)


def disputes(store: Store, given: Given) -> Body:
    equal = {name: given[name] for name in ("charge", "payment_intent") if name in given}
    return page(store, "dispute", "/v1/disputes", given, **equal)


def accept(store: Store, id_: str, given: Given) -> Body:
    """Closing a dispute is to accept it as lost."""
    return close_dispute(store, store.get("dispute", id_), won=False)
