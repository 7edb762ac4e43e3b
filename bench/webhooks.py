"""The webhook: how soon it is answered, and how soon a flood of events in any order is worked off."""

import contextlib
import http.client
import itertools
import json
import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, TextClause, create_engine, text

from bench.provider import change_all, control, subscribers
from bench.site import Site, cpu_seconds, family
from billing.signature import header_for
from billing.stripe_gateway import API_VERSION

SUBSCRIPTIONS = 1000
EVENTS = 10_000
AGAIN = 500
"""So many of the events are told twice, under the same id."""
RATE, RATE_SECONDS = 100, 15
SENDERS = 8
OPEN = text("SELECT count(*) FROM billing.events WHERE state IN ('pending', 'processing', 'failed')")
WAITING = text("SELECT count(*) FROM jobs WHERE done_at IS NULL AND parked_at IS NULL")
RIGHT = text("""
    SELECT count(*) FROM billing.subscription_snapshots AS ours JOIN stripe_sandbox.objects AS theirs
    ON theirs.id = ours.sub_id AND ours.cancel_at_period_end = (theirs.body ->> 'cancel_at_period_end')::boolean
    AND ours.status = theirs.body ->> 'status'
""")


@dataclass
class Teller:
    """Signs events and posts them on a connection that each thread keeps."""

    address: str
    secret: str
    local: threading.local
    numbers: Iterator[int]

    def event(self, subscription: dict[str, Any]) -> bytes:
        """An event of its own about the subscription."""
        return json.dumps(
            {
                "id": f"evt_bench_{next(self.numbers)}",
                "object": "event",
                "type": "customer.subscription.updated",
                "created": int(time.time()),
                "livemode": False,
                "api_version": API_VERSION,
                "data": {"object": subscription},
            }
        ).encode()

    def tell(self, raw: bytes) -> bool:
        """Whether it was taken."""
        if not hasattr(self.local, "connection"):
            parts = urlsplit(self.address)
            self.local.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        signature = header_for(raw, self.secret, int(time.time()))
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        self.local.connection.request("POST", "/webhooks/stripe", raw, headers)
        reply = self.local.connection.getresponse()
        reply.read()
        return bool(reply.status == 200)


def _side_by_side(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _all(teller: Teller, bodies: Sequence[bytes], rate: float | None = None) -> list[float]:
    """Tell each once; seconds from the moment when each was due, which without a rate is when it was sent."""
    waiting, pause = iter(list(enumerate(bodies))), threading.Event()
    taken, lock, started = [], threading.Lock(), time.perf_counter()

    def send() -> None:
        while True:
            with lock:
                number, raw = next(waiting, (0, b""))
            if not raw:
                return
            due = started + number / rate if rate else time.perf_counter()
            pause.wait(max(0.0, due - time.perf_counter()))
            if not teller.tell(raw):
                raise SystemExit("an event was not taken")
            taken.append(time.perf_counter() - due)

    _side_by_side(SENDERS * 4 if rate else SENDERS, send)
    return taken


def _server_times(site: Site, since: int) -> list[float]:
    """Milliseconds in the view and its commit, as the web's log has them."""
    with (site.home / "logs" / "web.log").open("rb") as log:
        log.seek(since)
        lines = [json.loads(line) for line in log if b"/webhooks/stripe" in line]
    return [line["ms"] for line in lines if line["event"] == "request"]


def _log_ends(site: Site) -> int:
    return (site.home / "logs" / "web.log").stat().st_size


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def _settle(engine: Engine, what: TextClause = WAITING) -> None:
    """Wait until every job is done, mails too; or until every event is settled."""
    pause, ends = threading.Event(), time.monotonic() + 900
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(what):
            if time.monotonic() > ends:
                raise SystemExit("the events were not settled in 15 minutes")
            pause.wait(0.1)


def _acknowledged(site: Site, teller: Teller, engine: Engine, known: Sequence[dict[str, Any]]) -> None:
    """Print how soon an event is answered when nothing else goes on, and at a steady rate."""
    since = _log_ends(site)
    for each in itertools.islice(itertools.cycle(known), 300):
        teller.tell(teller.event(each))
        _settle(engine)
    idle = _p99(_server_times(site, since))
    print(f"webhook, idle             {idle:6.1f} ms p99 of the server's time   {idle / 50:.2f} of the bound of 50 ms")
    bodies = [teller.event(each) for each in itertools.islice(itertools.cycle(known), RATE * RATE_SECONDS)]
    since = _log_ends(site)
    seen = _p99(_all(teller, bodies, RATE)) * 1000
    busy = _p99(_server_times(site, since))
    print(
        f"webhook, {RATE} events/s     {seen:6.0f} ms p99 from when it was due, {busy:.0f} ms of the server's time"
        f"   {seen / 1000:.2f} of the bound of 1 s"
    )
    _settle(engine)


def _replayed(site: Site, teller: Teller, engine: Engine, known: Sequence[dict[str, Any]]) -> None:
    """Print how fast a flood is worked off, and see that every subscription ended as the provider has it."""
    change_all(engine, leaving=True)
    bodies = [teller.event(each) for each in itertools.islice(itertools.cycle(known), EVENTS - AGAIN)]
    bodies += random.Random(7).sample(bodies, AGAIN)  # noqa: S311 - an order, no secret
    random.Random(8).shuffle(bodies)  # noqa: S311 - as above
    before, burnt, started = _reads(site), _own_cpu(site), time.perf_counter()
    _all(teller, bodies)
    told = time.perf_counter() - started
    _settle(engine, OPEN)
    took = time.perf_counter() - started
    each = (_own_cpu(site) - burnt) / len(known)
    with engine.connect() as connection:
        right = connection.scalar(RIGHT)
    if right != len(known):
        raise SystemExit(f"{right} of {len(known)} subscriptions ended as the provider has them")
    rate = len(known) / took
    print(
        f"replay of {EVENTS:,} events   {rate:6.1f} subscriptions settled/s   {rate / 25:.2f} of the bound of 25;"
        f" told at {len(bodies) / told:.0f} events/s, all right after {took:.0f} s,"
        f" {_reads(site) - before} reads at the sandbox for {len(known)} subscriptions"
    )
    # What tells the events and what stands for the provider run on the same cores here, and nowhere else.
    cores = os.cpu_count() or 1
    print(
        f"  of it the product        {each * 1000:6.0f} CPU-ms a subscription: {cores / each:.1f}/s on all of {cores} cores"
        f"   {cores / each / 25:.2f} of the bound of 25"
    )


def _own_cpu(site: Site) -> float:
    """CPU seconds of the site without its sandbox."""
    return cpu_seconds(pid for pid in family(site.pid) if "lift.runner.sandbox" not in _command(pid))


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _reads(site: Site) -> int:
    received = control(site, "counts")["received"]
    return sum(count for call, count in received.items() if call.startswith("GET ") and "/subscriptions/" in call)


def webhook_speed(site: Site) -> None:
    """Print the three figures of the webhook, on subscriptions at the sandbox."""
    engine = create_engine(site.variable("LIFT_DATABASE_URL"))
    known = subscribers(site, engine, SUBSCRIPTIONS)
    secret = site.variable("LIFT_STRIPE_WEBHOOK_SECRET")
    teller = Teller(site.address, secret, threading.local(), itertools.count(1))
    # Everybody is known, and has their receipt, before anything is measured: as it is in a product that runs.
    _all(teller, [teller.event(each) for each in known])
    _settle(engine)
    _acknowledged(site, teller, engine, known)
    _replayed(site, teller, engine, known)
    engine.dispose()
