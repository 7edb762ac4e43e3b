"""What happens to a running subscription: B12–B16, B18, B20, B21, B23."""

import itertools
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from billing import operators
from billing.access import GRACE, State
from billing.desk import BillingError, Declined, NoSubscription, TryAgain
from billing.gateway import Charge
from billing.models import Drift, HoldRow, Snapshot
from billing.refunds import charges_of, refund
from billing.subscriptions import (
    GIVE_UP,
    cancel_at_period_end,
    cancel_now,
    card_updated,
    change_plan,
    invoices,
    live_snapshot,
    months_later,
    pause,
    preview_change,
    resume,
    resume_due,
    stop_collecting,
    undo_cancel,
)
from tests.billing.world import MONTHLY, QUARTERLY, YEARLY, World

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def failing(world: World) -> tuple[object, str, str]:
    """A subscriber whose renewal failed a moment ago; account, customer and subscription. Nothing is delivered."""
    account, sub = world.subscriber()
    world.gateway.cards[sub.customer_id] = "declined"
    assert sub.period_end is not None
    world.tick(sub.period_end - world.now)
    return account, sub.customer_id, sub.id


@pytest.mark.parametrize("late", [timedelta(0), 3 * DAY])
def test_b12_grace_counts_from_the_first_failure_however_late_it_is_heard_of(world: World, late: timedelta) -> None:
    account, _, _ = failing(world)
    failed_at = world.now
    world.tick(late)
    world.deliver_all()
    decided = world.access(account)  # type: ignore[arg-type]  # an account
    assert (decided.state, decided.valid_until) == (State.PAST_DUE_GRACE, failed_at + GRACE)
    assert world.state(account, at=failed_at + GRACE - SECOND) is State.PAST_DUE_GRACE  # type: ignore[arg-type]  # an account
    assert world.state(account, at=failed_at + GRACE) is State.PAST_DUE_LOCKED  # type: ignore[arg-type]  # an account
    assert world.mailed("payment_failed") == 1


def test_b13_after_grace_one_payment_restores_everything(world: World) -> None:
    account, customer, sub_id = failing(world)
    world.tick(GRACE)
    world.deliver_all()
    assert world.state(account) is State.PAST_DUE_LOCKED  # type: ignore[arg-type]  # an account
    world.gateway.cards[customer] = "good"
    world.gateway.pay_invoice(world.gateway.subs[sub_id].bills[-1], "by hand")
    world.deliver(world.gateway.events[0])
    assert world.state(account) is State.ACTIVE  # type: ignore[arg-type]  # an account


def test_b13_at_last_the_provider_is_told_once_to_stop_collecting(world: World) -> None:
    account, _, sub_id = failing(world)
    failed_at = world.now
    world.deliver_all()
    world.tick(GIVE_UP - SECOND)
    assert stop_collecting(world.desk, world.now) == 0
    world.tick(SECOND)
    assert world.now == failed_at + GIVE_UP
    assert [stop_collecting(world.desk, world.now) for _ in range(3)] == [1, 0, 0]
    assert world.gateway.calls["cancel_now"] == 1
    assert world.gateway.subs[sub_id].shown.status == "canceled"
    assert world.state(account) is State.EXPIRED  # type: ignore[arg-type]  # an account


@pytest.mark.parametrize("by_date", [False, True])
def test_b14_cancelling_shows_the_same_date_in_both_shapes(world: World, by_date: bool) -> None:
    account, sub = world.subscriber()
    world.gateway.portal_cancel(sub.id, by_date=by_date)
    world.deliver_all()
    decided = world.access(account)
    assert (decided.state, decided.valid_until) == (State.CANCELING, sub.period_end)
    assert world.mailed("cancel_scheduled") == 1
    undo_cancel(world.desk, account, world.now)
    assert world.state(account) is State.ACTIVE
    cancel_at_period_end(world.desk, account, world.now)
    assert sub.period_end is not None
    assert world.state(account, at=sub.period_end) is State.EXPIRED
    world.tick(sub.period_end - world.now)
    world.deliver_all()
    assert world.state(account) is State.EXPIRED
    assert len(world.gateway.paid) == 1
    assert world.mailed("subscription_ended") == 1


def test_b15_cancelling_now_ends_now_and_a_late_bill_revives_nothing(world: World) -> None:
    account, sub = world.subscriber()
    cancel_now(world.desk, account, world.now)
    assert world.state(account) is State.EXPIRED
    world.lose_events()
    world.gateway._emit_bill("paid", world.gateway.subs[sub.id].bills[0], sub)
    world.deliver_all()
    assert world.state(account) is State.EXPIRED
    world.tick(400 * DAY)
    assert len(world.gateway.paid) == 1
    with pytest.raises(NoSubscription):
        cancel_now(world.desk, account, world.now)


