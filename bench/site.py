"""A running product to be measured, and a person who has signed up."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """``pid`` and everything below it; one that ends meanwhile has nothing below it."""
    below: list[str] = []
    with suppress(OSError):
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(descendant for child in below for descendant in family(int(child)))]


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time of the processes so far, with that of children that ended; those that are gone count nothing."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            # The command's name is in brackets and may hold anything; user, system and the same of children follow.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Person:
    """A browser without pictures: keeps cookies, fills the hidden token of a form."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{c.name}={c.value}" for c in self.jar)

    def get(self, path: str) -> tuple[str, str]:
        """(the address where it ended, the page)."""
        with self._opener.open(urllib.parse.urljoin(self.address, path), timeout=30) as reply:
            return reply.geturl(), reply.read().decode()

    def submit(self, form_page: str, fields: dict[str, str], action: str | None = None) -> tuple[str, str]:
        """Post ``fields`` with the page's CSRF token; (address, page) of where it led."""
        address, page = self.get(form_page)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        body = urllib.parse.urlencode({"csrf_token": token[1] if token else "", **fields}).encode()
        target = urllib.parse.urljoin(self.address, action) if action else address
        with self._opener.open(target, data=body, timeout=30) as reply:
            return reply.geturl(), reply.read().decode()


@dataclass
class Site:
    """An address, the runner's process id, and how long it took to be ready."""

    address: str
    pid: int
    seconds: float
    home: Path

    def variable(self, name: str) -> str:
        """A setting of the running stack, as one of its processes was told."""
        for pid in family(self.pid):
            # A process may end while it is looked at.
            with suppress(OSError):
                for line in Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0"):
                    if line.startswith(f"{name}="):
                        return line.partition("=")[2]
        raise SystemExit(f"no process of the stack has {name}")

    def sign_up(self) -> Person:
        """Somebody on a running trial."""
        person = Person(self.address)
        person.submit("/sign-up", {"email": "bench@example.org", "password": "a lantern over the harbour"})
        link = self._mailed_link(person)
        person.submit(link, {})
        return person

    def _mailed_link(self, person: Person) -> str:
        pause = threading.Event()
        for _ in range(100):
            _, box = person.get("/dev/mail")
            for path in re.findall(r'href="(/dev/mail/[^"]+)"', box):
                found = re.search(r"/verify/[\w-]+", person.get(path)[1])
                if found:
                    return found[0]
            pause.wait(0.1)
        raise SystemExit("no mail with a link came")


@contextmanager
def running_site(home: Path) -> Iterator[Site]:
    """`lift up` on ``home`` until it is ready."""
    port, started = free_port(), time.perf_counter()
    home.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LIFT_")}
    with (home.parent / "up.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lift.cli", "up", "--port", str(port)],
            env={**environment, "LIFT_HOME": str(home)},
            stdout=log,
            stderr=log,
        )
    address, pause = f"http://127.0.0.1:{port}", threading.Event()
    while True:
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{address}/readyz", timeout=2).close()
            break
        if process.poll() is not None or time.perf_counter() - started > 180:
            raise SystemExit(f"lift up failed: {(home.parent / 'up.log').read_text()[-500:]}")
        pause.wait(0.05)
    try:
        yield Site(address, process.pid, time.perf_counter() - started, home)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
