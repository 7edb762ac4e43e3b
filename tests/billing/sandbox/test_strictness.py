"""The sandbox refuses what Stripe refuses, and answers a repeated request once."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from billing.sandbox.app import create_app, refuse_production
from billing.sandbox.testing import API_KEY, Running
from lift.kernel.clock import SystemClock
from tests.billing.sandbox.conftest import Shop


def test_an_unknown_parameter_is_refused_with_its_name(client: stripe.StripeClient) -> None:
    wrong: Any = {"email": "ada@example.org", "nickname": "Ada"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.create(wrong)
    assert (refused.value.param, refused.value.code) == ("nickname", "parameter_unknown")
    assert refused.value.http_status == 400


def test_an_unknown_parameter_within_another_is_named_as_it_was_sent(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.checkout(shop.customer().id, subscription_data={"trial_days": 3})
    assert refused.value.param == "subscription_data[trial_days]"


def test_an_unknown_value_of_an_enum_is_refused(shop: Shop) -> None:
    sub = shop.subscribed()
    wrong: Any = {"proration_behavior": "sometimes"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.client.v1.subscriptions.update(sub.id, wrong)
    assert refused.value.param == "proration_behavior"


def test_an_unknown_path_and_an_unknown_object_are_not_found(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.raw_request("get", "/v1/nothing")
    assert refused.value.http_status == 404
    with pytest.raises(stripe.InvalidRequestError, match="No such customer") as gone:
        client.v1.customers.retrieve("cus_nobody")
    assert (gone.value.http_status, gone.value.code) == (404, "resource_missing")


def test_a_wrong_key_is_refused(sandbox: Running) -> None:
    stranger = stripe.StripeClient("sk_test_other", base_addresses={"api": sandbox.address})
    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.customers.list()


def test_the_same_key_and_body_bring_the_saved_reply_and_one_object(
    client: stripe.StripeClient, sandbox: Running
) -> None:
    first = client.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "once"})
    second = client.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "once"})
    assert first.id == second.id
    assert len(client.v1.customers.list().data) == 1
    counts = sandbox.control.counts()
    assert (counts["received"]["POST /v1/customers"], counts["executed"]["POST /v1/customers"]) == (2, 1)


def test_the_same_key_with_another_body_is_an_idempotency_error(client: stripe.StripeClient) -> None:
    client.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "once"})
    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.customers.create({"email": "bob@example.org"}, {"idempotency_key": "once"})
    assert refused.value.http_status == 400


def test_a_refusal_after_execution_began_is_saved_with_its_key(shop: Shop) -> None:
    customer = shop.customer(None)
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            shop.client.v1.payment_methods.attach(
                "pm_card_chargeDeclined", {"customer": customer.id}, {"idempotency_key": "attach"}
            )
    counts = shop.sandbox.control.counts()["executed"]
    assert counts["POST /v1/payment_methods/{id}/attach"] == 1


def test_a_reply_that_was_lost_is_found_again_with_its_key(client: stripe.StripeClient, sandbox: Running) -> None:
    sandbox.control.fail_calls("reset", when="after", path="/v1/customers")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "lost"})
    again = client.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "lost"})
    assert [customer.id for customer in client.v1.customers.list().data] == [again.id]


def test_ten_calls_at_once_with_one_key_make_one_customer(client: stripe.StripeClient) -> None:
    def create(_: int) -> str:
        try:
            return client.v1.customers.create({"email": "ada@example.org"}, {"idempotency_key": "many"}).id
        except stripe.StripeError as error:
            return str(error.http_status)

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(create, range(10)))
    made = client.v1.customers.list().data
    assert len(made) == 1
    assert answers <= {made[0].id, "409"}


@pytest.mark.parametrize(
    ("kind", "error"), [("429", stripe.RateLimitError), ("500", stripe.APIError), ("reset", stripe.APIConnectionError)]
)
def test_a_call_fails_before_anything_was_done_on_demand(
    client: stripe.StripeClient, sandbox: Running, kind: Any, error: type[Exception]
) -> None:
    sandbox.control.fail_calls(kind)
    with pytest.raises(error):
        client.v1.customers.create({"email": "ada@example.org"})
    assert client.v1.customers.list().data == []


@pytest.mark.parametrize("environment", ["production", "Production", "staging", "live"])
def test_it_refuses_production(environment: str) -> None:
    with pytest.raises(RuntimeError, match="does not run"):
        refuse_production(environment)


def test_it_runs_in_development_and_tests() -> None:
    refuse_production("development")
    refuse_production("test")


def test_it_takes_test_keys_only_and_signs_with_no_empty_secret(sandbox: Running) -> None:
    engine = sandbox.sandbox.runtime.engine
    with pytest.raises(ValueError, match="test keys"):
        create_app(
            engine, api_key="sk_live_1", webhook_url="", webhook_secret="x", clock=SystemClock(), return_hosts=()
        )
    with pytest.raises(ValueError, match="secret"):
        create_app(
            engine, api_key=API_KEY, webhook_url="http://x", webhook_secret=" ", clock=SystemClock(), return_hosts=()
        )


def test_a_page_may_send_people_back_to_known_hosts_only(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.checkout(shop.customer().id, success_url="https://elsewhere.example/")
    assert refused.value.param == "success_url"


@pytest.mark.parametrize(("seconds", "right"), [(1799, False), (1801, True), (86_399, True), (86_460, False)])
def test_a_session_lives_from_thirty_minutes_to_a_day(shop: Shop, seconds: int, right: bool) -> None:
    customer = shop.customer().id
    at = shop.sandbox.control.now() + seconds
    if right:
        assert shop.checkout(customer, expires_at=at).expires_at == at
    else:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            shop.checkout(customer, expires_at=at)
        assert refused.value.param == "expires_at"


def test_the_controls_are_spoken_to_over_http_as_well(sandbox: Running) -> None:
    line = http.client.HTTPConnection(urlsplit(sandbox.address).netloc)
    line.request("POST", "/_sandbox/advance", json.dumps({"by": 60}), {"Content-Type": "application/json"})
    moved = json.loads(line.getresponse().read())["result"]
    assert moved <= sandbox.control.now()
    line.request("POST", "/_sandbox/advance", json.dumps({"back": 60}), {"Content-Type": "application/json"})
    assert line.getresponse().status == 400
    line.close()


def test_a_lookup_key_names_one_price_until_it_is_transferred(shop: Shop) -> None:
    product = shop.client.v1.products.create({"name": "Other"}).id
    asked: Any = {"product": product, "currency": "jpy", "unit_amount": 2900, "lookup_key": "monthly"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.client.v1.prices.create(asked)
    assert refused.value.param == "lookup_key"
    moved = shop.client.v1.prices.create({**asked, "transfer_lookup_key": True})
    found = shop.client.v1.prices.list({"lookup_keys": ["monthly"]}).data
    assert [price.id for price in found] == [moved.id]
