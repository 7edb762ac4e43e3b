"""The inbox: B1, B2, B24, B27, B28, B30."""

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from billing import sync
from billing.access import State
from billing.desk import EVENT_JOB, Desk
from billing.events import BadEvent, forget_payloads, overdue, process, receive, replay, subject_of
from billing.gateway import GatewayDown
from billing.models import Effect, EventRow, Snapshot
from billing.signature import BadSignature, check_secrets, header_for, sign, verify
from tests.billing.world import SECRET, World


def test_b01_one_event_sent_eight_times_has_one_effect(committed: World) -> None:
    account = committed.account(trial_running=False)
    committed.gateway.complete(committed.checkout(account))
    (event,) = [e for e in committed.gateway.events if e["type"] == "invoice.paid"]
    barrier = Barrier(8)

    def send(_: int) -> bool:
        barrier.wait()
        new = committed.receive(event).new
        process(committed.desk, event["id"], committed.now)
        return new

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(8))) == [False] * 7 + [True]
    for _ in range(8):
        assert committed.receive(event).new is False
        assert process(committed.desk, event["id"], committed.now) is False
    assert committed.jobs == [(EVENT_JOB, event["id"])]
    assert committed.mailed("receipt") == 1
    with committed.uow() as session:
        stored = session.execute(select(EventRow.state, func.count()).group_by(EventRow.state)).all()
        assert [tuple(row) for row in stored] == [("done", 1)]
        receipts = select(func.count()).where(Effect.kind == "receipt")
        assert session.execute(receipts).scalar_one() == 1


def test_b02_created_after_updated_is_still_active(world: World) -> None:
    account = world.account(trial_running=False)
    world.gateway.complete(world.checkout(account))
    kinds = [event["type"] for event in world.gateway.events]
    assert kinds.index("customer.subscription.created") < kinds.index("customer.subscription.updated")
    world.deliver_all(lambda waiting: waiting[::-1])
    assert world.state(account) is State.ACTIVE
    assert world.wrong() == []


def test_b02_every_order_of_a_life_ends_in_the_truth(world: World) -> None:
    account, sub = world.subscriber()
    assert sub.period_end is not None
    world.gateway.cards[sub.customer_id] = "declined"
    world.tick(sub.period_end - world.now)
    world.gateway.cards[sub.customer_id] = "good"
    world.gateway.pay_invoice(world.gateway.subs[sub.id].bills[-1], "by hand")
    life, world.gateway.events = world.gateway.events, []
    assert len(life) == 4
    for order in itertools.permutations(life):
        for event in (*order, order[0]):
            world.deliver(event)
        assert world.state(account) is State.ACTIVE
        with world.uow() as session:
            for event in life:
                session.delete(session.get_one(EventRow, event["id"]))
    assert world.mailed("receipt") == 2


def test_events_of_one_subscription_are_settled_by_one_reading(world: World) -> None:
    _, sub = world.subscriber()
    for _ in range(20):
        world.gateway._emit_sub("updated", sub)
    waiting, world.gateway.events = world.gateway.events, []
    before = world.gateway.calls["subscription"]
    for event in waiting:
        world.receive(event)
    assert [process(world.desk, event["id"], world.now) for event in waiting] == [True] + [False] * 19
    assert world.gateway.calls["subscription"] == before + 1


BODY = json.dumps({"id": "evt_1"}).encode()


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        "t=,v1=",
        "t=now,v1=aa",
        "v1={good}",
        "t={t}",
        "t={t},v0={good}",
        "t={t},v1={other_secret}",
        "t={t},v1={other_body}",
        "t={t},t={t},v1={good}",
        "t={t},v1=é",
        "t={old},v1={old_good}",
        "t={future},v1={future_good}",
        "t={t},v1={blank}",
    ],
)
def test_b24_a_signature_that_is_not_perfect_is_refused(world: World, header: str | None) -> None:
    t = int(world.now.timestamp())
    parts = {
        "t": t,
        "good": sign(BODY, SECRET, t),
        "other_secret": sign(BODY, "whsec_other", t),
        "other_body": sign(BODY + b" ", SECRET, t),
        "old": t - 301,
        "old_good": sign(BODY, SECRET, t - 301),
        "future": t + 61,
        "future_good": sign(BODY, SECRET, t + 61),
        "blank": sign(BODY, "", t),
    }
    with pytest.raises(BadSignature):
        verify(BODY, header.format(**parts) if header else header, (SECRET,), world.now)


def test_b24_both_secrets_count_during_a_rotation_and_the_edges_of_time_are_inside(world: World) -> None:
    t = int(world.now.timestamp())
    for secret in ("whsec_new", SECRET):
        for moment in (t, t - 300, t + 60):
            verify(BODY, header_for(BODY, secret, moment), ("whsec_new", SECRET), world.now)
    verify(BODY, f"t={t}, v1=00, v1={sign(BODY, SECRET, t)}, v0=1", (SECRET,), world.now)


