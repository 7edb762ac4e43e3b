"""The desk's numbers: arithmetic that is honest when there is little, and queries over the facts."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.figures import drifts_by_kind, events_by_state, lives, oldest_open_event, subscriptions_by_status
from billing.measures import Churn, Life, churn, share
from billing.plans import read_amount
from billing.subscriptions import cancel_now
from tests.billing.world import World

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def ago(days: int) -> datetime:
    return NOW - days * DAY


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "none yet"), (3, 5, "3 of 5"), (0, 19, "0 of 19"), (7, 20, "35 %"), (1, 200, "1 %"), (200, 200, "100 %")],
)
def test_a_share_is_in_percent_only_of_enough(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said


def test_churn_is_over_those_who_lived_at_the_start_and_tells_choice_from_lack_of_payment() -> None:
    lived = [
        Life(ago(100)),
        Life(ago(100), ago(5)),
        Life(ago(100), ago(6), unpaid=True),
        Life(ago(100), ago(40)),
        Life(ago(10), ago(5)),
    ]
    assert churn(lived, NOW, 30 * DAY) == Churn(ago(30), living=3, chosen=1, unpaid=1)
    assert churn(lived, NOW, 90 * DAY) == Churn(ago(90), living=4, chosen=2, unpaid=1)
    assert churn([], NOW, 30 * DAY).ended == 0


def test_what_ends_in_the_time_to_come_has_not_ended() -> None:
    assert churn([Life(ago(100), NOW + DAY)], NOW, 30 * DAY) == Churn(ago(30), 1, 0, 0)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("29", "usd", 2900),
        (" 29.00 ", "usd", 2900),
        ("29.5", "eur", 2950),
        ("2900", "jpy", 2900),
        ("1.234", "kwd", 1234),
    ],
)
def test_an_amount_is_read_in_the_digits_of_its_currency(text: str, currency: str, amount: int) -> None:
    assert read_amount(text, currency) == amount


@pytest.mark.parametrize(
    "text", ["", ".", "29.", ".5", "29,00", "1,000.00", "-1", "+1", "1e3", "29.005", "٢٩", "1" * 13]
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        read_amount(text, "usd")


def test_a_subscription_that_ended_with_a_bill_unpaid_was_not_ended_by_choice(world: World) -> None:
    chose, _ = world.subscriber()
    _, sub = world.subscriber()
    world.gateway.cards[sub.customer_id] = "broke"
    cancel_now(world.desk, chose, world.now)
    began = world.now
    world.tick(32 * DAY)
    world.deliver_all()
    world.gateway.cancel_now(sub.id)
    world.deliver_all()
    with world.uow() as session:
        found = sorted(lives(session, livemode=False), key=lambda life: life.ended_at or began)
        assert [(life.began_at, life.ended_at, life.unpaid) for life in found] == [
            (began, began, False),
            (began, world.now, True),
        ]
        assert subscriptions_by_status(session, livemode=False) == {"canceled": 2}


def test_the_inbox_is_counted_by_state_with_its_oldest(world: World) -> None:
    world.subscriber()
    with world.uow() as session:
        assert oldest_open_event(session) is None
        assert set(events_by_state(session)) <= {"done", "ignored"}
        assert drifts_by_kind(session, world.now) == {}
    world.gateway.emit("customer.updated", {"object": "customer", "id": "cus_x"})
    world.receive(world.gateway.events.pop())
    with world.uow() as session:
        assert oldest_open_event(session) == world.now
        assert events_by_state(session)["pending"] == 1
