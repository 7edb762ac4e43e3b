"""Carries events to the webhook: signed, in order, again with growing pauses for three days."""

import http.client
import json
import logging
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select, text, update
from stripe import WebhookSignature

from billing.sandbox.due import DAY, HOUR
from billing.sandbox.runtime import Runtime
from billing.sandbox.store import public
from billing.sandbox.tables import Delivery, Thing

log = logging.getLogger(__name__)

PAUSES = (10, 60, 300, HOUR // 2, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR)
"""Seconds between tries; the last one repeats until three days are over."""

GIVES_UP = 3 * DAY
BATCH = 50
POLL = 0.5
"""Seconds after which the thread looks again by itself, for what the clock brought."""


class Courier:
    """The one thread that delivers."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
        self._delayed: set[int] = set()
        self._line: http.client.HTTPConnection | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.runtime.closing.set()
        self.runtime.notify()
        if self._thread.is_alive():
            self._thread.join(10)
        if self._line:
            self._line.close()

    def waiting(self, *, also_later: bool = False) -> int:
        """How many deliveries could go now, or at all."""
        query = select(func.count()).select_from(Delivery).where(Delivery.state == "pending")
        if not also_later:
            query = query.where(Delivery.due_at <= self.runtime.now())
        with self.runtime.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return connection.scalar(query) or 0

    def drain(self, seconds: float = 10) -> bool:
        """Wait until nothing that could go now is left; False when it took too long."""
        limit = time.monotonic() + seconds
        with self.runtime.wake:
            while self.waiting():
                left = limit - time.monotonic()
                if left <= 0 or self.runtime.faults.held or not self.runtime.webhook_url:
                    return False
                self.runtime.wake.notify_all()
                self.runtime.wake.wait(min(left, 0.05))
        return True

    def _run(self) -> None:
        while not self.runtime.closing.is_set():
            try:
                self.runtime.settle()
                carried = 0 if self.runtime.faults.held or not self.runtime.webhook_url else self._carry()
            except Exception:
                # The thread outlives whatever happens: a database that restarts, a rule that fails on one object.
                log.exception("the sandbox's courier stumbled")
                carried = 0
            if not carried and not self.runtime.closing.is_set():
                with self.runtime.wake:
                    self.runtime.wake.notify_all()
                    self.runtime.wake.wait(POLL)

    def _carry(self) -> int:
        now = self.runtime.now()
        query = (
            select(Delivery.id, Delivery.event)
            .where(Delivery.state == "pending", Delivery.due_at <= now)
            .order_by(Delivery.id)
            .limit(BATCH)
        )
        with self.runtime.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            rows = list(connection.execute(query))
        order = self.runtime.faults.order
        if order == "reverse":
            rows.reverse()
        elif order == "shuffle":
            self.runtime.faults.chance.shuffle(rows)
        for id_, event in rows:
            if self.runtime.faults.held or self.runtime.closing.is_set():
                return 0
            self._one(id_, event)
        return len(rows)

    def _one(self, id_: int, event_id: str) -> None:
        with self.runtime.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            event = connection.scalar(select(Thing.body).where(Thing.id == event_id))
        if event is None:
            self._note(id_, state="dropped")
            return
        fault = self.runtime.faults.for_delivery(event["type"]) if id_ not in self._delayed else None
        if fault and fault.kind == "drop":
            self._note(id_, state="dropped")
            return
        if fault and fault.kind == "delay":
            self._delayed.add(id_)
            self._note(id_, due_at=self.runtime.now() + fault.seconds)
            return
        times = 1 + (fault.copies if fault and fault.kind == "duplicate" else 0)
        payload = json.dumps(public(event), indent=2)
        error = None
        for _ in range(times):
            error = self._send(payload)
        self._settle(id_, event_id, error)

    def _send(self, payload: str) -> str | None:
        """None when the webhook took it, else why not."""
        url = urlsplit(self.runtime.webhook_url)
        secret = self.runtime.webhook_secret
        header = WebhookSignature.generate_signature_header(payload, secret, self.runtime.signing_now())
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        for again in (False, True):
            fresh = again
            try:
                if self._line is None or again or self._line.host != url.hostname or self._line.port != url.port:
                    if self._line:
                        self._line.close()
                    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
                    self._line = kind(url.hostname or "", url.port, timeout=10)
                    fresh = True
                self._line.request("POST", path, payload.encode(), headers)
                reply = self._line.getresponse()
                reply.read()
                return None if 200 <= reply.status < 300 else f"HTTP {reply.status}"
            except (OSError, http.client.HTTPException) as problem:
                if self._line:
                    self._line.close()
                    self._line = None
                if fresh:
                    return f"{type(problem).__name__}: {problem}"
        return "unreachable"

    def _settle(self, id_: int, event_id: str, error: str | None) -> None:
        with self.runtime.engine.begin() as connection:
            row = connection.execute(select(Delivery).where(Delivery.id == id_)).one_or_none()
            if row is None:
                return
            tries = row.attempts + 1
            if error is None:
                change: dict[str, Any] = {"state": "delivered"}
                taken = text(
                    "UPDATE stripe_sandbox.objects SET body = jsonb_set(body, '{pending_webhooks}', '0') WHERE id = :id"
                )
                connection.execute(taken, {"id": event_id})
            else:
                due = self.runtime.now() + PAUSES[min(tries, len(PAUSES)) - 1]
                change = {"due_at": due, "state": "given_up" if due > row.first_at + GIVES_UP else "pending"}
            change |= {"attempts": tries, "last_error": error}
            connection.execute(update(Delivery).where(Delivery.id == id_).values(**change))

    def _note(self, id_: int, **change: Any) -> None:
        with self.runtime.engine.begin() as connection:
            connection.execute(update(Delivery).where(Delivery.id == id_).values(**change))