def test_b16_cancelling_and_resuming_over_and_over_with_shuffled_events(world: World) -> None:
    account, _ = world.subscriber()
    for turn in range(5):
        cancel_at_period_end(world.desk, account, world.now)
        assert world.state(account) is State.CANCELING
        cancel_at_period_end(world.desk, account, world.now)
        undo_cancel(world.desk, account, world.now)
        undo_cancel(world.desk, account, world.now)
        world.deliver_all(lambda events, turn=turn: random.Random(turn).sample(events * 2, len(events) * 2))  # type: ignore[misc]  # noqa: S311 - a fixed shuffle
        assert world.state(account) is State.ACTIVE
    assert world.wrong() == []


def test_b18_a_new_card_tries_the_open_bill_once(world: World) -> None:
    account, customer, sub_id = failing(world)
    world.deliver_all()
    bill = world.gateway.subs[sub_id].bills[-1]
    assert world.gateway.pay_attempts[bill] == 1
    event = world.gateway.set_card(customer, "good")
    for _ in range(3):
        world.deliver(event)
    assert world.gateway.pay_attempts[bill] == 2
    assert world.gateway.calls["pay_invoice"] == 1
    assert world.state(account) is State.ACTIVE  # type: ignore[arg-type]  # an account


def test_b18_a_second_bad_card_is_tried_once_too_and_a_third_helps(world: World) -> None:
    account, customer, _ = failing(world)
    world.deliver_all()
    world.gateway.set_card(customer, "declined")
    for _ in range(2):
        assert card_updated(world.desk, account, world.now) in (True, False)  # type: ignore[arg-type]  # an account
    assert world.gateway.calls["pay_invoice"] == 1
    assert world.state(account) is State.PAST_DUE_GRACE  # type: ignore[arg-type]  # an account
    world.gateway.set_card(customer, "good")
    world.gateway.fail.add("pay_invoice")
    with pytest.raises(TryAgain):
        card_updated(world.desk, account, world.now)  # type: ignore[arg-type]  # an account
    world.gateway.fail.clear()
    assert card_updated(world.desk, account, world.now)  # type: ignore[arg-type]  # an account
    assert world.state(account) is State.ACTIVE  # type: ignore[arg-type]  # an account


def only_charge(world: World) -> Charge:
    (charge,) = world.gateway.paid.values()
    return charge


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        ("full", State.EXPIRED),
        ("partial", State.ACTIVE),
        ("partial partial", State.EXPIRED),
        ("dispute", State.HELD),
        ("dispute won", State.ACTIVE),
        ("dispute lost", State.HELD),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_b20_what_goes_back_and_what_is_contested(world: World, happens: str, state: State, seed: int) -> None:
    account, _ = world.subscriber()
    charge = only_charge(world)
    if happens == "full":
        world.gateway.refund(charge.id, None, "k1")
    if "partial" in happens:
        world.gateway.refund(charge.id, 1000, "k1")
    if happens == "partial partial":
        world.gateway.refund(charge.id, charge.amount - 1000, "k2")
    if "dispute" in happens:
        world.gateway.dispute(charge.id, "dp_1")
    for outcome in ("won", "lost"):
        if outcome in happens:
            world.gateway.dispute(charge.id, "dp_1", outcome)
    world.deliver_all(lambda events: random.Random(seed).sample(events * 3, len(events) * 3))  # noqa: S311 - a fixed shuffle
    assert world.state(account) is state
    assert world.mailed("refunded") == len(world.gateway.paid[charge.id].refunds)
    assert world.mailed("dispute_opened") == ("dispute" in happens)
    assert world.mailed("dispute_won") == ("won" in happens)


def test_b20_a_hold_that_a_person_released_stays_released(world: World) -> None:
    account, _ = world.subscriber()
    world.gateway.dispute(only_charge(world).id, "dp_1")
    world.deliver_all()
    with world.uow() as session:
        assert operators.release(session, account, who="ada", why="a friend", act_key="r1", now=world.now) == 1
    world.gateway.emit("charge.dispute.updated", {"charge": only_charge(world).id})
    world.deliver_all()
    assert world.state(account) is State.ACTIVE
    with world.uow() as session:
        assert session.execute(select(HoldRow.released_at)).scalar_one() == world.now


def test_b20_an_operator_gives_back_once_for_one_form_and_a_full_refund_ends_the_subscription(world: World) -> None:
    account, sub = world.subscriber()
    charge = only_charge(world)

    def give(amount: int | None, form: str) -> None:
        refund(world.desk, account, charge.id, amount=amount, who="ada", why="asked", act_key=form, now=world.now)

    give(900, "form 1")
    give(900, "form 1")
    assert sum(each.amount for each in only_charge(world).refunds) == 900
    assert world.state(account) is State.ACTIVE
    world.gateway.fail.add("refund")
    with pytest.raises(TryAgain):
        give(None, "form 2")
    world.gateway.fail.clear()
    give(None, "form 2")
    assert world.state(account) is State.EXPIRED
    assert world.gateway.subs[sub.id].shown.status == "canceled"
    with pytest.raises(BillingError):
        give(None, "form 3")
    with pytest.raises(BillingError):
        refund(world.desk, account, "ch_no", amount=None, who="ada", why="x", act_key="f", now=world.now)
    assert len(charges_of(world.desk, account)) == 1
    with world.uow() as session:
        assert {act.what for act in operators.acts_of(session, account)} == {"refunded"}


