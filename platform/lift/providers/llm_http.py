"""One JSON call over HTTP that ends in time, with every way to fail said in the scorer's terms.

The standard library's client, because its socket can be reached: time-outs bound each step, and a server that says a
byte now and then would hold a job for minutes. Redirects are not followed: the key and the answer go to one host.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from lift.scoring.llm.port import CallFailed

LARGEST = 1_000_000
"""Bytes of a reply; what was asked for comes to a hundredth."""
BUSY = frozenset({429, 529})
AGAIN = frozenset({408, 409, 425})
NOT_THIS_ONE = frozenset({400, 413, 422})
"""What was asked is refused, perhaps for the words of the answer: the next answer may be taken."""


@dataclass(frozen=True)
class Received:
    """A whole reply."""

    status: int
    body: bytes
    retry_after: float | None


def post_json(url: str, headers: Mapping[str, str], body: Mapping[str, Any], seconds: float) -> object:
    """The JSON value that ``url`` answers with, within ``seconds``. Raises ``CallFailed`` and nothing else.

    Its messages hold a status or the name of an error: what the other side writes may quote the answer or the key.
    """
    talk = _Talk(urlsplit(url), headers, json.dumps(body).encode("ascii"), seconds)
    talk.start()
    talk.join(seconds)
    if talk.is_alive():
        talk.cut_off()
        raise _failure(TimeoutError(), sent=talk.sent)
    if talk.received is None:
        raise _failure(talk.error or ConnectionError(), sent=talk.sent)
    return _value(talk.received)


def strict_json(text: str | bytes) -> object:
    """The value of ``text``. ``ValueError`` also for what JSON does not know, repeated names and nesting without end."""
    try:
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested without end") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _failure(error: Exception, *, sent: bool) -> CallFailed:
    name = type(error).__name__
    if not sent:
        # A certificate that is not theirs will not be theirs in a second either.
        return CallFailed("unreached", name, again=not isinstance(error, ssl.SSLCertVerificationError))
    if isinstance(error, TimeoutError):
        return CallFailed("timed_out", name, charged=True)
    if isinstance(error, _TooLarge):
        return CallFailed("bad_reply", "the reply is too large", charged=True)
    return CallFailed("down", name, again=True, charged=True)


def _value(received: Received) -> object:
    status = received.status
    if status == 200:
        try:
            return strict_json(received.body)
        except ValueError:
            raise CallFailed("bad_reply", "the reply is no JSON", charged=True) from None
    if status in BUSY:
        raise CallFailed("limited", f"HTTP {status}", again=True, retry_after=received.retry_after)
    if status >= 500 or status in AGAIN:
        raise CallFailed("down", f"HTTP {status}", again=True, retry_after=received.retry_after)
    raise CallFailed("bad_reply" if status in NOT_THIS_ONE else "refused", f"HTTP {status}")


def _retry_after(headers: http.client.HTTPMessage) -> float | None:
    """Seconds, or a date, which is held against the same clock's own ``Date``."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        later = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, later.total_seconds())


class _TooLarge(Exception):
    """The reply goes on and on."""


class _Talk(threading.Thread):
    """One call in a thread of its own, so that it can be cut off."""

    def __init__(self, url: SplitResult, headers: Mapping[str, str], body: bytes, seconds: float) -> None:
        super().__init__(name="llm", daemon=True)
        self.error: Exception | None = None
        self.received: Received | None = None
        self.sent = False
        """Whether the request may have reached the other side."""
        self._url = url
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        self._body = body
        self._cut = False
        host, port = url.hostname or "", url.port
        self._line = (
            http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
            if url.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=seconds)
        )

    def run(self) -> None:
        try:
            self._say()
        except Exception as error:  # whatever it is, the thread that waits has to know
            self.error = error
        finally:
            self._line.close()

    def cut_off(self) -> None:
        """Nothing is sent or read from now on."""
        self._cut = True
        line = self._line.sock
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _say(self) -> None:
        self._line.connect()
        if self._cut:
            return
        self.sent = True
        self._line.request("POST", self._url.path, self._body, self._headers)
        reply = self._line.getresponse()
        body = reply.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise _TooLarge
        if reply.length:
            # Read with a limit, http.client takes half a body for a whole one.
            raise http.client.IncompleteRead(b"", reply.length)
        self.received = Received(reply.status, body, _retry_after(reply.headers))
