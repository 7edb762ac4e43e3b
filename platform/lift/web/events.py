"""Event streams: one listener a process wakes the pages that wait; a stream holds no database connection."""

import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from flask import Response
from redis import Redis
from redis.exceptions import RedisError

from lift.providers.announcer import CHANNEL

log = structlog.get_logger(__name__)

STREAM_SECONDS = 20
"""A stream ends after this and the browser opens the next, so that a thread is never held for long."""
MIMETYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
LOOK_EVERY = 4.0
"""Seconds between looks at the row, should an announcement be lost."""


class Hub:
    """Waits for announcements on behalf of all streams of this process."""

    def __init__(self, redis: Redis, capacity: int) -> None:
        self._redis = redis
        self._slots = threading.BoundedSemaphore(capacity)
        self._waiting: dict[str, set[threading.Event]] = defaultdict(set)
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None

    def try_enter(self) -> bool:
        """Take a place for a stream; False when half of the threads stream already."""
        return self._slots.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place back."""
        self._slots.release()

    def stream(self, topic: str, is_ready: Callable[[], bool], seconds: float = STREAM_SECONDS) -> Response:
        """A response that follows ``topic``; 503 when there is no place, and the page looks again by itself."""
        if not self.try_enter():
            return Response("busy\n", 503, mimetype="text/plain", headers={"Retry-After": "5"})
        response = Response(follow(self, topic, is_ready, seconds), mimetype=MIMETYPE, headers=HEADERS)
        # The place belongs to the response and not to its text, which may never be asked for: the reader may be gone
        # before the first line, and an error on the way out drops the response unread. Called twice, it acts once.
        response.call_on_close(weakref.finalize(response, self.leave))
        return response

    @contextmanager
    def waiting_for(self, topic: str) -> Iterator[threading.Event]:
        """An event that is set when ``topic`` is announced."""
        event = threading.Event()
        with self._lock:
            self._waiting[topic].add(event)
            if self._listener is None or not self._listener.is_alive():
                self._listener = threading.Thread(target=self._listen, name="announcements", daemon=True)
                self._listener.start()
        try:
            yield event
        finally:
            with self._lock:
                self._waiting[topic].discard(event)
                if not self._waiting[topic]:
                    del self._waiting[topic]

    def _listen(self) -> None:
        """Until Valkey goes away; the next stream starts a new listener, and the rows are looked at meanwhile."""
        try:
            with self._redis.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
                channel.subscribe(CHANNEL)
                while True:
                    message = channel.get_message(timeout=1.0)
                    if message is not None:
                        self._wake(message["data"].decode())
        except (RedisError, OSError, ValueError) as error:
            log.warning("announcements_unheard", error=str(error))

    def _wake(self, topic: str) -> None:
        with self._lock:
            for event in self._waiting.get(topic, ()):
                event.set()


def follow(hub: Hub, topic: str, is_ready: Callable[[], bool], seconds: float = STREAM_SECONDS) -> Iterator[str]:
    """Server-sent events until ``is_ready``: ``state`` at the start, ``done`` at the end, ``again`` on time-out."""
    yield "retry: 1000\nevent: state\ndata: Reading your answer\n\n"
    with hub.waiting_for(topic) as event:
        for _ in range(max(1, round(seconds / LOOK_EVERY))):
            if is_ready():
                yield "event: done\ndata: ready\n\n"
                return
            event.wait(min(LOOK_EVERY, seconds))
            yield ": still here\n\n"
        if is_ready():
            yield "event: done\ndata: ready\n\n"
            return
    yield "event: again\ndata: later\n\n"
