"""``python -m lift.runner.sandbox <port>``: the sandbox for payments, on the database of the settings.

It stands in Stripe's place where no key is set. Products and prices are made before it says that it is ready.
"""

import signal
import sys
import threading
from functools import partial
from types import FrameType
from urllib.parse import urlsplit

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from billing.sandbox.app import Sandbox, create_app, refuse_production
from lift.kernel.clock import SystemClock, clock_file, move_ahead
from lift.kernel.db import make_engine
from lift.kernel.settings import Settings
from lift.runner.ports import LOOPBACK

CONNECTIONS = 6


class _Quiet(WSGIRequestHandler):
    """Speaks HTTP/1.1 and writes no line for each request."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        return


def make_sandbox(settings: Settings) -> Sandbox:
    """The sandbox that the settings name; RuntimeError in production."""
    refuse_production(settings.environment)
    host = urlsplit(settings.base_url).hostname or LOOPBACK
    return create_app(
        make_engine(settings.database_url, connections=CONNECTIONS),
        api_key=settings.stripe_secret_key.get_secret_value(),
        webhook_url=f"{settings.base_url}/webhooks/stripe",
        webhook_secret=settings.stripe_webhook_secret.get_secret_value(),
        clock=SystemClock(),
        return_hosts={host, LOOPBACK, "localhost"},
        # The site follows: lift.kernel.clock.clock_of.
        moved=partial(move_ahead, clock_file(settings.home)),
    )


def _set_up(settings: Settings) -> None:
    from billing.stripe_gateway import StripeGateway
    from billing.stripe_setup import set_up

    set_up(StripeGateway(settings.stripe_secret_key.get_secret_value(), settings.stripe_api_base))


def serve(server: BaseWSGIServer, sandbox: Sandbox, settings: Settings) -> None:
    """Answer until a signal to end comes."""
    ending = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    thread = threading.Thread(target=server.serve_forever, name="sandbox", daemon=True)
    thread.start()
    _set_up(settings)
    print("ready", flush=True)
    ending.wait()
    sandbox.close()


def main() -> None:
    """Serve on the loopback port that is named."""
    settings = Settings()
    sandbox = make_sandbox(settings)
    serve(make_server(LOOPBACK, int(sys.argv[1]), sandbox, threaded=True, request_handler=_Quiet), sandbox, settings)


if __name__ == "__main__":
    main()
