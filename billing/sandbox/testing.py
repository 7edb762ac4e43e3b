"""A sandbox in a thread, for tests."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from billing.sandbox.app import Sandbox, create_app
from billing.sandbox.control import Control
from billing.sandbox.runtime import Clock

API_KEY = "sk_test_sandbox"
WEBHOOK_SECRET = "whsec_sandbox"  # noqa: S105 -- signs nothing outside a test


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class _Quiet(WSGIRequestHandler):
    """Speaks HTTP/1.1 and writes no log."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        return


@dataclass(frozen=True)
class Running:
    """A running sandbox: where it is, its controls, and itself."""

    address: str
    control: Control
    sandbox: Sandbox

    def tell(self, webhook_url: str, secret: str = WEBHOOK_SECRET) -> None:
        """Send events there from now on."""
        self.sandbox.runtime.webhook_url = webhook_url
        self.sandbox.runtime.webhook_secret = secret


@contextmanager
def running(
    engine: Engine,
    *,
    clock: Clock | None = None,
    webhook_url: str = "",
    webhook_secret: str = WEBHOOK_SECRET,
    api_key: str = API_KEY,
    return_hosts: Iterable[str] = ("127.0.0.1", "localhost", "testserver"),
    moved: Callable[[int], None] | None = None,
) -> Iterator[Running]:
    """An empty sandbox on a free port of this machine; gone at the end."""
    sandbox = create_app(
        engine,
        api_key=api_key,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        clock=clock or _SystemClock(),
        return_hosts=return_hosts,
        moved=moved,
    )
    sandbox.control.reset()
    server = make_server("127.0.0.1", 0, sandbox, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Running(f"http://127.0.0.1:{server.server_port}", sandbox.control, sandbox)
    finally:
        sandbox.close()
        server.shutdown()
        server.server_close()
        thread.join(5)
