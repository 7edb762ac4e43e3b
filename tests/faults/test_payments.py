"""B4, B5, B22 and B27 over HTTP: granian, a real worker and the sandbox, hurt on purpose."""

import re
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from html import unescape

import pytest
from sqlalchemy import text

from tests.faults.conftest import Stack, eventually
from tests.faults.counter import Answer, Counter, Person, counter_on

pytestmark = pytest.mark.fault

MONTHLY = "lift_monthly_usd"
CARD = {"number": "4242 4242 4242 4242", "month": "12", "year": "2040", "cvc": "123", "country": "US"}


@pytest.fixture(scope="module")
def opened(stack: Stack) -> Iterator[Counter]:
    with counter_on(stack) as made:
        yield made


@pytest.fixture
def shop(opened: Counter) -> Iterator[Counter]:
    """The module's shop without trouble."""
    opened.control.clear()
    yield opened
    opened.control.clear()
    opened.settle()


def begin(person: Person) -> str:
    """The id of the checkout that the button leads to."""
    reply = person.post("/billing/checkout", plan=MONTHLY)
    assert reply.status == 303
    return reply.location.rpartition("/")[2]


def together(count: int, call: Callable[[], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(count) as pool:
        return [done.result() for done in [pool.submit(call) for _ in range(count)]]


def at_stripe(shop: Counter, session_id: str) -> list[str]:
    """The states of everything that the buyer of this checkout has there."""
    customer = shop.stripe.v1.checkout.sessions.retrieve(session_id).customer
    found = shop.stripe.v1.subscriptions.list({"customer": str(customer), "status": "all"})
    return [sub.status for sub in found.data]


def test_b5_ten_clicks_at_once_make_one_customer_and_one_checkout(shop: Counter) -> None:
    person = shop.somebody()
    shop.control.hold()
    replies = together(10, lambda: person.post("/billing/checkout", plan=MONTHLY))
    assert {reply.status for reply in replies} == {303}
    assert len({reply.location for reply in replies}) == 1
    executed = shop.control.counts()["executed"]
    assert executed["POST /v1/customers"] == 1
    assert executed["POST /v1/checkout/sessions"] == 1

    # The second tab after the payment, and before any webhook: refused, in words.
    session_id = replies[0].location.rpartition("/")[2]
    shop.control.pay_checkout(session_id, country="US")
    replies = together(10, lambda: person.post("/billing/checkout", plan=MONTHLY))
    assert {reply.location for reply in replies} == {"/billing"}
    assert "You have a subscription already" in person.ask("/billing").text
    assert at_stripe(shop, session_id) == ["trialing"]
    assert len(shop.subscriptions(person)) == 1


def test_b4_the_page_says_paid_though_no_webhook_ever_comes(shop: Counter) -> None:
    person = shop.somebody(trial=False)
    session_id = begin(person)
    shop.control.hold()
    shop.control.pay_checkout(session_id, country="US")
    began = time.monotonic()
    came = person.ask(f"/billing/return?session_id={session_id}")
    assert time.monotonic() - began < 10
    assert "You are subscribed" in came.text
    assert "Your subscription is active." in person.ask("/billing").text
    assert [row.status for row in shop.subscriptions(person)] == ["active"]
    assert "subscribed" in shop.mails(person)


def test_b4_webhooks_and_the_way_back_at_once_charge_once_and_tell_once(shop: Counter) -> None:
    person = shop.somebody(trial=False)
    session_id = begin(person)
    shop.control.fail_deliveries("duplicate", copies=2)
    shop.control.order_deliveries("shuffle")
    shop.control.hold()
    shop.control.pay_checkout(session_id, country="US")
    shop.control.release()
    replies = together(8, lambda: person.ask(f"/billing/return?session_id={session_id}"))
    assert all("You are subscribed" in reply.text for reply in replies)
    shop.settle()
    assert at_stripe(shop, session_id) == ["active"]
    assert [row.status for row in shop.subscriptions(person)] == ["active"]
    assert Tally(shop.mails(person)) == {"subscribed": 1, "receipt": 1}
    assert person.ask("/billing/invoices").text.count("29.00 USD") == 1


def test_b22_a_promotion_and_the_tax_are_shown_before_paying_and_the_code_works_once(shop: Counter) -> None:
    coupon = shop.stripe.v1.coupons.create({"percent_off": 50, "duration": "once"})
    shop.stripe.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF", "max_redemptions": 10}
    )
    person = shop.somebody(trial=False)
    page = person.post("/billing/checkout", plan=MONTHLY).location
    germany = {**CARD, "country": "DE", "code": "HALF"}
    shown = unescape(person.ask(page, {**germany, "action": "apply"}).text)
    lines = dict(re.findall(r"<dt[^>]*>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", shown))
    assert lines["Discount"] == "−14.50 USD"
    assert "Tax" in lines
    paid = person.ask(page, {**germany, "action": "pay"})
    assert paid.status == 303
    assert "You are subscribed" in person.ask(paid.location).text
    assert f"<b>{lines['Due today']}</b>" in person.ask("/billing/invoices").text

    # After the end once more: the code was theirs once.
    (sub,) = shop.subscriptions(person)
    shop.stripe.v1.subscriptions.cancel(sub.sub_id)
    shop.settle()
    person.ask("/billing")
    page = person.post("/billing/checkout", plan=MONTHLY).location
    again = person.ask(page, {**germany, "action": "apply"}).text
    assert "already used" in again
    assert "Discount" not in again


@contextmanager
def before_any_work(shop: Counter) -> Iterator[None]:
    """Stored and acknowledged, while no worker lives."""
    shop.stack.kill_worker()
    shop.control.release()
    assert shop.control.drain()
    yield


@contextmanager
def in_mid_call(shop: Counter) -> Iterator[None]:
    """A worker waits for the provider's answer, with its claim committed."""
    shop.control.fail_calls("timeout", method="GET", path="/v1/subscriptions/*", seconds=6)
    shop.control.release()
    asked = shop.control.counts
    eventually(lambda: any(where.startswith("GET /v1/subscriptions/") for where in asked()["received"]), 45, "a call")
    yield


def _before_table(table: str) -> Callable[[Counter], AbstractContextManager[None]]:
    @contextmanager
    def standing(shop: Counter) -> Iterator[None]:
        engine = shop.stack.services.engine
        waiting = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'billing.{table}'::regclass"
        with engine.connect() as holder, engine.connect() as watcher:
            holder.execute(text(f"LOCK TABLE billing.{table} IN SHARE MODE"))
            shop.control.release()
            eventually(lambda: watcher.execute(text(waiting)).scalar_one() > 0, 45, f"a worker before {table}")
            yield

    return standing


POINTS: dict[str, Callable[[Counter], AbstractContextManager[None]]] = {
    "stored, and no worker lives": before_any_work,
    "about to claim": _before_table("fences"),
    "waiting for the provider": in_mid_call,
    "writing what was fetched": _before_table("subscription_snapshots"),
    "promising the mails": _before_table("effects"),
}


@pytest.mark.parametrize("point", POINTS)
def test_b27_a_worker_killed_in_mid_sync_loses_nothing_and_does_nothing_twice(shop: Counter, point: str) -> None:
    person = shop.somebody(trial=False)
    session_id = begin(person)
    shop.settle()
    shop.control.hold()
    shop.control.pay_checkout(session_id, country="US")
    with POINTS[point](shop):
        shop.stack.kill_worker()
    shop.stack.start_worker()
    shop.settle(within=90)
    assert [row.status for row in shop.subscriptions(person)] == ["active"]
    assert Tally(shop.mails(person)) == {"subscribed": 1, "receipt": 1}
    assert at_stripe(shop, session_id) == ["active"]
    assert "Your subscription is active." in person.ask("/billing").text
