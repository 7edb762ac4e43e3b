"""B3: a stale reading never wins. Every interleaving of the real steps, and two real workers on PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Event
from typing import Any
from uuid import UUID

import pytest

from billing import sync
from billing.events import process
from billing.gateway import Charge, Gateway, Subscription
from billing.models import Snapshot
from billing.notices import Notice
from billing.store import SqlStore
from billing.sync import Claim, Truth
from tests.billing.world import World

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ACCOUNT = UUID(int=7)
TRUE = Subscription("sub_1", "cus_1", "incomplete", "lift_monthly_usd", NOW, False, "v")
STATUSES = ("incomplete", "active", "canceled")

CHAINS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("a", "claim"), ("a", "fetch"), ("a", "commit")),
    (("truth", "1"), ("b", "claim"), ("b", "fetch"), ("b", "commit")),
    (("truth", "2"), ("c", "claim"), ("c", "fetch"), ("c", "commit")),
)
"""Three workers; the event of the second and of the third tells of a change of the truth, in this order."""


class Rows:
    """``sync.Store`` as a few dictionaries: each step is one transaction."""

    def __init__(self) -> None:
        self.want: dict[str, int] = {}
        self.applied: dict[str, int] = {}
        self.saved: dict[str, Subscription] = {}
        self.pending: set[str] = set()
        self.told: set[str] = set()
        self.sent = 0

    def raise_want(self, key: str) -> int:
        self.want[key] = self.want.get(key, 0) + 1
        return self.want[key]

    def take_turn(self, key: str, version: int) -> bool:
        newest = self.applied.get(key, 0) < version
        if newest:
            self.applied[key] = version
        return newest

    def open_events(self, subject: str) -> tuple[str, ...]:
        return tuple(self.pending)

    def finish(self, events: tuple[str, ...]) -> None:
        self.pending -= set(events)

    def account_of(self, customer_id: str, sub_id: str | None) -> UUID | None:
        return ACCOUNT

    def save_subscription(self, account_id: UUID, sub: Subscription, now: datetime) -> None:
        self.saved[sub.id] = sub

    def end_missing(self, sub_id: str, now: datetime) -> None:
        raise AssertionError

    def save_charge(self, account_id: UUID, charge: Charge, now: datetime) -> None:
        raise AssertionError

    def notify(self, account_id: UUID, notices: Sequence[Notice], now: datetime) -> None:
        for notice in notices:
            self.sent += notice.effect_key not in self.told
            self.told.add(notice.effect_key)

    def alert(self, kind: str, account_id: UUID | None, object_id: str, detail: dict[str, Any], now: datetime) -> None:
        raise AssertionError


class Changing:
    """A provider with one subscription."""

    livemode = False

    def __init__(self) -> None:
        self.status = STATUSES[0]

    def subscription(self, subscription_id: str) -> Subscription:
        return replace(TRUE, status=self.status)


def interleavings() -> Iterator[tuple[tuple[str, str], ...]]:
    """All 5,775 orders that keep each chain's own order, and the first change before the second."""

    def grow(done: tuple[int, ...], path: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], ...]]:
        if all(count == len(chain) for count, chain in zip(done, CHAINS, strict=True)):
            yield path
        for which, chain in enumerate(CHAINS):
            if done[which] == len(chain) or (which == 2 and done[2] == 0 and done[1] == 0):
                continue
            grown = tuple(count + (place == which) for place, count in enumerate(done))
            yield from grow(grown, (*path, chain[done[which]]))

    yield from grow((0, 0, 0), ())


def run(
    path: tuple[tuple[str, str], ...],
    commit: Callable[[Rows, Claim, Truth], object],
) -> tuple[str, Rows]:
    """The status that is stored in the end."""
    rows, provider = Rows(), Changing()
    gateway: Gateway = provider  # type: ignore[assignment]  # one method is all that is asked
    claims: dict[str, Claim] = {}
    truths: dict[str, Truth] = {}
    rows.pending.add("a")
    for who, step in path:
        if who == "truth":
            provider.status = STATUSES[int(step)]
            rows.pending.add({"1": "b", "2": "c"}[step])
        elif step == "claim":
            claims[who] = sync.claim(rows, "sub:sub_1")
        elif step == "fetch":
            truths[who] = sync.fetch(gateway, claims[who])
        else:
            commit(rows, claims[who], truths[who])
    return rows.saved["sub_1"].status, rows


def test_b03_of_all_5775_interleavings_none_ends_wrong() -> None:
    count = 0
    for path in interleavings():
        count += 1
        status, rows = run(path, lambda rows, held, truth: sync.commit(rows, held, truth, NOW))
        assert status == "canceled", path
        assert rows.pending == set(), path
        assert rows.sent == len(rows.told)
    assert count == 5775


def test_b03_without_the_fence_some_would_end_wrong_so_the_check_can_fail() -> None:
    def unfenced(rows: Rows, held: Claim, truth: Truth) -> None:
        rows.applied.clear()
        sync.commit(rows, held, truth, NOW)

    wrong = sum(run(path, unfenced)[0] != "canceled" for path in interleavings())
    assert wrong == 295


class Slow:
    """The provider as one worker sees it: its answer arrives when the other has finished."""

    def __init__(self, world: World, fetched: Event, go_on: Event) -> None:
        self.world, self.fetched, self.go_on = world, fetched, go_on

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world.gateway, name)

    def subscription(self, subscription_id: str) -> Subscription:
        found = self.world.gateway.subscription(subscription_id)
        self.fetched.set()
        assert self.go_on.wait(10)
        return found


def test_b03_two_real_workers_the_slow_one_does_not_win(committed: World) -> None:
    _, sub = committed.subscriber()
    fetched, go_on = Event(), Event()
    slow = replace(committed.desk, gateway=Slow(committed, fetched, go_on))
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(sync.sync_subscription, slow, sub.id, committed.now)
        assert fetched.wait(10)
        committed.gateway.cancel_now(sub.id)
        assert sync.sync_subscription(committed.desk, sub.id, committed.now) is True
        go_on.set()
        assert late.result() is False
    with committed.uow() as session:
        assert session.get_one(Snapshot, sub.id).status == "canceled"
    assert committed.wrong() == []


@pytest.mark.parametrize("turn", range(5))
def test_b03_eight_real_workers_at_one_barrier_end_in_the_truth(committed: World, turn: int) -> None:
    _, sub = committed.subscriber()
    barrier = Barrier(8)

    def work(number: int) -> None:
        barrier.wait()
        committed.gateway.set_cancel_at_period_end(sub.id, number % 2 == 0)
        sync.sync_subscription(committed.desk, sub.id, committed.now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert committed.wrong() == []


def test_b03_an_event_that_comes_after_the_reading_is_not_settled_by_it(world: World) -> None:
    _, sub = world.subscriber()
    with world.uow() as session:
        held = sync.claim(SqlStore(session, world.desk.mail), f"sub:{sub.id}")
    truth = sync.fetch(world.gateway, held)
    world.gateway.cancel_now(sub.id)
    (late,) = world.gateway.events
    world.receive(late)
    with world.uow() as session:
        assert sync.commit(SqlStore(session, world.desk.mail), held, truth, world.now)
    assert process(world.desk, late["id"], world.now) is True
    assert world.wrong() == []
