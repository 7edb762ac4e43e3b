"""The sandbox as a WSGI application, with its courier of webhooks."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from werkzeug.wrappers import Request, Response

from billing.sandbox.control import Control
from billing.sandbox.dispatch import Api, LostConnection
from billing.sandbox.pages.views import Pages
from billing.sandbox.runtime import Clock, Runtime
from billing.sandbox.tables import prepare
from billing.sandbox.webhooks import Courier

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ALLOWED = {"development", "test"}
"""Environments in which nobody pays; any other name is taken for one where people do."""


def refuse_production(environment: str) -> None:
    """RuntimeError unless the environment is known for one where nobody pays."""
    if environment not in ALLOWED:
        raise RuntimeError(f"The sandbox for payments does not run in the environment {environment!r}.")


class Sandbox:
    """A WSGI application; :meth:`close` stops its courier."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.courier = Courier(runtime)
        self.control = Control(runtime, self.courier)
        self._api = Api(runtime)
        self._pages = Pages(runtime)
        self.courier.start()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        try:
            reply = self._answer(request)
        except LostConnection:
            # The socket is shut already; an error that the server takes for a lost peer ends it quietly.
            raise ConnectionResetError from None
        return reply(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/v1/"):
            return self._api(request)
        if request.path.startswith("/_sandbox"):
            if not _loopback(request.remote_addr):
                return Response("The controls are for this machine alone.\n", status=403, mimetype="text/plain")
            return self.control.answer(request)
        return self._pages(request)

    def close(self) -> None:
        self.courier.stop()


def create_app(
    engine: Engine,
    *,
    api_key: str,
    webhook_url: str,
    webhook_secret: str,
    clock: Clock,
    return_hosts: Iterable[str],
    moved: Callable[[int], None] | None = None,
) -> Sandbox:
    """A sandbox on the database of ``engine``, whose schema it makes itself.

    ``webhook_url`` may be empty: then nobody is told. ``return_hosts`` are the hosts (``host`` or ``host:port``) to
    which the hosted pages may send people back. ``moved`` is told how many seconds ``clock`` is exceeded by, at the
    start and with every move: give it where the other side goes by the sandbox's clock. ValueError for a key that is not a test key or an empty secret.
    """
    if not api_key.startswith(("sk_test_", "rk_test_")):
        raise ValueError("The sandbox takes test keys only (sk_test_…).")
    if webhook_url and not webhook_secret.strip():
        raise ValueError("Webhooks need a secret to be signed with.")
    prepare(engine)
    runtime = Runtime(
        engine=engine,
        api_key=api_key,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        clock=clock,
        return_hosts=frozenset(return_hosts),
        moved=moved,
    )
    runtime.load()
    return Sandbox(runtime)


def _loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
