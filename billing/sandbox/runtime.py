"""What the sandbox's parts share: the database, the clock, the faults, and how one change is made at a time."""

import threading
from collections.abc import Iterator
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

    def real_now(self) -> int:
        """The moment of the clock it was given, by which webhooks are signed."""
        return int(self.clock.now().timestamp())

    def now(self) -> int:
        """The sandbox's moment: the clock's, moved ahead by what was asked for."""
        with self.engine.connect() as connection:
            found = connection.scalar(select(Setting.value).where(Setting.name == "ahead"))
        return self.real_now() + int(found["value"] if found else 0)

    @contextmanager
    def change(self, *, base: str = "", request: str = "", key: str | None = None) -> Iterator[Store]:
        """A transaction that no other change runs beside; the webhook's thread is told at its end."""
        with self.engine.begin() as connection:
            connection.execute(text("SELECT set_config('lock_timeout', '60s', true)"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            found = connection.scalar(select(Setting.value).where(Setting.name == "base"))
            base = base or (found["value"] if found else "")
            ahead = connection.scalar(select(Setting.value).where(Setting.name == "ahead"))
            now = self.real_now() + int(ahead["value"] if ahead else 0)
            store = Store(connection, now=now, base=base, request=request, key=key, hook=bool(self.webhook_url))
            if base and (not found or found["value"] != base):
                store.set("base", base)
            yield store
        if store.told:
            self.notify()

    @contextmanager
    def read(self, *, base: str = "") -> Iterator[Store]:
        """A view that changes nothing and waits for nobody."""
        now = self.now()
        with self.engine.connect() as connection:
            yield Store(connection, now=now, base=base, hook=False)

    def settle(self) -> None:
        """Let happen what is due on the sandbox's own clock."""
        now = self.now()
        with self.engine.connect() as connection:
            due = connection.scalar(
                select(func.count()).select_from(Thing).where(Thing.clock.is_(None), Thing.due <= now)
            )
        if due:
            with self.change() as store:
                catch_up(store, store.now)

    def notify(self) -> None:
        with self.wake:
            self.wake.notify_all()
