"""The sandbox's objects within one transaction: found, kept, told of."""

import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import stripe
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from billing.sandbox.due import due_of
from billing.sandbox.errors import Refusal, missing
from billing.sandbox.tables import Body, Delivery, Setting, Thing

_LETTERS = string.ascii_letters + string.digits


def public(body: Any) -> Any:
    """A copy without the sandbox's own notes, which begin with an underscore."""
    if isinstance(body, dict):
        # The keys of metadata are the caller's own.
        return {
            key: value if key == "metadata" else public(value) for key, value in body.items() if not key.startswith("_")
        }
    return [public(value) for value in body] if isinstance(body, list) else body


def new_id(prefix: str, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


class Store:
    """One transaction's view. A body is one dictionary for all who ask: change it, then :meth:`save` it.

    ``base`` is the address at which the hosted pages are reached; ``now`` is the sandbox's moment, in seconds.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        now: int,
        base: str,
        request: str = "",
        key: str | None = None,
        hook: bool = True,
    ) -> None:
        self.connection = connection
        self.now = now
        self.base = base
        self.request = request
        self.key = key
        self.hook = hook
        self.told = 0
        self._seen: dict[str, Body] = {}
        self._saved: dict[str, Body] = {}

    def at(self, body: Body) -> int:
        """The moment on the clock that ``body`` lives by: a test clock's, or the sandbox's own."""
        clock = body.get("_clock")
        return int(self.get("test_helpers.test_clock", clock)["frozen_time"]) if clock else self.now

    def add(self, body: Body, *, like: Body | None = None) -> Body:
        """Keep a new object, on the clock of the object ``like``."""
        body["_clock"] = like.get("_clock") if like else body.get("_clock")
        self._seen[body["id"]] = body
        return self.save(body)

    def save(self, body: Body) -> Body:
        row = {
            "kind": body["object"],
            "customer": body.get("customer"),
            "clock": body.get("_clock"),
            "due": due_of(body),
            "created": body["created"],
            "body": body,
        }
        statement = insert(Thing).values(id=body["id"], **row)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
        return body

    def remove(self, id_: str) -> None:
        self._seen.pop(id_, None)
        self.connection.execute(delete(Thing).where(Thing.id == id_))

    def find(self, id_: str) -> Body | None:
        if id_ not in self._seen:
            found = self.connection.scalar(select(Thing.body).where(Thing.id == id_))
            if found is None:
                return None
            self._seen[id_] = found
            self._saved[id_] = deepcopy(found)
        return self._seen[id_]

    def get(self, kind: str, id_: str, param: str | None = "id") -> Body:
        """The object, or Refusal ``resource_missing`` naming ``param``; a deleted customer is missing."""
        body = self.find(id_)
        if body is None or body["object"] != kind or body.get("deleted"):
            raise missing(kind, id_, param)
        return body

    def where(self, kind: str, *, customer: str | None = None, oldest_first: bool = False, **equal: Any) -> list[Body]:
        """Objects of a kind, the newest first, whose top-level fields are ``equal``."""
        query = select(Thing.id, Thing.body).where(Thing.kind == kind)
        if customer:
            query = query.where(Thing.customer == customer)
        if equal:
            query = query.where(Thing.body.contains(equal))
        order = Thing.seq if oldest_first else Thing.seq.desc()
        found = []
        for id_, body in self.connection.execute(query.order_by(order)):
            if id_ not in self._seen:
                self._seen[id_] = body
                self._saved[id_] = deepcopy(body)
            found.append(self._seen[id_])
        return found

    def next_due(self, clock: str | None, until: int) -> Body | None:
        """The object that acts first by itself, not later than ``until``."""
        same = Thing.clock.is_(None) if clock is None else Thing.clock == clock
        query = select(Thing.id).where(same, Thing.due.is_not(None), Thing.due <= until)
        id_ = self.connection.scalar(query.order_by(Thing.due, Thing.seq).limit(1))
        return self.find(id_) if id_ else None

    def emit(self, kind: str, body: Body, *, like: Body | None = None) -> Body:
        """Record an event with a snapshot of ``body`` and put it on its way to the webhook."""
        snapshot = public(body)
        data: Body = {"object": snapshot}
        if kind.endswith(".updated") and (before := self._saved.get(body["id"])) is not None:
            data["previous_attributes"] = {
                name: value for name, value in public(before).items() if snapshot.get(name) != value
            }
        event: Body = {
            "id": new_id("evt_"),
            "object": "event",
            "api_version": stripe.api_version,
            "created": self.at(like or body),
            "data": data,
            "livemode": False,
            "pending_webhooks": 1 if self.hook else 0,
            "request": {"id": self.request or None, "idempotency_key": self.key},
            "type": kind,
            "_clock": None,
        }
        self._saved[body["id"]] = deepcopy(body)
        self.save(event)
        self.told += 1
        if self.hook:
            self.queue(event["id"])
        return event

    def queue(self, event: str, *, delay: int = 0) -> None:
        """Put an event on its way, once more if it already was."""
        self.connection.execute(
            insert(Delivery).values(
                event=event,
                state="pending",
                due_at=self.now + delay,
                first_at=self.now,
                attempts=0,
                last_error=None,
            )
        )

    def setting(self, name: str, default: Any) -> Any:
        found = self.connection.scalar(select(Setting.value).where(Setting.name == name))
        return found["value"] if found else default

    def set(self, name: str, value: Any) -> None:
        row = insert(Setting).values(name=name, value={"value": value})
        self.connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": {"value": value}}))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is done inside is taken back when it ends in an error, unless that is a Refusal to be kept."""
        nested = self.connection.begin_nested()
        try:
            yield
        except BaseException as error:
            if isinstance(error, Refusal) and error.keep:
                nested.commit()
            else:
                nested.rollback()
                self._seen.clear()
                self._saved.clear()
            raise
        nested.commit()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is taken back at its end: how a preview is made."""
        before = {id_: (body, deepcopy(body)) for id_, body in self._seen.items()}
        nested = self.connection.begin_nested()
        try:
            yield
        finally:
            nested.rollback()
            # Whoever holds a body goes on holding it, as it was.
            for body, kept in before.values():
                body.clear()
                body.update(kept)
            self._seen = {id_: body for id_, (body, _) in before.items()}
