"""Public pages answered before Flask: the same bytes for everybody without a cookie, until the content changes.

A kept page is sent packed to whoever takes gzip. Nothing of a person is in it, so its packed length tells nothing.
"""

import gzip
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger("lift.request")

SLOT = "lift.page_cache"
"""Where a request's environment has the ``Keeper`` of a page that may be kept."""
MOST_PAGES = 768
"""Pages kept in a process: some 30 kB each, and the bank has some 620."""

TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
"""Found in an Accept-Encoding that has gzip and does not rule it out."""

WITHOUT = frozenset({"content-length", "content-type", "content-encoding"})
"""Headers of a body, which an answer without one has not."""

Headers = Sequence[tuple[str, str]]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Page:
    """A page as it was sent, with the version of the content that it shows."""

    version: str
    route: str
    etag: str
    headers: Headers
    body: bytes
    packed_headers: Headers
    packed: bytes
    """The body as gzip."""


@dataclass
class Keeper:
    """Given to the view through the environment: it may send ``page`` again, or have what it draws kept."""

    page: Page | None
    """What is kept of this address, at whatever version."""
    version: str = ""
    route: str = ""
    etag: str = ""

    def keep(self, version: str, route: str, etag: str) -> None:
        """Keep what is sent, as the page of ``version``."""
        self.version, self.route, self.etag = version, route, etag


class PageCache:
    """WSGI middleware. ``version`` gives what pages must show now, or None when nobody has looked lately.

    A request goes through to the app when its page is not kept at that version; the app looks the version up, and
    what it sends is kept. Nothing that a cookie could have changed is taken or given.
    """

    def __init__(self, app: "WSGIApplication", version: Callable[[], str | None], most: int = MOST_PAGES) -> None:
        self._app = app
        self._version = version
        self._most = most
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_COOKIE"):
            return self._app(environ, start_response)
        # The host is part of the key: only a host that the app has accepted is ever answered here.
        key = (environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        page = self._pages.get(key)
        if page is not None and page.version == self._version():
            return _send(page, environ, start_response)
        return self._ask(key, Keeper(page), environ, start_response)

    def addresses(self) -> Sequence[str]:
        """What is kept, the oldest first."""
        return [f"{path}?{query}" if query else path for _, path, query in self._pages]

    def _ask(
        self, key: Key, keeper: Keeper, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ[SLOT] = keeper
        sent: list[tuple[str, Headers]] = []

        def remember(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            sent.append((status, headers))
            return start_response(status, headers, *error)

        chunks = self._app(environ, remember)
        if not keeper.version or not sent[-1][0].startswith("200"):
            return chunks
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        self._keep(key, keeper, sent[-1][1], body)
        return (body,)

    def _keep(self, key: Key, keeper: Keeper, headers: Headers, body: bytes) -> None:
        if any(name.lower() == "set-cookie" for name, _ in headers):
            return
        kept = [(name, value) for name, value in headers if name.lower() != "x-request-id"]
        packed = gzip.compress(body, mtime=0)
        page = Page(keeper.version, keeper.route, keeper.etag, kept, body, _packed(kept, keeper.etag, packed), packed)
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)


def _send(page: Page, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """The page, or 304 when the browser has it."""
    request_id = secrets.token_hex(8)
    unchanged = page.etag in environ.get("HTTP_IF_NONE_MATCH", "")
    headers, body = page.headers, page.body
    if TAKES_GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")):
        headers, body = page.packed_headers, page.packed
    status, headers = ("304 NOT MODIFIED", _without_body(headers)) if unchanged else ("200 OK", headers)
    start_response(status, [*headers, ("X-Request-ID", request_id)])
    log.info("request", method="GET", route=page.route, status=int(status[:3]), ms=0.0, request_id=request_id)
    return () if unchanged else (body,)


def _packed(headers: Headers, etag: str, packed: bytes) -> Headers:
    """The headers of the packed page. Its tag is weak: the bytes are others, what they say is the same."""
    changed = {"content-length": str(len(packed)), "etag": f'W/"{etag}"'}
    found = [(name, changed.get(name.lower(), value)) for name, value in headers]
    return [*found, ("Content-Encoding", "gzip")]


def _without_body(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in WITHOUT]