@pytest.mark.parametrize(("start", "to"), list(itertools.permutations([MONTHLY, QUARTERLY, YEARLY], 2)))
@pytest.mark.parametrize("day", [timedelta(0), 11 * DAY])
def test_b21_what_was_previewed_is_what_is_charged(world: World, start: str, to: str, day: timedelta) -> None:
    account, sub = world.subscriber(start)
    world.tick(day)
    before = set(world.gateway.bills)
    preview = preview_change(world.desk, account, to, world.now)
    world.tick(timedelta(seconds=90))
    for _ in range(2):
        change_plan(world.desk, account, to, preview.proration_date, world.now)
    (made,) = (world.gateway.bills[bill] for bill in set(world.gateway.bills) - before)
    assert made.amount_paid == preview.amount_due
    assert (made.currency, preview.currency) == ("usd", "usd")
    with world.uow() as session:
        row = session.get_one(Snapshot, sub.id)
        assert row.price == to
    assert invoices(world.desk, account)[0].id == made.id


def test_b21_a_declined_change_leaves_the_old_plan(world: World) -> None:
    account, sub = world.subscriber()
    world.gateway.cards[sub.customer_id] = "declined"
    preview = preview_change(world.desk, account, YEARLY, world.now)
    with pytest.raises(Declined):
        change_plan(world.desk, account, YEARLY, preview.proration_date, world.now)
    assert world.gateway.subs[sub.id].shown.price == MONTHLY
    with world.uow() as session:
        snapshot = live_snapshot(session, account, livemode=False)
        assert snapshot is not None
        assert snapshot.price == MONTHLY
    assert world.state(account) is State.ACTIVE
    with pytest.raises(BillingError):
        change_plan(world.desk, account, YEARLY, preview.proration_date - DAY, world.now)
    with pytest.raises(BillingError):
        preview_change(world.desk, account, "lift_yearly_eur", world.now)


def test_b23_a_price_that_is_not_ours_gives_nothing_and_alerts_once(world: World) -> None:
    account, sub = world.subscriber()
    world.gateway.reprice(sub.id, "somebody_elses_price")
    world.deliver_all()
    world.gateway.reprice(sub.id, "somebody_elses_price")
    world.deliver_all()
    assert world.state(account) is State.TRIAL_EXPIRED
    with world.uow() as session:
        assert list(session.execute(select(Drift.kind)).scalars()) == ["unknown_price"]
    world.gateway.reprice(sub.id, MONTHLY)
    world.deliver_all()
    assert world.state(account) is State.ACTIVE


@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_pause_ends_by_itself_on_its_day(world: World, months: int) -> None:
    account, sub = world.subscriber()
    until = pause(world.desk, account, months, world.now)
    assert until == months_later(world.now, months)
    assert world.state(account) is State.PAUSED
    world.tick(until - world.now - SECOND)
    assert resume_due(world.desk, world.now) == 0
    assert len(world.gateway.paid) == 1
    world.tick(SECOND)
    assert [resume_due(world.desk, world.now) for _ in "ab"] == [1, 0]
    assert world.state(account) is State.ACTIVE
    assert world.gateway.subs[sub.id].shown.period_end == months_later(until, 1)
    assert world.mailed("subscription_paused") == 1


def test_a_pause_can_be_ended_at_once_and_has_its_limits(world: World) -> None:
    account, _ = world.subscriber()
    with pytest.raises(BillingError):
        pause(world.desk, account, 4, world.now)
    pause(world.desk, account, 1, world.now)
    with pytest.raises(NoSubscription):
        pause(world.desk, account, 1, world.now)
    resume(world.desk, account, world.now)
    assert world.state(account) is State.ACTIVE


@pytest.mark.parametrize("act", [cancel_now, cancel_at_period_end, undo_cancel])
def test_a_provider_that_is_down_changes_nothing(world: World, act: object) -> None:
    account, _ = world.subscriber()
    world.gateway.fail.add("*")
    with pytest.raises(TryAgain):
        act(world.desk, account, world.now)  # type: ignore[operator]  # one of the three
    world.gateway.fail.clear()
    assert world.state(account) is State.ACTIVE
    assert world.wrong() == []


def test_a_month_later_is_the_same_day_or_the_last() -> None:
    from datetime import UTC, datetime

    assert months_later(datetime(2027, 1, 31, 5, tzinfo=UTC), 1) == datetime(2027, 2, 28, 5, tzinfo=UTC)
    assert months_later(datetime(2027, 11, 30, tzinfo=UTC), 3) == datetime(2028, 2, 29, tzinfo=UTC)
