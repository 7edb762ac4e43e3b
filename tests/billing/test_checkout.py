"""From the click to the paid subscription: B4–B7, B9–B11, B17, B19, B22."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from billing import trial
from billing.access import State
from billing.checkout import LIVES, Returned, portal_url, return_from_checkout, start_again, start_checkout, trial_days
from billing.desk import AlreadySubscribed, TryAgain
from billing.gateway import CardDeclined, GatewayDown
from billing.models import Reservation, Snapshot
from billing.plans import PLANS, plan_for, spell
from billing.subscriptions import GIVE_UP, cancel_now
from billing.trial import TRIAL
from tests.billing.world import MONTHLY, YEARLY, World

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def test_checkout_event_sync_access(world: World) -> None:
    account = world.account()
    assert world.state(account) is State.TRIALING
    world.gateway.complete(world.checkout(account))
    world.deliver_all()
    assert world.state(account) is State.CONVERTED_TRIAL
    world.tick(TRIAL + DAY)
    world.deliver_all()
    assert world.state(account) is State.ACTIVE
    assert (world.mailed("subscribed"), world.mailed("receipt")) == (1, 1)
    assert world.wrong() == []


@pytest.mark.parametrize("first", ["redirect", "webhook", "neither"])
def test_b04_redirect_and_webhook_in_any_order_make_one_row(world: World, first: str) -> None:
    account = world.account(trial_running=False)
    session_id = world.checkout(account)
    sub = world.gateway.complete(session_id)
    if first == "webhook":
        world.deliver_all()
    if first == "neither":
        world.lose_events()
    assert return_from_checkout(world.desk, session_id, account, world.now) is Returned.PAID
    assert world.state(account) is State.ACTIVE
    world.deliver_all()
    with world.uow() as session:
        assert list(session.execute(select(Snapshot.sub_id)).scalars()) == [sub.id]
    assert len(world.gateway.paid) == 1
    assert (world.mailed("subscribed"), world.mailed("receipt")) == (1, 1)


def test_what_was_bought_and_ended_before_anybody_told_us_does_not_stand_in_the_way(world: World) -> None:
    account = world.account(trial_running=False)
    first = world.checkout(account)
    world.gateway.cancel_now(world.gateway.complete(first).id)
    again = world.checkout(account)
    assert again != first
    world.gateway.complete(again)
    world.deliver_all()
    assert world.state(account) is State.ACTIVE


def test_b04_redirect_and_webhook_at_once(committed: World) -> None:
    for _ in range(10):
        account = committed.account(trial_running=False)
        session_id = committed.checkout(account)
        committed.gateway.complete(session_id)
        events, committed.gateway.events = committed.gateway.events, []
        with ThreadPoolExecutor(4) as pool:
            back = [pool.submit(return_from_checkout, committed.desk, session_id, account, committed.now) for _ in "ab"]
            sent = [pool.submit(committed.deliver, event) for event in events]
            assert [each.result() for each in back] == [Returned.PAID] * 2
            assert [each.result() for each in sent] == [None] * len(sent)
        assert (committed.mailed("subscribed", account), committed.mailed("receipt", account)) == (1, 1)
        assert committed.state(account) is State.ACTIVE
    assert committed.wrong() == []


def test_coming_back_says_what_is_known_and_nothing_to_a_stranger(world: World) -> None:
    account, other = world.account(), world.account()
    session_id = world.checkout(account)
    assert return_from_checkout(world.desk, session_id, account, world.now) is Returned.OPEN
    assert return_from_checkout(world.desk, "cs_no", account, world.now) is Returned.UNKNOWN
    world.gateway.complete(session_id)
    assert return_from_checkout(world.desk, session_id, other, world.now) is Returned.UNKNOWN
    for step in ("checkout", "subscription"):
        world.gateway.fail = {step}
        assert return_from_checkout(world.desk, session_id, account, world.now) is Returned.PENDING


def test_b05_ten_clicks_at_once_open_one_checkout(committed: World) -> None:
    account = committed.account()
    barrier = Barrier(10)

    def click(_: int) -> str:
        barrier.wait()
        return committed.checkout(account)

    with ThreadPoolExecutor(10) as pool:
        sessions = set(pool.map(click, range(10)))
    assert len(sessions) == 1
    assert len(committed.gateway.sessions) == 1
    assert len(committed.gateway.customers) == 1


def test_b05_a_second_tab_after_the_payment_is_refused_before_any_webhook(world: World) -> None:
    account = world.account()
    world.gateway.complete(world.checkout(account))
    world.lose_events()
    for _ in range(2):
        with pytest.raises(AlreadySubscribed):
            world.checkout(account)
    assert len(world.gateway.subs) == 1
    assert world.state(account) is State.CONVERTED_TRIAL


def test_b05_a_subscription_that_only_the_provider_knows_refuses_too(world: World) -> None:
    account = world.account()
    world.gateway.complete(world.checkout(account))
    with world.uow() as session:
        for held in session.execute(select(Reservation)).scalars():
            held.closed_at = world.now
    with pytest.raises(AlreadySubscribed):
        world.checkout(account)
    assert len(world.gateway.sessions) == 1


def test_b05_another_plan_replaces_the_open_checkout(world: World) -> None:
    account = world.account()
    first, second = world.checkout(account), world.checkout(account, YEARLY)
    assert first != second
    assert world.gateway.sessions[first].status == "expired"
    assert world.checkout(account, YEARLY) == second


def test_b05_the_reservation_lives_until_the_session_is_terminal(world: World) -> None:
    account = world.account()
    first = world.checkout(account)
    world.tick(timedelta(minutes=29))
    assert world.checkout(account) == first
    world.tick(timedelta(minutes=2))
    assert world.checkout(account) != first


def test_b06_ten_first_calls_make_one_customer(committed: World) -> None:
    account = committed.account()
    barrier = Barrier(10)

    def first_call(_: int) -> str:
        barrier.wait()
        return portal_url(committed.desk, committed.buyer(account), "https://lift.example", committed.now)

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(first_call, range(10)))) == 1
    assert len(committed.gateway.customers) == 1


def test_b06_the_key_is_stored_before_the_call_so_a_crash_after_it_makes_no_second_customer(world: World) -> None:
    account = world.account()
    world.gateway.fail.add("create_checkout")
    with pytest.raises(TryAgain):
        world.checkout(account)
    with world.uow() as session:
        key = session.execute(select(Reservation.idempotency_key)).scalar_one()
    world.gateway.fail.clear()
    world.checkout(account)
    assert key in world.gateway.keys
    assert len(world.gateway.customers) == 1
    assert all(len(each) <= 255 for each in world.gateway.keys)


@pytest.mark.parametrize("step", ["create_customer", "create_checkout"])
def test_b06_an_answer_that_is_lost_on_its_way_is_asked_for_with_the_same_key(
    world: World, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = world.account()
    real = getattr(world.gateway, step)

    def lost(**asked: object) -> None:
        real(**asked)
        raise GatewayDown(step)

    with monkeypatch.context() as broken:
        broken.setattr(world.gateway, step, lost)
        with pytest.raises(TryAgain):
            world.checkout(account)
    world.checkout(account)
    assert (len(world.gateway.customers), len(world.gateway.sessions)) == (1, 1)


def test_b05_looking_at_an_open_checkout_does_not_end_it(world: World) -> None:
    account = world.account()
    session_id = world.checkout(account)
    assert return_from_checkout(world.desk, session_id, account, world.now) is Returned.OPEN
    assert world.checkout(account) == session_id


def test_b07_one_trial_for_ever(world: World) -> None:
    account, sub = world.account(), None
    sub = world.gateway.complete(world.checkout(account))
    world.deliver_all()
    cancel_now(world.desk, account, world.now)
    world.tick(TRIAL)
    session_id = start_again(world.desk, world.buyer(account), YEARLY, world.now).rpartition("/")[2]
    assert world.gateway.asks[session_id].trial_days == 0
    assert world.gateway.complete(session_id).status == "active"
    assert sub is not None
    with world.uow() as session:
        assert trial.grant(session, uuid4(), account.bytes, world.now) is None


@pytest.mark.parametrize(
    "left",
    [timedelta(days=6), timedelta(hours=49), timedelta(hours=47), timedelta(minutes=1), SECOND, TRIAL],
)
@pytest.mark.parametrize("hesitates", [timedelta(0), timedelta(minutes=29)])
def test_b09_converting_loses_no_second_of_the_trial(world: World, left: timedelta, hesitates: timedelta) -> None:
    account = world.account()
    ends = world.now + TRIAL
    world.tick(TRIAL - left)
    session_id = world.checkout(account)
    days = world.gateway.asks[session_id].trial_days
    world.tick(hesitates)
    sub = world.gateway.complete(session_id)
    assert days >= 1
    assert sub.status == "trialing"
    assert sub.period_end is not None
    assert ends <= sub.period_end < ends + timedelta(hours=24, minutes=30)
    world.deliver_all()
    world.tick(sub.period_end - world.now - SECOND)
    assert world.gateway.paid == {}
    world.tick(SECOND)
    world.deliver_all()
    paid_until = world.access(account).valid_until
    assert paid_until is not None
    assert paid_until >= ends + timedelta(days=28)


def test_b09_no_trial_days_are_given_after_the_end(world: World) -> None:
    ends = world.now
    assert trial_days(ends, ends) == 0
    assert trial_days(None, ends) == 0
    assert trial_days(ends, ends - timedelta(microseconds=1)) == 1
    assert trial_days(ends, ends - DAY) == 1
    assert trial_days(ends, ends - DAY - timedelta(microseconds=1)) == 2
    assert timedelta(minutes=30) <= LIVES <= timedelta(minutes=31)


def test_b10_the_trial_ends_by_the_clock_alone(world: World) -> None:
    account = world.account()
    world.tick(8 * DAY)
    assert world.state(account) is State.TRIAL_EXPIRED
    assert world.gateway.calls.total() == 0


def test_b11_a_payment_that_waits_for_the_bank_gives_nothing_and_keeps_the_trial(world: World) -> None:
    account = world.account(trial_running=False)
    with world.uow() as session:
        trial.grant(session, account, account.bytes, world.now)
    session_id = world.checkout(account)
    world.gateway.asks[session_id].trial_days = 0
    sub = world.gateway.complete(session_id, "3ds")
    events = list(world.gateway.events)
    world.deliver_all()
    for event in events * 3:
        world.deliver(event)
    assert world.state(account) is State.TRIALING
    assert world.mailed("action_required") == 1
    world.gateway.confirm(sub.id)
    world.deliver_all()
    assert world.state(account) is State.ACTIVE


def test_b11_a_payment_never_confirmed_leaves_nothing_behind(world: World) -> None:
    account = world.account(trial_running=False)
    session_id = world.checkout(account)
    world.gateway.complete(session_id, "3ds")
    world.deliver_all()
    assert world.state(account) is State.TRIAL_EXPIRED
    assert return_from_checkout(world.desk, session_id, account, world.now) is Returned.PENDING
    world.tick(DAY)
    world.deliver_all()
    assert world.state(account) is State.TRIAL_EXPIRED
    assert world.mailed("action_required") == 1
    assert world.mailed("subscription_ended") == 0
    world.gateway.complete(world.checkout(account))
    world.deliver_all()
    assert world.state(account) is State.ACTIVE


def test_b17_resubscribing_ends_what_is_left_of_the_old_one(world: World) -> None:
    account, old = world.subscriber()
    world.gateway.cards[old.customer_id] = "declined"
    world.tick(timedelta(days=32))
    world.deliver_all()
    assert world.state(account) is State.PAST_DUE_GRACE
    with pytest.raises(AlreadySubscribed):
        world.checkout(account)
    world.tick(timedelta(days=15))
    world.deliver_all()
    assert world.state(account) is State.PAST_DUE_LOCKED
    world.gateway.complete(world.checkout(account))
    world.deliver_all()
    alive = [
        s.shown.id for s in world.gateway.subs.values() if s.shown.status not in ("canceled", "incomplete_expired")
    ]
    assert len(alive) == 1
    assert old.id not in alive
    assert world.state(account) is State.ACTIVE
    assert timedelta(days=14) < GIVE_UP


def test_b19_a_customer_deleted_at_the_provider_ends_access_and_can_buy_again(world: World) -> None:
    account, sub = world.subscriber()
    world.gateway.delete_customer(sub.customer_id)
    world.deliver_all()
    assert world.state(account) is State.EXPIRED
    assert portal_url(world.desk, world.buyer(account), "https://lift.example", world.now)
    world.gateway.complete(world.checkout(account))
    world.deliver_all()
    assert world.state(account) is State.ACTIVE


def test_b19_without_any_event_the_next_call_makes_the_customer_anew(world: World) -> None:
    account = world.account()
    session_id = world.checkout(account)
    customer_id = world.gateway.sessions[session_id].customer_id
    world.gateway.expire_checkout(session_id)
    world.gateway.delete_customer(customer_id)
    world.lose_events()
    assert world.gateway.sessions[world.checkout(account)].customer_id != customer_id
    world.gateway.delete_customer(world.gateway.sessions[world.checkout(account)].customer_id)
    assert portal_url(world.desk, world.buyer(account), "https://lift.example", world.now)


def test_b22_money_is_whole_minor_units() -> None:
    assert [spell(*each) for each in ((2900, "usd"), (5, "eur"), (-105, "usd"), (500, "jpy"), (12345, "kwd"))] == [
        "29.00 USD", "0.05 EUR", "-1.05 USD", "500 JPY", "12.345 KWD",
    ]  # fmt: skip
    assert all(type(plan.amount) is int and plan_for(plan.key) is plan for plan in PLANS)
    assert len({plan.key for plan in PLANS}) == 6


def test_a_declined_card_and_a_plan_that_is_not_sold_leave_nothing(world: World) -> None:
    account = world.account()
    session_id = world.checkout(account)
    with pytest.raises(CardDeclined):
        world.gateway.complete(session_id, "declined")
    world.deliver_all()
    assert world.state(account) is State.TRIALING
    with pytest.raises(KeyError):
        start_checkout(world.desk, world.buyer(account), "lift_for_ever", world.now)


@pytest.mark.parametrize("step", ["create_customer", "create_checkout", "subscriptions", "checkout"])
def test_a_provider_that_is_down_says_try_again_and_nothing_is_half_done(world: World, step: str) -> None:
    account = world.account()
    if step == "checkout":
        world.checkout(account)
    world.gateway.fail.add(step)
    with pytest.raises(TryAgain):
        world.checkout(account)
    assert world.state(account) is State.TRIALING
    world.gateway.fail.clear()
    assert world.checkout(account, MONTHLY)
    with world.uow() as session:
        assert session.execute(select(func.count()).where(Reservation.closed_at.is_(None))).scalar_one() == 1
