"""Whole pages over HTTP: granian with one process for each bank, asked in turns by one person."""

import http.client
import os
import re
import secrets
import statistics
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from bench.search.banks import Bank
from bench.site import Person, free_port
from lift.runner import commands
from lift.runner.binaries import ServerBinaries
from lift.runner.valkey import EmbeddedValkey

WARM = 5
ROUNDS = 60
"""Requests of each shape at each size."""


class Site:
    """One bank's web process, and somebody who is signed in there."""

    def __init__(self, bank: Bank, address: str, person: Person, email: str) -> None:
        self.bank, self.email = bank, email
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._headers = {"Cookie": person.cookie}

    def seconds(self, path: str) -> float:
        """How long the page takes, to its last byte; anything but 200 ends the bench."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        reply = self._connection.getresponse()
        reply.read()
        if reply.status != 200:
            raise SystemExit(f"{path} answers {reply.status} in the bank of {self.bank.size:,}")
        return time.perf_counter() - began


@contextmanager
def sites(banks: Sequence[Bank], home: Path) -> Iterator[Mapping[int, Site]]:
    """A site for each bank, by size."""
    with ExitStack() as stack:
        valkey = EmbeddedValkey(home / "valkey", ServerBinaries())
        valkey.start()
        stack.callback(valkey.stop)
        yield {bank.size: stack.enter_context(_site(bank, valkey.url, home)) for bank in banks}


@contextmanager
def _site(bank: Bank, redis_url: str, home: Path) -> Iterator[Site]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    own = home / f"web-{bank.size}"
    own.mkdir(parents=True, exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LIFT_")},
        "LIFT_HOME": str(own),
        "LIFT_DATABASE_URL": bank.url,
        "LIFT_REDIS_URL": redis_url,
        "LIFT_BASE_URL": address,
        "LIFT_EMBEDDED": "1",
        "LIFT_SECRET_KEY": secrets.token_hex(32),
        "LIFT_TRIAL_KEY": secrets.token_hex(32),
        "OMP_NUM_THREADS": "1",
    }
    commands.count_together(own / "metrics", environment)
    with (own / "web.log").open("ab") as log:
        process = subprocess.Popen(
            commands.web("127.0.0.1", port, processes=1), env=environment, stdout=log, stderr=log
        )
    try:
        _wait(address, process)
        email = f"bench-{secrets.token_hex(6)}@example.org"
        yield Site(bank, address, _signed_up(bank, address, email), email)
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    pause = threading.Event()
    for _ in range(600):
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{address}/livez", timeout=2).close()
            return
        if process.poll() is not None:
            break
        pause.wait(0.05)
    raise SystemExit("the web did not start")


def _signed_up(bank: Bank, address: str, email: str) -> Person:
    """A mailbox that had no trial before; its mail is read where it waits to be sent."""
    person = Person(address)
    person.submit("/sign-up", {"email": email, "password": "a lantern over the harbour"})
    with psycopg.connect(bank.dsn) as connection:
        row = connection.execute("SELECT body_text FROM mail_messages WHERE to_address = %s", [email]).fetchone()
    link = re.search(r"/verify/[\w-]+", row[0] if row else "")
    if link is None:
        raise SystemExit("no mail with a link was promised")
    person.submit(link[0], {})
    return person


def path_of(arguments: Sequence[tuple[str, str]], cursor: str | None = None) -> str:
    """The address of a search."""
    pairs = [*arguments, *([("after", cursor)] if cursor else [])]
    return f"/questions?{urlencode(pairs)}" if pairs else "/questions"


def p95(times: Sequence[float]) -> float:
    """Milliseconds within which 95 of 100 of these seconds lie."""
    return 1000 * statistics.quantiles(times, n=20)[-1]


def timed(asked: Mapping[int, tuple[Site, str]]) -> Mapping[int, Sequence[float]]:
    """The seconds that each size's page took, the sizes asked in turns."""
    taken: dict[int, list[float]] = {size: [] for size in asked}
    for turn in range(WARM + ROUNDS):
        for size, (site, path) in asked.items():
            seconds = site.seconds(path)
            if turn >= WARM:
                taken[size].append(seconds)
    return taken
