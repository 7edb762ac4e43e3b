"""Test clocks and events."""

from fnmatch import fnmatchcase

from sqlalchemy import delete as forget

from billing.sandbox.api.common import Given, page, simulated
from billing.sandbox.due import DAY
from billing.sandbox.engine.renewing import advance as run
from billing.sandbox.errors import Refusal
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body, Thing

CLOCK = "test_helpers.test_clock"


def create(store: Store, given: Given) -> Body:
    simulated(given, "frozen_time", "name")
    body = {
        "id": new_id("clock_"),
        "object": CLOCK,
        "created": store.now,
        "deletes_after": store.now + 30 * DAY,
        "frozen_time": given["frozen_time"],
        "livemode": False,
        "name": given.get("name"),
        "status": "ready",
        "status_details": {},
    }
    store.add(body)
    store.emit("test_helpers.test_clock.created", body)
    return body


def retrieve(store: Store, id_: str, given: Given) -> Body:
    return store.get(CLOCK, id_)


def list_(store: Store, given: Given) -> Body:
    return page(store, CLOCK, "/v1/test_helpers/test_clocks", given)


def advance(store: Store, id_: str, given: Given) -> Body:
    """Everything of its customers happens in order; the reply says ``advancing``, as Stripe's does, and it is done."""
    clock = store.get(CLOCK, id_)
    if given["frozen_time"] <= clock["frozen_time"]:
        raise Refusal("The frozen time must be later than the clock's current one.", param="frozen_time")
    run(store, clock, given["frozen_time"])
    store.emit("test_helpers.test_clock.ready", clock)
    details = {"advancing": {"target_frozen_time": given["frozen_time"]}}
    return {**clock, "status": "advancing", "status_details": details}


def delete(store: Store, id_: str, given: Given) -> Body:
    """The clock and all that lived by it are gone."""
    store.get(CLOCK, id_)
    store.connection.execute(forget(Thing).where(Thing.clock == id_))
    store.remove(id_)
    return {"id": id_, "object": CLOCK, "deleted": True}


def event(store: Store, id_: str, given: Given) -> Body:
    return store.get("event", id_)


def events(store: Store, given: Given) -> Body:
    """Events by ``type`` (which may end in ``*``), ``types``, ``created`` and whether they were delivered."""
    simulated(given, "type", "types", "created", "delivery_success", "limit", "starting_after", "ending_before")
    if "type" in given and "types" in given:
        raise Refusal("You may pass only one of type and types.", param="types")
    patterns = given.get("types") or [given.get("type", "*")]

    def keep(body: Body) -> bool:
        delivered = given.get("delivery_success")
        return any(fnmatchcase(body["type"], pattern) for pattern in patterns) and (
            delivered is None or delivered == (body["pending_webhooks"] == 0)
        )

    return page(store, "event", "/v1/events", given, keep=keep)
