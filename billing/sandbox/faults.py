"""Trouble on demand: for calls of the API and for deliveries. One process, so it lives in memory."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal["429", "500", "timeout", "reset"]


@dataclass
class CallFault:
    """The next ``times`` calls that match go wrong, before or after they were carried out."""

    kind: Kind
    when: Literal["before", "after"] = "before"
    method: str = "*"
    path: str = "*"
    times: int = 1
    seconds: float = 60.0


@dataclass
class DeliveryFault:
    """The next ``times`` deliveries of matching events are dropped, repeated or late."""

    kind: Literal["drop", "duplicate", "delay"]
    types: str = "*"
    times: int = 1_000_000
    copies: int = 1
    seconds: int = 60


@dataclass
class Faults:
    """What was asked for and not yet spent, and what was counted."""

    calls: list[CallFault] = field(default_factory=list)
    deliveries: list[DeliveryFault] = field(default_factory=list)
    order: Literal["first", "reverse", "shuffle"] = "first"
    held: bool = False
    received: Counter[str] = field(default_factory=Counter)
    executed: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 -- shuffles, keeps no secret
    lock: threading.Lock = field(default_factory=threading.Lock)

    def for_call(self, method: str, path: str, when: str) -> CallFault | None:
        """The fault of this call, now spent."""
        with self.lock:
            for fault in self.calls:
                if fault.when == when and fnmatchcase(method, fault.method) and fnmatchcase(path, fault.path):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.calls.remove(fault)
                    return fault
        return None

    def for_delivery(self, kind: str) -> DeliveryFault | None:
        """The fault of this delivery, now spent."""
        with self.lock:
            for fault in self.deliveries:
                if fnmatchcase(kind, fault.types):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.deliveries.remove(fault)
                    return fault
        return None

    def count(self, where: str, *, executed: bool = False) -> None:
        with self.lock:
            (self.executed if executed else self.received)[where] += 1

    def clear(self) -> None:
        """No trouble, nothing counted."""
        with self.lock:
            self.calls.clear()
            self.deliveries.clear()
            self.received.clear()
            self.executed.clear()
            self.order, self.held = "first", False
