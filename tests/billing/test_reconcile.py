"""Missed events, deletion, operators, reminders, the explanation: B26, B29."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text

from billing import operators, trial
from billing.access import Holder, State
from billing.deletion import end_at_provider, forget_account, request_deletion, undo_deletion
from billing.desk import BillingError, TryAgain
from billing.explain import explain
from billing.models import Audit, Base, Drift, Fence, Reservation, Snapshot, TrialGrant
from billing.reconcile import drift_count, drift_list, reconcile
from billing.reminders import send_reminders
from billing.service import access_for
from billing.subscriptions import cancel_at_period_end, pause, resume_due
from billing.trial import TRIAL
from tests.billing.world import World

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def lost_life(world: World, account: object, sub_id: str) -> None:
    """Much happens and no webhook comes."""
    charge = next(iter(world.gateway.paid))
    world.gateway.portal_cancel(sub_id, by_date=True)
    world.gateway.set_cancel_at_period_end(sub_id, False)
    world.gateway.refund(charge, 500, "k")
    world.gateway.dispute(charge, "dp_1")
    world.gateway.dispute(charge, "dp_1", "won")
    world.tick(40 * DAY)
    world.gateway.dispute(list(world.gateway.paid)[-1], "dp_2")
    world.lose_events()


def rows(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is stored."""
    with world.uow() as session:
        return {
            str(table): sorted(tuple(map(str, row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


def test_b26_reconciliation_heals_everything_and_a_second_run_writes_nothing(world: World) -> None:
    account, sub = world.subscriber()
    lost_life(world, account, sub.id)
    assert world.wrong() != []
    report = reconcile(world.desk, world.now)
    assert (report.checked, report.failures) == (1, [])
    assert report.rows_written == 2
    assert world.wrong() == []
    assert world.state(account) is State.HELD
    with world.uow() as session:
        assert drift_count(session, world.now) == 2
        assert {drift.kind for drift in drift_list(session)} == {"subscription", "money"}
    before = rows(world)
    assert reconcile(world.desk, world.now).rows_written == 0
    assert rows(world) == before


def test_b26_a_checkout_whose_end_nobody_heard_of(world: World) -> None:
    account = world.account(trial_running=False)
    world.gateway.complete(world.checkout(account))
    world.lose_events()
    assert world.state(account) is State.TRIAL_EXPIRED
    assert reconcile(world.desk, world.now, account).drifts[0].startswith("checkout")
    assert world.state(account) is State.ACTIVE
    assert world.wrong() == []
    with world.uow() as session:
        assert session.execute(select(Reservation.outcome)).scalar_one() == "complete"
    assert reconcile(world.desk, world.now, account).rows_written == 0


@pytest.mark.parametrize("damage", ["DELETE FROM billing.{}", "UPDATE billing.{} SET status = 'canceled'"])
def test_b26_i7_i8_facts_come_back_from_any_state(world: World, damage: str) -> None:
    account, _ = world.subscriber()
    with world.uow() as session:
        session.execute(text(damage.format("subscription_snapshots")))
        session.execute(text("DELETE FROM billing.fences"))
    reconcile(world.desk, world.now)
    assert world.wrong() == []
    assert world.state(account) is State.ACTIVE
    assert reconcile(world.desk, world.now).rows_written == 0


def test_b26_a_customer_or_subscription_that_is_gone_heals_too(world: World) -> None:
    account, sub = world.subscriber()
    world.gateway.delete_customer(sub.customer_id)
    del world.gateway.subs[sub.id]
    world.lose_events()
    assert reconcile(world.desk, world.now).rows_written == 2
    assert world.state(account) is State.EXPIRED
    assert reconcile(world.desk, world.now).rows_written == 0


def test_b26_a_refund_that_failed_at_the_bank_is_none(world: World) -> None:
    account, _ = world.subscriber()
    (charge_id,) = world.gateway.paid
    world.gateway.refund(charge_id, None, "k")
    world.deliver_all()
    assert world.state(account) is State.EXPIRED
    world.gateway.paid[charge_id] = replace(world.gateway.paid[charge_id], refunds=())
    assert reconcile(world.desk, world.now).rows_written == 1
    assert world.state(account) is State.ACTIVE
    assert reconcile(world.desk, world.now).rows_written == 0


def test_a_customer_that_nobody_here_knows_is_looked_at_unless_it_has_ended(world: World) -> None:
    account, sub = world.subscriber()
    with world.uow() as session:
        forget_account(session, account)
    world.gateway.emit("customer.subscription.updated", {"id": sub.id})
    world.deliver_all()
    with world.uow() as session:
        assert [drift.kind for drift in drift_list(session)] == ["unknown_customer"]
        session.execute(text("DELETE FROM billing.drifts"))
        session.execute(text("DELETE FROM billing.effects"))
    world.gateway.cancel_now(sub.id)
    world.deliver_all()
    with world.uow() as session:
        assert drift_list(session) == []


def test_b26_a_provider_that_is_down_is_named_and_heals_nothing(world: World) -> None:
    account, sub = world.subscriber()
    world.gateway.cancel_now(sub.id)
    world.lose_events()
    world.gateway.fail.add("subscriptions")
    report = reconcile(world.desk, world.now)
    assert len(report.failures) == 1
    assert world.state(account) is State.ACTIVE


def test_b29_deleting_cancels_at_the_provider_first_and_a_failure_stops_it(world: World) -> None:
    account, sub = world.subscriber()
    with world.uow() as session:
        operators.grant_comp(session, account, until=None, who="ada", why="a friend", act_key="1", now=world.now)
        trial.grant(session, account, b"mailbox", world.now)
    world.gateway.fail.add("cancel_now")
    with pytest.raises(TryAgain):
        end_at_provider(world.desk, account, world.now)
    with world.uow() as session:
        assert session.get(Snapshot, sub.id) is not None
    world.gateway.fail.clear()
    end_at_provider(world.desk, account, world.now)
    assert world.gateway.subs[sub.id].shown.status == "canceled"
    with world.uow() as session:
        forget_account(session, account)
    stored = rows(world)
    left = {name: each for name, each in stored.items() if each}
    assert set(left) == {"billing.audit", "billing.trial_grants"}
    assert str(account) not in str(left)
    assert sub.customer_id not in str(left)
    with world.uow() as session:
        assert trial.grant(session, world.account(trial_running=False), b"mailbox", world.now) is None
        assert session.execute(select(TrialGrant.email_hmac)).scalar_one() == b"mailbox"
        assert session.execute(select(Audit.why)).scalar_one() == "a friend"


def test_b29_within_the_fourteen_days_nothing_is_charged_and_all_can_be_undone(world: World) -> None:
    account, sub = world.subscriber()
    world.tick(25 * DAY)
    request_deletion(world.desk, account, world.now)
    assert world.state(account) is State.CANCELING
    undo_deletion(world.desk, account, world.now)
    assert world.state(account) is State.ACTIVE
    request_deletion(world.desk, account, world.now)
    world.tick(14 * DAY)
    world.deliver_all()
    assert len(world.gateway.paid) == 1
    assert world.gateway.subs[sub.id].shown.status == "canceled"


def test_b29_what_the_provider_has_done_is_no_failure_when_it_falls_silent_after_it(world: World) -> None:
    account, sub = world.subscriber()
    world.gateway.fail.add("subscription")
    request_deletion(world.desk, account, world.now)
    assert world.gateway.subs[sub.id].shown.cancel_at_period_end
    undo_deletion(world.desk, account, world.now)
    assert not world.gateway.subs[sub.id].shown.cancel_at_period_end


def test_b29_a_pause_does_not_end_by_itself_and_an_open_checkout_is_shut(world: World) -> None:
    account, sub = world.subscriber()
    pause(world.desk, account, 1, world.now)
    request_deletion(world.desk, account, world.now)
    world.tick(40 * DAY)
    assert resume_due(world.desk, world.now) == 0
    undo_deletion(world.desk, account, world.now)
    assert world.gateway.subs[sub.id].shown.resumes_at is not None
    buyer = world.account()
    session_id = world.checkout(buyer)
    request_deletion(world.desk, buyer, world.now)
    assert world.gateway.sessions[session_id].status == "expired"
    world.gateway.fail.add("*")
    with pytest.raises(TryAgain):
        request_deletion(world.desk, account, world.now)


def test_a_comp_opens_and_its_end_closes_each_act_once_and_with_a_reason(world: World) -> None:
    account = world.account(trial_running=False)
    with world.uow() as session:
        give = {"until": world.now + 7 * DAY, "who": "ada", "act_key": "1", "now": world.now}
        assert operators.grant_comp(session, account, why="a talk", **give)  # type: ignore[arg-type]  # the same words twice
        assert not operators.grant_comp(session, account, why="a talk", **give)  # type: ignore[arg-type]  # as above
        with pytest.raises(BillingError):
            operators.grant_comp(session, account, why=" ", **{**give, "act_key": "2"})  # type: ignore[arg-type]  # as above
    assert world.state(account) is State.COMPED
    with world.uow() as session:
        assert operators.revoke_comps(session, account, who="ada", why="over", act_key="3", now=world.now) == 1
    assert world.state(account) is State.TRIAL_EXPIRED


def test_a_hold_stops_everything_until_it_is_released(world: World) -> None:
    account, _ = world.subscriber()
    with world.uow() as session:
        assert operators.hold(session, account, kind="fraud", who="ada", why="odd", act_key="1", now=world.now)
        assert not operators.hold(session, account, kind="fraud", who="ada", why="odd", act_key="1", now=world.now)
        with pytest.raises(BillingError):
            operators.hold(session, account, kind="dispute", who="ada", why="x", act_key="2", now=world.now)
    assert world.state(account) is State.HELD
    with world.uow() as session:
        assert operators.release(session, account, who="ada", why="fine", act_key="3", now=world.now) == 1
        assert [act.what for act in operators.acts_of(session, account)][:1]
    assert world.state(account) is State.ACTIVE


def test_a_reward_is_seven_days_once_a_calendar_month_and_leaves_the_trial_alone(world: World) -> None:
    account = world.account()
    with world.uow() as session:
        assert operators.reward(session, account, "a reported question", world.now)
        assert not operators.reward(session, account, "another", world.now + 6 * DAY)
        assert operators.reward(session, account, "another", world.now + 7 * DAY)
        granted = trial.grant_of(session, account)
        assert granted is not None
        assert granted.ends_at == world.now + TRIAL
    assert world.access(account).valid_until == world.now + 7 * DAY


def remind(world: World) -> list[str]:
    already = len(world.mails)
    with world.uow() as session:
        send_reminders(session, world.desk.mail, world.now)
    return [kind for _, kind, _ in world.mails[already:]]


def test_the_three_reminders_come_once_each_and_to_the_second(world: World) -> None:
    world.account()
    expected: list[tuple[timedelta, list[str]]] = [
        (timedelta(0), []),
        (4 * DAY - SECOND, []),
        (SECOND, ["trial_3_days"]),
        (DAY, []),
        (DAY, ["trial_1_day"]),
        (DAY - SECOND, []),
        (SECOND, ["trial_ended"]),
        (DAY, []),
        (9 * DAY, []),
    ]
    for wait, kinds in expected:
        world.tick(wait)
        assert (world.now, remind(world)) == (world.now, kinds)
        assert remind(world) == []


def subscribes(world: World, account: object) -> None:
    world.gateway.complete(world.checkout(account))  # type: ignore[arg-type]  # an account
    world.deliver_all()


def is_comped(world: World, account: object) -> None:
    with world.uow() as session:
        operators.grant_comp(session, account, until=None, who="a", why="b", act_key="c", now=world.now)  # type: ignore[arg-type]  # an account


@pytest.mark.parametrize("happens", [subscribes, is_comped])
def test_who_has_access_otherwise_is_not_reminded(world: World, happens: Callable[[World, object], None]) -> None:
    account = world.account()
    happens(world, account)
    for _ in range(9):
        assert set(remind(world)) == set()
        world.tick(DAY)


def test_a_reminder_that_is_too_late_is_not_sent(world: World) -> None:
    world.account()
    world.tick(TRIAL + 3 * DAY)
    assert remind(world) == []


def test_the_explanation_names_facts_decision_and_why(world: World) -> None:
    account, sub = world.subscriber()
    cancel_at_period_end(world.desk, account, world.now)
    is_comped(world, account)
    world.gateway.refund(next(iter(world.gateway.paid)), 5, "k")
    world.gateway.dispute(next(iter(world.gateway.paid)), "dp_1")
    world.deliver_all()
    with world.uow() as session:
        said = explain(session, Holder(account, world.now), world.now)
    for part in (
        sub.id,
        sub.customer_id,
        "decision: held",
        "why: ",
        "comp: ",
        "dispute",
        "partial",
        "trial: none",
        "by a: b",
    ):
        assert part in said


def test_access_of_a_person_with_everything_is_one_query(world: World) -> None:
    account, _ = world.subscriber()
    is_comped(world, account)
    with world.uow() as session:
        asked: list[str] = []
        event.listen(session.connection(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        access_for(session, Holder(account, world.now), world.now)
        assert len(asked) == 1
        assert session.execute(select(func.count()).select_from(Fence)).scalar_one() > 0
        assert session.execute(select(func.count()).select_from(Drift)).scalar_one() == 0
