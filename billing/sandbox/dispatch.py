"""A call of the API from its first byte to its reply: key, parameters, idempotency, faults, errors."""

import hashlib
import json
import socket
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from billing.sandbox.errors import Refusal
from billing.sandbox.expand import expand
from billing.sandbox.faults import CallFault
from billing.sandbox.forms import parse
from billing.sandbox.params import check
from billing.sandbox.routes import Route, routes, url_map
from billing.sandbox.runtime import Runtime
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body, Remembered

LONGEST_KEY = 255


class LostConnection(Exception):
    """The connection is to be cut without a reply."""


class Api:
    """Answers everything under /v1/."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.routes = routes(runtime.return_hosts)
        self.map = url_map(self.routes)

    def __call__(self, request: Request) -> Response:
        id_ = new_id("req_", 14)
        reply = self._reply(request, id_)
        reply.headers["Request-Id"] = id_
        reply.headers["Stripe-Version"] = request.headers.get("Stripe-Version", _version())
        if key := request.headers.get("Idempotency-Key"):
            reply.headers["Idempotency-Key"] = key
        return reply

    def _reply(self, request: Request, id_: str) -> Response:
        try:
            self._authorise(request)
            route, ids = self._route(request)
            where = f"{route.method} {route.path.replace('<a>', '{id}').replace('<b>', '{id}')}"
            self.runtime.faults.count(where)
            if fault := self.runtime.faults.for_call(route.method, request.path, "before"):
                return self._suffer(request, fault)
            given, wanted = self._parameters(request, route)
            self.runtime.settle()
            if route.method == "GET":
                with self.runtime.read(base=request.host_url.rstrip("/")) as store:
                    return _json(200, expand(store, _answer(store, route, ids, given), wanted))
            return self._change(request, id_, route, ids, given, wanted, where)
        except Refusal as refusal:
            return _json(refusal.status, refusal.body)

    def _authorise(self, request: Request) -> None:
        given = request.headers.get("Authorization", "")
        basic = (
            request.authorization.username if request.authorization and request.authorization.type == "basic" else None
        )
        if not given:
            raise Refusal("You did not provide an API key.", status=401)
        if given != f"Bearer {self.runtime.api_key}" and basic != self.runtime.api_key:
            raise Refusal("Invalid API Key provided.", status=401, code="api_key_invalid")

    def _route(self, request: Request) -> tuple[Route, list[str]]:
        try:
            index, ids = self.map.bind("", path_info=request.path).match(method=request.method)
        except HTTPException:
            raise Refusal(
                f"Unrecognized request URL ({request.method}: {request.path}).", status=404, code="url_unknown"
            ) from None
        return self.routes[int(index)], [ids[name] for name in sorted(ids)]

    def _parameters(self, request: Request, route: Route) -> tuple[dict[str, Any], list[str]]:
        if request.method == "POST" and request.data and request.mimetype != "application/x-www-form-urlencoded":
            raise Refusal("Parameters are sent as application/x-www-form-urlencoded.", code="content_type_invalid")
        pairs = request.args.items(multi=True) if request.method != "POST" else request.form.items(multi=True)
        given = check(route.params, parse(_plain(pairs)))
        return given, given.pop("expand", [])

    def _change(
        self, request: Request, id_: str, route: Route, ids: list[str], given: Body, wanted: list[str], where: str
    ) -> Response:
        key = request.headers.get("Idempotency-Key") if route.method == "POST" else None
        if key is not None and not 0 < len(key) <= LONGEST_KEY:
            raise Refusal(f"Idempotency keys hold 1 to {LONGEST_KEY} characters.", param="Idempotency-Key")
        if key and not self._take(key):
            raise Refusal(
                "There is currently another in-progress request using this Idempotent Key.",
                status=409, kind="idempotency_error", code="idempotency_key_in_use",
            )  # fmt: skip
        try:
            return self._once(request, id_, route, ids, given, wanted, where, key)
        finally:
            if key:
                self.runtime.busy.discard(key)

    def _take(self, key: str) -> bool:
        with self.runtime.faults.lock:
            if key in self.runtime.busy:
                return False
            self.runtime.busy.add(key)
            return True

    def _once(
        self, request: Request, id_: str, route: Route, ids: list[str], given: Body, wanted: list[str], where: str,
        key: str | None,
    ) -> Response:  # fmt: skip
        print_ = hashlib.sha256(
            json.dumps([route.method, request.path, sorted(_plain(request.form.items(multi=True)))]).encode()
        ).hexdigest()
        base = request.host_url.rstrip("/")
        with self.runtime.change(base=base, request=id_, key=key) as store:
            if key and (saved := _remembered(store, key, print_)):
                return saved
            self.runtime.faults.count(where, executed=True)
            try:
                with store.savepoint():
                    status, body = 200, expand(store, _answer(store, route, ids, given), wanted)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
            fault = self.runtime.faults.for_call(route.method, request.path, "after")
            if fault and fault.kind == "500":
                status, body = 500, _broken()
            if key:
                _remember(store, key, print_, status, body)
        if fault and fault.kind != "500":
            return self._suffer(request, fault)
        return _json(status, body)

    def _suffer(self, request: Request, fault: CallFault) -> Response:
        if fault.kind == "429":
            told = Refusal("Too many requests hit the API too quickly.", status=429, code="rate_limit")
            return _json(429, told.body)
        if fault.kind == "500":
            return _json(500, _broken())
        if fault.kind == "timeout":
            self.runtime.closing.wait(fault.seconds)
        cut(request)
        return Response(_torn(), status=200, headers={"Content-Length": "1000"})


def cut(request: Request) -> None:
    """Close the caller's connection where the server lets us; elsewhere a torn body does it."""
    opened = request.environ.get("werkzeug.socket")
    if isinstance(opened, socket.socket):
        opened.shutdown(socket.SHUT_RDWR)
        raise LostConnection


def _torn() -> Iterator[bytes]:
    yield b"{"
    raise ConnectionResetError("the sandbox cut the connection, as it was asked to")


def _answer(store: Store, route: Route, ids: list[str], given: Body) -> Body:
    return route.answer(store, *ids, given)


def _plain(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs]


def _remembered(store: Store, key: str, print_: str) -> Response | None:
    row = store.connection.execute(select(Remembered).where(Remembered.key == key)).one_or_none()
    if row is None:
        return None
    if row.fingerprint != print_:
        raise Refusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    reply = Response(row.reply, status=row.status, mimetype="application/json")
    reply.headers["Idempotent-Replayed"] = "true"
    return reply


def _remember(store: Store, key: str, print_: str, status: int, body: Body) -> None:
    store.connection.execute(
        insert(Remembered).values(key=key, fingerprint=print_, status=status, reply=json.dumps(body), created=store.now)
    )


def _broken() -> Body:
    return {"error": {"type": "api_error", "message": "An unknown error occurred."}}


def _json(status: int, body: Body) -> Response:
    return Response(json.dumps(body, indent=2), status=status, mimetype="application/json")


def _version() -> str:
    import stripe

    return str(stripe.api_version)
