"""B25: three shapes of the API are understood, a missing period is an error, the client is pinned."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from billing import stripe_errors, stripe_parse
from billing.gateway import Busy, CardDeclined, GatewayDown, GatewayError, Missing, Refused, Unreadable
from billing.plans import PLANS
from billing.stripe_gateway import API_VERSION, TIMEOUT, StripeGateway

END = 1_800_000_000
PRICE = {"id": "price_9", "object": "price", "unit_amount": PLANS[0].amount, "currency": PLANS[0].currency}
MOMENT = datetime.fromtimestamp(END, UTC)


def item(end: int | None, key: str | None = "lift_monthly_usd") -> dict[str, Any]:
    price = {"id": "price_1", "lookup_key": key}
    return {"id": "si_1", "price": price} | ({"current_period_end": end} if end is not None else {})


def sub(**more: Any) -> dict[str, Any]:
    return {
        "id": "sub_1",
        "object": "subscription",
        "customer": "cus_1",
        "status": "active",
        "livemode": False,
        "cancel_at_period_end": False,
        "cancel_at": None,
        "items": {"object": "list", "data": [item(END)]},
        **more,
    }


FIXTURES = {
    "2022-11-15": sub(items={"data": [item(None)]}, current_period_end=END),
    "2025-03-31.basil": sub(),
    "2026-10-28.endive": sub(customer={"id": "cus_1", "object": "customer"}, current_period_end=None),
}


@pytest.mark.parametrize("version", FIXTURES)
def test_b25_the_period_is_found_in_every_shape(version: str) -> None:
    found = stripe_parse.subscription(FIXTURES[version], version)
    assert (found.period_end, found.customer_id, found.price) == (MOMENT, "cus_1", "lift_monthly_usd")
    assert found.api_version == version


def test_b25_of_two_items_the_earlier_end_counts() -> None:
    both = sub(items={"data": [item(END + 5), item(END)]})
    assert stripe_parse.period_end(both) == MOMENT
    assert stripe_parse.price_of(both) == "price_1+price_1"
    assert stripe_parse.price_of(sub(items={"data": [item(END, None)]})) == "price_1"


def test_a_price_whose_lookup_key_went_to_the_next_one_is_still_of_its_plan() -> None:
    old = {"id": "price_1", "lookup_key": None, "metadata": {"plan": "lift_monthly_usd"}}
    assert stripe_parse.price_of(sub(items={"data": [{"price": old}]})) == "lift_monthly_usd"


@pytest.mark.parametrize("broken", [{"items": {"data": [item(None)]}}, {"items": {"data": []}}, {"items": None}])
def test_b25_a_missing_period_is_an_error_and_never_silently_nothing(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        stripe_parse.subscription(sub(**broken), API_VERSION)


def test_b25_the_client_is_pinned_to_one_version_and_eight_seconds() -> None:
    gateway = StripeGateway("sk_test_x", "http://127.0.0.1:1")
    options = gateway.v1._requestor._options  # the library shows it nowhere else
    assert options.stripe_version == API_VERSION == stripe._api_version._ApiVersion.CURRENT
    assert options.max_network_retries == 1
    assert gateway.v1._requestor._client._timeout == TIMEOUT == 8.0  # type: ignore[union-attr]  # as above
    assert gateway.livemode is False
    assert StripeGateway("rk_live_x").livemode is True
    with pytest.raises(ValueError, match="empty"):
        StripeGateway(" ")


def test_no_answer_is_a_provider_that_is_down() -> None:
    gateway = StripeGateway("sk_test_x", "http://127.0.0.1:1")
    with pytest.raises(GatewayDown):
        gateway.subscription("sub_1")


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (stripe.CardError("no", None, "card_declined", http_status=402), CardDeclined),
        (stripe.InvalidRequestError("no", None, "resource_missing", http_status=404), Missing),
        (stripe.InvalidRequestError("no", "x", http_status=400), Refused),
        (stripe.InvalidRequestError("no", "x", "lock_timeout", http_status=409), GatewayDown),
        (stripe.IdempotencyError("no", http_status=400), Refused),
        (stripe.IdempotencyError("no", http_status=409), Busy),
        (stripe.APIError("no", http_status=409), Busy),
        (stripe.RateLimitError("no", http_status=429), GatewayDown),
        (stripe.APIError("no", http_status=500), GatewayDown),
        (stripe.AuthenticationError("no", http_status=401), GatewayDown),
    ],
)
def test_errors_are_said_in_our_terms(error: Exception, ours: type[GatewayError]) -> None:
    with pytest.raises(ours), stripe_errors.spoken():
        raise error


def test_a_key_is_never_longer_than_the_provider_takes() -> None:
    assert stripe_errors.short("k" * 255)
    with pytest.raises(ValueError, match="255"):
        stripe_errors.short("k" * 256)


def test_the_first_failure_is_that_of_the_oldest_open_bill_that_was_tried() -> None:
    bills = [
        {"created": END + 9, "attempt_count": 1, "status_transitions": {"finalized_at": END + 10}},
        {"created": END, "attempt_count": 2, "status_transitions": {"finalized_at": None}},
        {"created": END - 99, "attempt_count": 0},
    ]
    assert stripe_parse.first_failed_at(bills) == MOMENT
    assert stripe_parse.first_failed_at([]) is None


def test_a_charge_is_read_with_its_bill_in_both_shapes() -> None:
    thing = {"id": "ch_1", "customer": "cus_1", "amount": 900, "currency": "usd", "livemode": False}
    refunds = [
        {"id": "re_1", "amount": 5, "created": END, "status": "succeeded"},
        {"id": "re_2", "amount": 7, "created": END, "status": "failed"},
    ]
    disputes = [{"id": "dp_1", "status": "won", "created": END}]
    lines = {"data": [{"period": {"end": END}}, {"period": {"end": END - 5}}]}
    new = {"id": "in_1", "lines": lines, "parent": {"subscription_details": {"subscription": "sub_1"}}}
    for bill in (new, {"id": "in_1", "lines": lines, "subscription": "sub_1"}):
        found = stripe_parse.charge(thing, bill, refunds, disputes)
        assert found is not None
        assert (found.subscription_id, found.paid_until) == ("sub_1", MOMENT)
        assert [each.amount for each in found.refunds] == [5]
        assert found.disputes[0].status == "won"
    assert stripe_parse.charge(thing, {"id": "in_1", "lines": lines, "parent": None}, [], []) is None
    payments = {"data": [{"payment": {"payment_intent": {"id": "pi_1"}}}, {"payment": {"charge": "ch_2"}}]}
    assert stripe_parse.payments_of({"charge": "ch_1", "payments": payments}) == {"pi_1", "ch_2", "ch_1"}


class Recorded:
    """An HTTP client that answers from a table and keeps what was asked."""

    name = "recorded"

    def __init__(self, answers: dict[str, dict[str, Any]]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, str, dict[str, str]]] = []

    def request_with_retries(
        self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any
    ) -> tuple[str, int, dict[str, str]]:
        path = url.partition("//")[2].partition("/")[2]
        self.asked.append((method, path, str(post_data), dict(headers)))
        name = f"{method} {path.partition('?')[0]}"
        answer = self.answers.get(name)
        if answer is None:
            return json.dumps({"error": {"code": "resource_missing", "message": name}}), 404, {}
        return json.dumps(answer), 200, {}


def recorded(answers: dict[str, dict[str, Any]]) -> tuple[StripeGateway, Recorded]:
    gateway = StripeGateway("sk_test_x", "http://stripe.test")
    http = Recorded(answers)
    gateway.v1._requestor._client = http  # type: ignore[assignment]  # the wire is the test's own
    return gateway, http


def bill(**more: Any) -> dict[str, Any]:
    return {"id": "in_1", "object": "invoice", "status": "open", "created": END, "currency": "usd", **more}


def test_a_subscription_that_is_past_due_is_read_with_its_bills() -> None:
    gateway, http = recorded(
        {
            "get v1/subscriptions/sub_1": sub(status="past_due", latest_invoice=bill(amount_due=5)),
            "get v1/invoices": {
                "object": "list",
                "data": [bill(attempt_count=1)],
                "has_more": False,
                "url": "/v1/invoices",
            },
            "get v1/invoice_payments": {
                "object": "list",
                "data": [
                    {
                        "object": "invoice_payment",
                        "payment": {
                            "payment_intent": {"id": "pi_1", "object": "payment_intent", "status": "requires_action"}
                        },
                    }
                ],
                "has_more": False,
                "url": "/v1/invoice_payments",
            },
        }
    )
    found = gateway.subscription("sub_1")
    assert found.first_failed_at == MOMENT
    assert found.latest_invoice is not None
    assert found.latest_invoice.action_required
    assert {headers["Stripe-Version"] for *_, headers in http.asked} == {API_VERSION}
    with pytest.raises(Missing):
        gateway.subscription("sub_2")


def test_a_checkout_is_asked_with_our_key_our_trial_and_half_an_hour() -> None:
    from billing.plans import PLANS

    gateway, http = recorded(
        {
            "get v1/prices": {"object": "list", "data": [PRICE], "has_more": False},
            "post v1/checkout/sessions": {
                "id": "cs_1",
                "object": "checkout.session",
                "status": "open",
                "customer": "cus_1",
                "url": "https://pay",
                "livemode": False,
            },
        }
    )
    made = gateway.create_checkout(
        customer_id="cus_1",
        plan=PLANS[0],
        trial_days=3,
        expires_at=MOMENT,
        success_url="https://a",
        cancel_url="https://b",
        account="acc",
        key="checkout:1",
    )
    assert (made.status, made.url) == ("open", "https://pay")
    method, path, body, headers = http.asked[-1]
    assert (method, path) == ("post", "v1/checkout/sessions")
    assert headers["Idempotency-Key"] == "checkout:1"
    for part in (
        "trial_period_days]=3",
        f"expires_at={END}",
        "allow_promotion_codes=true",
        "automatic_tax[enabled]=true",
        "price_9",
    ):
        assert part in body
