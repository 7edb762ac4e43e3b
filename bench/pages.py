"""The bank's pages against a bare Flask route with one indexed query, on the same server settings."""

import os
import statistics
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.http import load
from bench.site import Person, Site, free_port

PUBLIC = "/question-bank/microsoft/backend-engineer"
SEARCH = "/questions"
ROUNDS = 7
"""Turns of yardstick and page; the median share is told, so that what else the machine does tells little."""


@contextmanager
def bare_route(database_url: str) -> Iterator[str]:
    """The address of the yardstick under granian."""
    from lift.runner import commands

    port = free_port()
    command = [
        part if part != "lift.web.wsgi:application" else "bench.bare:application"
        for part in commands.web("127.0.0.1", port)
    ]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_DATABASE_URL": database_url})
    address, pause = f"http://127.0.0.1:{port}/", threading.Event()
    for _ in range(200):
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(address, timeout=2).close()
            break
        pause.wait(0.05)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(20)


def page_ratios(site: Site, person: Person) -> None:
    """Print requests a second and their share of the yardstick, each page beside it in turns."""
    with bare_route(site.variable("LIFT_DATABASE_URL").replace("+psycopg", "")) as bare:
        load(bare, seconds=1)
        for name, path, cookie, bound in (
            ("bank page, kept", PUBLIC, "", "bound 0.80"),
            # Any cookie passes the cache by: the page is drawn for whoever has one.
            ("bank page, afresh", PUBLIC, "visitor=1", "bound 0.30"),
            ("  for a signed-in person", PUBLIC, person.cookie, "no bound: session and access are two queries more"),
            ("search with facets", SEARCH, person.cookie, "no bound: four queries"),
        ):
            load(site.address + path, seconds=1, cookie=cookie)
            rounds = [
                (load(bare, seconds=2), load(site.address + path, seconds=2, cookie=cookie)) for _ in range(ROUNDS)
            ]
            share = statistics.median(page.per_second / yardstick.per_second for yardstick, page in rounds)
            least, most = (pick(page.per_second for _, page in rounds) for pick in (min, max))
            failures = sum(page.failures for _, page in rounds)
            print(
                f"{name:<26}{least:6.0f} to {most:.0f} /s   {share:.2f} of a bare route with one query ({bound}),"
                f" {failures} failures"
            )
