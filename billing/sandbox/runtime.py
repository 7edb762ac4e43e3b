"""What the sandbox's parts share: the database, the clock, the faults, and how one change is made at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine, func, select, text

from billing.sandbox.engine.renewing import catch_up
from billing.sandbox.faults import Faults
from billing.sandbox.store import Store
from billing.sandbox.tables import LOCK, Setting, Thing


class Clock(Protocol):
    """Tells the moment, aware and in UTC."""

    def now(self) -> datetime: ...


# Waits longer than the product's own limit: a clock that is moved by years may hold it for a while.
_LOCKED = text("SELECT set_config('lock_timeout', '60s', true), pg_advisory_xact_lock(:key)")


@dataclass
class Runtime:
    """One running sandbox. ``webhook_url`` empty means that nobody listens."""

    engine: Engine
    api_key: str
    webhook_url: str
    webhook_secret: str
    clock: Clock
    return_hosts: frozenset[str]
    faults: Faults = field(default_factory=Faults)
    wake: threading.Condition = field(default_factory=threading.Condition)
    closing: threading.Event = field(default_factory=threading.Event)
    busy: set[str] = field(default_factory=set)

    moved: Callable[[int], None] | None = None
    """Told by how many seconds the clock is ahead; whoever is told goes by it too, so webhooks are signed by it."""

    ahead: int = 0
    base: str = ""
    _due: int | None = None
    _due_known: bool = False

    def load(self) -> None:
        """Read what outlived a restart: how far the clock was moved, and where the pages are reached."""
        with self.engine.connect() as connection:
            kept = {row.name: row.value["value"] for row in connection.execute(select(Setting))}
        self.ahead, self.base = int(kept.get("ahead", 0)), str(kept.get("base", ""))
        self._due_known = False
        self.go_to(self.ahead)

    def go_to(self, ahead: int) -> None:
        """Be so far ahead of the clock it was given, and tell: first whoever follows, so that it is never behind."""
        if self.moved is not None:
            self.moved(ahead)
        self.ahead = ahead

    def signing_now(self) -> int:
        """The moment by which the other side checks signatures: of the clock it was given unless it follows ours."""
        return self.now() if self.moved is not None else int(self.clock.now().timestamp())

    def now(self) -> int:
        """The sandbox's moment: the clock's, moved ahead by what was asked for."""
        return int(self.clock.now().timestamp()) + self.ahead

    @contextmanager
    def change(self, *, base: str = "", request: str = "", key: str | None = None) -> Iterator[Store]:
        """A transaction that no other change runs beside; the webhook's thread is told at its end."""
        with self.engine.begin() as connection:
            connection.execute(_LOCKED, {"key": LOCK})
            base = base or self.base
            store = Store(connection, now=self.now(), base=base, request=request, key=key, hook=bool(self.webhook_url))
            if base != self.base:
                store.set("base", base)
                self.base = base
            yield store
        self._due_known = False
        if store.told:
            self.notify()

    @contextmanager
    def read(self, *, base: str = "") -> Iterator[Store]:
        """A view that changes nothing and waits for nobody."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield Store(connection, now=self.now(), base=base or self.base, hook=False)

    def settle(self) -> None:
        """Let happen what is due on the sandbox's own clock; costs nothing while nothing is."""
        if not self._due_known:
            self._due_known = True
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                self._due = connection.scalar(select(func.min(Thing.due)).where(Thing.clock.is_(None)))
        if self._due is not None and self._due <= self.now():
            with self.change() as store:
                catch_up(store, store.now)

    def notify(self) -> None:
        with self.wake:
            self.wake.notify_all()
