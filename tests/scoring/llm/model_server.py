"""A server of our own that speaks chat completions and messages on 127.0.0.1, and misbehaves on demand."""

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Grades = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def is_chat(self) -> bool:
        return self.path.endswith("/chat/completions")

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"] if self.is_chat else self.body["system"])

    @property
    def text(self) -> str:
        return str(self.body["messages"][-1]["content"])

    @property
    def schema(self) -> Mapping[str, Any]:
        if self.is_chat:
            return dict(self.body["response_format"]["json_schema"]["schema"])
        return dict(self.body["tools"][0]["input_schema"])

    @property
    def points(self) -> dict[str, str]:
        """The key points' texts by their codes."""
        return dict(re.findall(r"^\[(k[0-9a-f]+)\] (.+)$", self.text, re.MULTILINE))

    @property
    def answer(self) -> str:
        """What stands between the marks."""
        found = re.search(r"<answer (k[0-9a-f]{16})>\n(.*)\n</answer \1>", self.text, re.DOTALL)
        assert found
        return found[2]


Act = Callable[[BaseHTTPRequestHandler, Asked], None]
"""What the server does with a request."""


class ModelServer:
    """Reads honestly what ``hears`` tells it to hear, unless the next step of ``script`` does something else."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.hears: dict[str, str] = {}
        """A passage of the answer for each key point that is covered."""
        self.confidence = "high"
        self.script: deque[Act] = deque()
        self.usually: Act = self.reads
        self.closing = threading.Event()
        self.usage: dict[str, Any] = {
            "prompt_tokens": 1000,
            "completion_tokens": 200,
            "input_tokens": 1000,
            "output_tokens": 200,
        }
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                asked = Asked(self.path, dict(self.headers), body)
                server.asked.append(asked)
                act = server.script.popleft() if server.script else server.usually
                with suppress(OSError):
                    act(self, asked)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @contextmanager
    def running(self) -> Iterator["ModelServer"]:
        self._thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self._server.shutdown()
            self._server.server_close()

    # What it may do with a request.

    def reads(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        reports(handler, asked, self.honest(asked), self.usage)

    def honest(self, asked: Asked) -> Grades:
        return {code: self._grade(self.hears.get(text)) for code, text in asked.points.items()}

    def _grade(self, quote: str | None) -> Grades:
        return {"quote": quote or "", "status": "covered" if quote else "missed", "confidence": self.confidence}

    def tampers(self, change: Callable[[Grades, Asked], object]) -> Act:
        """An honest report, changed by ``change``, which returns the report to send."""

        def act(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
            reports(handler, asked, change(self.honest(asked), asked), self.usage)

        return act

    def hangs(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        """Says nothing until the test is over."""
        self.closing.wait(30)

    def drips(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        """A byte now and then, so that no step takes long and the whole never ends."""
        for byte in b"HTTP/1.1 200 OK\r\nX-Never-Ending: " + b"x" * 2000:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            if self.closing.wait(0.02):
                return


def obeys(grades: Grades, asked: Asked) -> Grades:
    """Grants everything, as the answer demanded, with the demand for its evidence."""
    return {code: {"quote": asked.answer, "status": "covered", "confidence": "high"} for code in grades}


def says(status: int, body: bytes = b"", **headers: str) -> Act:
    """These bytes."""

    def act(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def half_a_body(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"message": {"content": "{')


def hangs_up(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    handler.connection.close()


def reports(handler: BaseHTTPRequestHandler, asked: Asked, report: object, usage: object) -> None:
    """``report`` in the protocol that was asked; a text stands for itself where the protocol carries text."""
    text = report if isinstance(report, str) else json.dumps(report)
    if asked.is_chat:
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        reply: dict[str, Any] = {"object": "chat.completion", "choices": [choice], "usage": usage}
    else:
        block = {"type": "tool_use", "id": "t1", "name": "report", "input": report}
        reply = {"type": "message", "role": "assistant", "content": [block], "stop_reason": "tool_use", "usage": usage}
    says(200, json.dumps(reply).encode())(handler, asked)
