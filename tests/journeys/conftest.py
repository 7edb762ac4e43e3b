"""The whole product as a person meets it: `lift up` in a folder of its own, and a browser that may only ask this host."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from lift.runner.browser import find_chromium

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    with (
        contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
        urllib.request.urlopen(url, timeout=2) as reply,
    ):
        return bool(reply.status == 200)
    return False


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the running product."""
    return tmp_path_factory.mktemp("home")


@contextlib.contextmanager
def running(home: Path, **settings: str) -> Iterator[str]:
    """The address of a product that runs in ``home`` with these settings."""
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if k not in ("LIFT_DATABASE_URL", "LIFT_REDIS_URL")}
    log = (home / "up.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "lift.cli", "up", "--port", str(port)],
        env={**kept, **settings, "LIFT_HOME": str(home)},
        stdout=log,
        stderr=log,
    )
    address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 120
    while not answers(f"{address}/readyz"):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"lift up did not come up: {(home / 'up.log').read_text()[-2000:]}")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
    yield address
    process.send_signal(signal.SIGINT)
    process.wait(20)
    log.close()


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of a running product with an empty home."""
    with running(home) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=find_chromium(), args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that fails the test when anything asks another host, or when a script breaks."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    strangers: list[str] = []
    broken: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((site, "data:", "blob:")):
            strangers.append(request.url)

    opened.on("request", look)
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    context.close()
    assert strangers == []
    assert broken == []


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go."""
    folder = Path(os.environ.get("LIFT_PICTURES", ".lift/pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