@pytest.mark.parametrize("secrets", [(), ("",), (" ",), (SECRET, "")])
def test_b24_an_empty_secret_does_not_start(world: World, secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="empty"):
        check_secrets(secrets)
    with pytest.raises(ValueError, match="empty"):
        verify(BODY, header_for(BODY, "x", int(world.now.timestamp())), secrets, world.now)


def test_b24_the_official_header_is_understood(world: World) -> None:
    import stripe

    t = int(world.now.timestamp())
    verify(BODY, stripe.WebhookSignature.generate_signature_header(BODY.decode(), SECRET, t), (SECRET,), world.now)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"id": 1}',
        b'{"id": "e", "type": "x", "created": "now", "data": {"object": {}}}',
        b'{"id": "e", "type": "x", "created": true, "data": {"object": {}}}',
        b'{"id": "e", "type": "x", "created": 1, "data": []}',
        b'{"id": "e\\u0000", "type": "x", "created": 1, "livemode": false, "data": {"object": {}}}',
        b'{"id": "e", "type": "x", "created": 1, "data": {"object": {}}}',
    ],
)
def test_a_signed_body_that_is_no_event_stores_nothing(world: World, raw: bytes) -> None:
    header = header_for(raw, SECRET, int(world.now.timestamp()))
    with world.uow() as session, pytest.raises(BadEvent):
        receive(session, raw, header, (SECRET,), world.now, livemode=False, enqueue=world.enqueue)


def test_an_unknown_kind_is_recorded_and_ignored(world: World) -> None:
    event = world.gateway.emit("a.kind.of.next.year", {"id": "x_1", "customer": "cus_x"})
    world.deliver(event)
    with world.uow() as session:
        assert session.get_one(EventRow, event["id"]).state == "ignored"
        assert replay(session, event["id"], world.now, world.enqueue) is False
    assert world.jobs == []


def test_b30_an_event_of_the_other_mode_is_refused_and_one_that_is_stored_is_not_worked(world: World) -> None:
    account, sub = world.subscriber()
    event = world.gateway.emit("customer.subscription.updated", {"id": sub.id})
    with pytest.raises(BadEvent):
        world.receive({**event, "livemode": True})
    world.receive(event)
    world.gateway.cancel_now(sub.id)
    world.gateway.livemode = True
    reads = world.gateway.calls["subscription"]
    assert process(world.desk, event["id"], world.now) is False
    assert world.gateway.calls["subscription"] == reads
    with world.uow() as session:
        assert session.get_one(EventRow, event["id"]).state == "ignored"
        assert session.get_one(Snapshot, sub.id).status == "active"
    assert world.state(account) is State.TRIAL_EXPIRED


def test_b30_a_test_subscription_never_becomes_a_fact_of_a_live_account(world: World) -> None:
    account, sub = world.subscriber()
    held = world.gateway.subs[sub.id]
    held.shown = replace(held.shown, livemode=True, status="past_due")
    world.gateway._emit_sub("updated", held.shown)
    world.deliver_all()
    with world.uow() as session:
        assert (session.get_one(Snapshot, sub.id).livemode, session.get_one(Snapshot, sub.id).status) == (
            False,
            "active",
        )
    assert world.state(account) is State.ACTIVE


class Crash(BaseException):
    """The process is gone; nothing of ours runs any more."""


POINTS = ("stored, not committed", "received", "claimed", "fetched", "written, not committed", "committed")


