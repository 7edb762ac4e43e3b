"""Deliveries: signed, in order, and wrong on demand."""

import stripe

from tests.billing.sandbox.conftest import Heard, Shop


def _customers(shop: Shop, count: int) -> list[str]:
    return [shop.client.v1.customers.create({"email": f"{index}@example.org"}).id for index in range(count)]


def _told(heard: Heard) -> list[str]:
    return [event.data.object["id"] for event in heard.events() if event.type == "customer.created"]


def test_a_webhook_s_signature_verifies_and_its_event_can_be_fetched(shop: Shop, heard: Heard) -> None:
    (customer,) = _customers(shop, 1)
    assert shop.sandbox.control.drain()
    event = heard.events()[-1]
    assert (event.type, event.livemode, event.api_version) == ("customer.created", False, stripe.api_version)
    assert event.data.object["id"] == customer
    kept = shop.client.v1.events.retrieve(event.id)
    assert (kept.type, kept.pending_webhooks) == ("customer.created", 0)


def test_events_come_in_the_order_in_which_they_happened(shop: Shop, heard: Heard) -> None:
    made = _customers(shop, 5)
    assert shop.sandbox.control.drain()
    assert _told(heard) == made


def test_events_come_twice_on_demand(shop: Shop, heard: Heard) -> None:
    shop.sandbox.control.fail_deliveries("duplicate", types="customer.*", times=1, copies=2)
    made = _customers(shop, 2)
    assert shop.sandbox.control.drain()
    assert _told(heard) == [made[0], made[0], made[0], made[1]]


def test_events_are_gathered_and_turned_round_on_demand(shop: Shop, heard: Heard) -> None:
    shop.sandbox.control.hold()
    made = _customers(shop, 4)
    assert _told(heard) == []
    assert {row["state"] for row in shop.sandbox.control.undelivered()} == {"held"}
    shop.sandbox.control.order_deliveries("reverse")
    shop.sandbox.control.release()
    assert shop.sandbox.control.drain()
    assert _told(heard) == made[::-1]


def test_events_are_dropped_on_demand_and_can_be_sent_again(shop: Shop, heard: Heard) -> None:
    shop.sandbox.control.fail_deliveries("drop", types="customer.created", times=1)
    made = _customers(shop, 1)
    assert shop.sandbox.control.drain()
    assert _told(heard) == []
    (lost,) = [row for row in shop.sandbox.control.undelivered() if row["type"] == "customer.created"]
    shop.sandbox.control.resend(lost["event"])
    assert shop.sandbox.control.drain()
    assert _told(heard) == made


def test_events_are_late_on_demand_by_the_clock(shop: Shop, heard: Heard) -> None:
    shop.sandbox.control.fail_deliveries("delay", types="customer.created", times=1, seconds=600)
    made = _customers(shop, 2)
    assert shop.sandbox.control.drain()
    assert _told(heard) == [made[1]]
    shop.sandbox.control.advance(by=601)
    assert shop.sandbox.control.drain()
    assert _told(heard) == [made[1], made[0]]


def test_a_webhook_that_fails_is_told_again_for_three_days_and_no_longer(shop: Shop, heard: Heard) -> None:
    heard.status = 500
    _customers(shop, 1)
    assert shop.sandbox.control.drain()
    (row,) = shop.sandbox.control.undelivered()
    assert (row["state"], row["attempts"], row["last_error"]) == ("pending", 1, "HTTP 500")
    for _ in range(20):
        shop.sandbox.control.advance(by=12 * 3600 + 1)
        assert shop.sandbox.control.drain()
    (row,) = shop.sandbox.control.undelivered()
    assert row["state"] == "given_up"
    heard.status = 200
    shop.sandbox.control.resend(row["event"])
    assert shop.sandbox.control.drain()
    assert len(_told(heard)) == 1


def test_events_are_listed_by_type_and_page_by_page(shop: Shop) -> None:
    made = _customers(shop, 5)
    events = shop.client.v1.events
    first = events.list({"type": "customer.*", "limit": 3})
    second = events.list({"types": ["customer.created"], "limit": 3, "starting_after": first.data[-1].id})
    assert [event.data.object["id"] for event in [*first.data, *second.data]] == made[::-1]
    assert (first.has_more, second.has_more) == (True, False)
    newer = events.list({"type": "customer.created", "ending_before": second.data[0].id, "limit": 2})
    assert [event.id for event in newer.data] == [first.data[1].id, first.data[2].id]
    later = first.data[0].created + 1
    assert events.list({"created": {"gte": later}}).data == []
