"""A sandbox in a thread with its own connections, emptied for each test, and a webhook that keeps what it hears."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe
from sqlalchemy import Engine

from billing.sandbox.testing import API_KEY, WEBHOOK_SECRET, Running, running
from lift.kernel.db import make_engine

START = 1_790_000_000
"""Where the test clocks begin: 21 September 2026."""

DAY = 86_400
HOUR = 3_600


@dataclass
class Heard:
    """What the webhook took, and how it answers."""

    url: str = ""
    status: int = 200
    raw: list[tuple[bytes, str]] = field(default_factory=list)

    def events(self) -> list[stripe.Event]:
        """Each delivery, its signature checked."""
        return [stripe.Webhook.construct_event(body, sign, WEBHOOK_SECRET) for body, sign in self.raw]  # type: ignore[no-untyped-call]  # stripe ships it untyped

    def types(self) -> list[str]:
        return [str(event.type) for event in self.events()]


@pytest.fixture(scope="session")
def sandbox_engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def server(sandbox_engine: Engine) -> Iterator[Running]:
    with running(sandbox_engine) as started:
        yield started


@pytest.fixture
def sandbox(server: Running) -> Iterator[Running]:
    """The module's sandbox with nothing in it and no trouble."""
    server.tell("")
    server.control.reset()
    yield server
    server.tell("")


@pytest.fixture
def client(sandbox: Running) -> stripe.StripeClient:
    return stripe.StripeClient(API_KEY, base_addresses={"api": sandbox.address}, max_network_retries=0)


@pytest.fixture
def heard(sandbox: Running) -> Iterator[Heard]:
    """A webhook that the sandbox tells."""
    kept = Heard()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if kept.status < 300:
                kept.raw.append((body, self.headers["Stripe-Signature"]))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{listening.server_port}/webhook"
    sandbox.tell(kept.url)
    yield kept
    sandbox.tell("")
    listening.shutdown()
    listening.server_close()
    thread.join(5)


@dataclass
class Shop:
    """A product with prices, and people who subscribe to it."""

    client: stripe.StripeClient
    sandbox: Running
    prices: dict[str, str]

    def clock(self) -> str:
        made = self.client.v1.test_helpers.test_clocks.create({"frozen_time": START})
        return made.id

    def advance(self, clock: str, to: int) -> None:
        self.client.v1.test_helpers.test_clocks.advance(clock, {"frozen_time": to})

    def customer(self, card: str | None = "pm_card_visa", **more: Any) -> stripe.Customer:
        made = self.client.v1.customers.create({"email": "ada@example.org", **more})  # type: ignore[typeddict-item]  # passed on
        if card:
            kept = self.client.v1.payment_methods.attach(card, {"customer": made.id})
            settings: Any = {"invoice_settings": {"default_payment_method": kept.id}}
            made = self.client.v1.customers.update(made.id, settings)
        return made

    def subscribed(self, price: str = "monthly", card: str = "pm_card_visa", **more: Any) -> stripe.Subscription:
        """A subscription on a clock of its own, at its start."""
        customer = self.customer(card, test_clock=self.clock())
        asked: Any = {"customer": customer.id, "items": [{"price": self.prices[price]}], **more}
        return self.client.v1.subscriptions.create(asked)

    def checkout(self, customer: str, price: str = "monthly", **more: Any) -> stripe.checkout.Session:
        asked: Any = {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": self.prices[price], "quantity": 1}],
            "success_url": "http://127.0.0.1:8000/billing/done?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://127.0.0.1:8000/billing",
            **more,
        }
        return self.client.v1.checkout.sessions.create(asked)

    def again(self, sub: stripe.Subscription) -> stripe.Subscription:
        return self.client.v1.subscriptions.retrieve(sub.id)

    def invoices(self, sub: stripe.Subscription) -> list[stripe.Invoice]:
        """Newest first."""
        return list(self.client.v1.invoices.list({"subscription": sub.id}).data)


@pytest.fixture
def shop(client: stripe.StripeClient, sandbox: Running) -> Shop:
    product = client.v1.products.create({"name": "Interview Lift"})
    prices = {}
    for key, amount, interval, count in (
        ("monthly", 1900, "month", 1),
        ("quarterly", 4900, "month", 3),
        ("yearly", 14900, "year", 1),
        ("plus", 2900, "month", 1),
    ):
        asked: Any = {
            "product": product.id,
            "currency": "usd",
            "unit_amount": amount,
            "lookup_key": key,
            "recurring": {"interval": interval, "interval_count": count},
        }
        prices[key] = client.v1.prices.create(asked).id
    return Shop(client, sandbox, prices)