@pytest.mark.parametrize("point", POINTS)
def test_b27_a_crash_at_any_point_loses_nothing(world: World, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = world.account(trial_running=False)
    world.gateway.complete(world.checkout(account))
    (event,) = [e for e in world.gateway.events if e["type"] == "customer.subscription.updated"]
    armed = [True]

    def crash_if(here: str) -> None:
        if armed and here == point:
            armed.clear()
            raise Crash

    monkeypatch.setattr(
        sync, "fetch", _after(sync.fetch, lambda: crash_if("fetched"), before=lambda: crash_if("claimed"))
    )
    monkeypatch.setattr(sync, "commit", _after(sync.commit, lambda: crash_if("written, not committed")))

    def promise(session: Session, job: str, key: str, payload: dict[str, object]) -> None:
        crash_if("stored, not committed")
        world.jobs.append((job, str(payload["event_id"])))

    world.enqueue = promise  # type: ignore[method-assign]  # the test's own broker
    for _ in range(2):
        with contextmanager(_survive)():
            world.receive(event)
            crash_if("received")
            process(world.desk, event["id"], world.now)
            crash_if("committed")
    assert world.state(account) is State.ACTIVE
    assert world.mailed("receipt") == 1
    with world.uow() as session:
        assert session.get_one(EventRow, event["id"]).state == "done"


def _survive() -> Iterator[None]:
    try:
        yield
    except Crash:
        return


def _after(function, then, before=lambda: None):  # type: ignore[no-untyped-def]  # wraps either step
    def wrapped(*args):  # type: ignore[no-untyped-def]  # as above
        before()
        made = function(*args)
        then()
        return made

    return wrapped


def test_b27_a_broker_that_is_down_stores_nothing_so_the_provider_sends_again(world: World) -> None:
    _, sub = world.subscriber()
    event = world.gateway.emit("customer.subscription.updated", {"id": sub.id})

    def down(session: Session, job: str, key: str, payload: dict[str, object]) -> None:
        raise ConnectionError

    working, world.enqueue = world.enqueue, down  # type: ignore[method-assign]  # the test's own broker
    with pytest.raises(ConnectionError):
        world.receive(event)
    world.enqueue = working  # type: ignore[method-assign]  # as it was
    assert world.receive(event).new is True


def test_b27_a_provider_that_is_down_leaves_the_event_to_be_tried_again(world: World) -> None:
    account, sub = world.subscriber()
    world.gateway.cancel_now(sub.id)
    (event,) = world.gateway.events
    world.receive(event)
    world.gateway.fail.add("subscription")
    with pytest.raises(GatewayDown):
        process(world.desk, event["id"], world.now)
    with world.uow() as session:
        row = session.get_one(EventRow, event["id"])
        assert (row.state, row.attempts, row.error) == ("failed", 1, "GatewayDown: subscription")
        assert overdue(session, world.now + timedelta(hours=2)) == 1
    world.gateway.fail.clear()
    assert process(world.desk, event["id"], world.now)
    assert world.state(account) is State.EXPIRED


def test_b28_a_mail_goes_once_even_when_its_work_is_done_again(world: World) -> None:
    _, sub = world.subscriber()
    event = world.gateway.emit("customer.subscription.updated", {"id": sub.id})
    for _ in range(3):
        world.deliver(event)
        with world.uow() as session:
            assert replay(session, event["id"], world.now, world.enqueue)
    assert world.mailed("subscribed") == world.mailed("receipt") == 1
    keys = [key for _, _, key in world.mails]
    assert len(keys) == len(set(keys))


def test_i6_a_rollback_leaves_neither_the_mail_nor_its_row(world: World) -> None:
    account = world.account(trial_running=False)
    world.gateway.complete(world.checkout(account))
    (event,) = [e for e in world.gateway.events if e["type"] == "customer.subscription.updated"]

    def broken(session: Session, account_id: object, kind: str, effect_key: str, context: object) -> None:
        raise ConnectionError

    world.receive(event)
    with pytest.raises(ConnectionError):
        process(Desk(world.uow, world.gateway, broken), event["id"], world.now)
    with world.uow() as session:
        assert session.execute(select(func.count()).select_from(Effect)).scalar_one() == 0
        assert session.execute(select(func.count()).select_from(Snapshot)).scalar_one() == 0
    assert process(world.desk, event["id"], world.now)
    assert world.mailed("receipt") == 1


@pytest.mark.parametrize(
    ("kind", "thing", "subject"),
    [
        ("customer.subscription.paused", {"id": "sub_1"}, "sub:sub_1"),
        ("invoice.paid", {"parent": {"subscription_details": {"subscription": "sub_1"}}}, "sub:sub_1"),
        ("invoice.paid", {"subscription": {"id": "sub_1"}}, "sub:sub_1"),
        ("invoice.paid", {"parent": None}, None),
        ("checkout.session.expired", {"id": "cs_1"}, "checkout:cs_1"),
        ("charge.refunded", {"id": "ch_1", "customer": "cus_1"}, "money:cus_1"),
        ("charge.dispute.created", {"id": "dp_1", "charge": "ch_1"}, "charge:ch_1"),
        ("refund.updated", {"id": "re_1", "charge": "ch_1"}, "charge:ch_1"),
        ("customer.deleted", {"id": "cus_1"}, "customer:cus_1"),
        ("payment_method.automatically_updated", {"id": "pm_1", "customer": "cus_1"}, "customer:cus_1"),
        ("payment_method.detached", {"id": "pm_1", "customer": None}, None),
        ("customer.subscription.updated", {"id": "x" * 256}, None),
        ("product.created", {"id": "prod_1"}, None),
    ],
)
def test_what_an_event_is_about(kind: str, thing: dict[str, object], subject: str | None) -> None:
    assert subject_of(kind, thing) == subject


def test_what_settled_events_said_is_forgotten_after_a_month(world: World) -> None:
    world.subscriber()
    with world.uow() as session:
        stored = session.execute(select(func.count()).select_from(EventRow)).scalar_one()
        assert forget_payloads(session, world.now + timedelta(days=29)) == 0
        assert forget_payloads(session, world.now + timedelta(days=31)) == stored
        assert forget_payloads(session, world.now + timedelta(days=31)) == 0
