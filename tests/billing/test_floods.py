"""Many events about one subscription: one read of the provider settles all that came before it, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from billing.events import process
from billing.models import EventRow
from billing.store import SqlStore
from billing.sync import SUBSCRIPTION, claim, commit, fetch
from tests.billing.world import World


def about(sub_id: str, number: int, world: World) -> dict[str, Any]:
    """An event of its own about the subscription."""
    return {
        "id": f"evt_flood_{number}",
        "type": "customer.subscription.updated",
        "created": int(world.now.timestamp()),
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "data": {"object": {"id": sub_id}},
    }


def unsettled(world: World) -> int:
    with world.uow() as session:
        return session.execute(select(func.count()).where(EventRow.state != "done")).scalar_one()


def test_events_that_wait_for_the_same_work_promise_it_once(world: World) -> None:
    _, sub = world.subscriber()
    world.jobs.clear()
    for number in range(5):
        world.receive(about(sub.id, number, world))
    assert [event for _, event in world.jobs] == ["evt_flood_0"]
    assert process(world.desk, "evt_flood_0", world.now)
    assert unsettled(world) == 0
    world.receive(about(sub.id, 5, world))
    assert [event for _, event in world.jobs] == ["evt_flood_0", "evt_flood_5"]


def test_an_event_that_comes_after_the_claim_promises_its_own_work(world: World) -> None:
    _, sub = world.subscriber()
    world.jobs.clear()
    world.receive(about(sub.id, 1, world))
    world.receive(about(sub.id, 2, world))
    with world.uow() as session:
        claimed = claim(SqlStore(session, world.mail), SUBSCRIPTION + sub.id)
    world.receive(about(sub.id, 3, world))
    with world.uow() as session:
        commit(SqlStore(session, world.mail), claimed, fetch(world.gateway, claimed), world.now)
    assert [event for _, event in world.jobs] == ["evt_flood_1", "evt_flood_3"]
    process(world.desk, "evt_flood_3", world.now)
    assert unsettled(world) == 0


def test_events_that_come_while_workers_claim_are_all_settled_by_what_was_promised(committed: World) -> None:
    _, sub = committed.subscriber()
    committed.jobs.clear()
    ready, senders = Barrier(6), 4

    def send(place: int) -> None:
        ready.wait()
        for number in range(place, 80, senders):
            committed.receive(about(sub.id, number, committed))

    def work(_: int) -> None:
        ready.wait()
        done = 0
        for _ in range(2000):
            if done < len(committed.jobs):
                process(committed.desk, committed.jobs[done][1], committed.now)
                done += 1

    with ThreadPoolExecutor(6) as pool:
        for finished in [*(pool.submit(send, n) for n in range(senders)), *(pool.submit(work, n) for n in range(2))]:
            finished.result()
    for _, event in list(committed.jobs):
        process(committed.desk, event, committed.now)
    assert unsettled(committed) == 0
    assert len(committed.jobs) <= 80


def test_a_subscription_that_is_not_known_yet_promises_the_work_of_each_event(world: World) -> None:
    world.receive(about("sub_new", 1, world))
    world.receive(about("sub_new", 2, world))
    assert len(world.jobs) == 2
