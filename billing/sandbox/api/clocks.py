"""Test clocks and events."""

import operator

from sqlalchemy import delete as forget
from sqlalchemy import or_, select

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
    # Events are many: the database does the choosing.
    if not 1 <= given.get("limit", 10) <= 100:
        raise Refusal("Invalid limit: must be between 1 and 100", param="limit")
    if "type" in given and "types" in given:
        raise Refusal("You may pass only one of type and types.", param="types")
    patterns = [pattern.replace("*", "%") for pattern in given.get("types") or [given.get("type", "*")]]
    query = select(Thing.body).where(Thing.kind == "event", or_(*(Thing.body["type"].astext.like(p) for p in patterns)))
    if "delivery_success" in given:
        taken = Thing.body["pending_webhooks"].astext == "0"
        query = query.where(taken if given["delivery_success"] else ~taken)
    created = given.get("created", {})
    for name, limit in ({"gte": created, "lte": created} if isinstance(created, int) else created).items():
        query = query.where(getattr(operator, _COMPARE[name])(Thing.created, limit))
    for name in ("starting_after", "ending_before"):
        if name in given:
            store.get("event", given[name], name)
            place = select(Thing.seq).where(Thing.id == given[name]).scalar_subquery()
            query = query.where(Thing.seq < place if name == "starting_after" else Thing.seq > place)
    limit = given.get("limit", 10)
    backwards = "ending_before" in given
    query = query.order_by(Thing.seq if backwards else Thing.seq.desc()).limit(limit + 1)
    found = list(store.connection.scalars(query))
    kept = found[:limit][::-1] if backwards else found[:limit]
    return {"object": "list", "data": kept, "has_more": len(found) > limit, "url": "/v1/events"}


_COMPARE = {"gt": "gt", "gte": "ge", "lt": "lt", "lte": "le"}
