"""A small closed-loop load: threads that keep one connection each and count answers."""

import http.client
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What a load run gave."""

    requests: int
    seconds: float
    failures: int

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def load(url: str, *, seconds: float = 4.0, connections: int = 8, cookie: str = "") -> Load:
    """Ask ``url`` over and over; any status but 200 is a failure."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    ends = time.perf_counter() + seconds
    counts, failures = [0] * connections, [0] * connections

    def ask(place: int) -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        headers = {"Cookie": cookie} if cookie else {}
        while time.perf_counter() < ends:
            connection.request("GET", target, headers=headers)
            reply = connection.getresponse()
            reply.read()
            counts[place] += 1
            failures[place] += reply.status != 200
        connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(sum(counts), time.perf_counter() - started, sum(failures))
