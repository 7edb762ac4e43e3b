"""What answers carry: cookies and caching, and what a page says when something is away or full."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lift.kernel.db import make_engine, make_session_factory
from lift.kernel.errors import RateLimited, Unavailable
from lift.kernel.settings import Settings
from lift.web.app import create_app, web_services
from lift.web.limits import wait_words
from lift.web.manifest import asset_url
from lift.wiring import Services, build

MAX_CONNECTIONS = 100
"""PostgreSQL's own default."""


@pytest.fixture
def https(settings: Settings, services: Services) -> Flask:
    made = create_app(settings.model_copy(update={"base_url": "https://lift.example"}), services)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def test_a_cookie_under_https_is_bound_to_this_host_and_secure(https: Flask) -> None:
    client = https.test_client()
    reply = client.post(
        "/sign-up",
        base_url="https://lift.example",
        data={"email": "ada@example.org", "password": "a lantern over the harbour"},
    )
    assert reply.status_code == 303
    cookies = reply.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        parts = cookie.split("; ")
        assert parts[0].startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
        assert not any(part.startswith("Domain=") for part in parts)
    assert client.get("/account", base_url="https://lift.example").status_code == 200
    assert "max-age=63072000" in reply.headers["Strict-Transport-Security"]


def test_a_cookie_under_http_promises_nothing_that_a_browser_would_refuse(app: Flask) -> None:
    data = {"email": "ada@example.org", "password": "a lantern over the harbour"}
    cookie = app.test_client().post("/sign-up", data=data).headers["Set-Cookie"]
    assert cookie.startswith("lift=")
    assert "Secure" not in cookie


def test_an_asset_is_kept_for_a_year_and_its_absence_for_no_time(app: Flask) -> None:
    client = app.test_client()
    found = client.get(asset_url("app.css"))
    assert (found.status_code, found.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    unchanged = client.get(asset_url("app.css"), headers={"If-None-Match": found.headers["ETag"]})
    assert (unchanged.status_code, unchanged.headers["Cache-Control"]) == (304, found.headers["Cache-Control"])
    absent = client.get("/static/dist/app-GONE0000.css")
    assert (absent.status_code, absent.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("error", [PoolTimeout("all taken"), Unavailable("Too many people are logging in right now.")])
def test_what_is_full_or_away_says_when_to_ask_again(app: Flask, error: Exception) -> None:
    @app.get("/full")
    def full() -> str:
        raise error

    reply = app.test_client().get("/full")
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_pool_without_a_free_connection_is_a_503_and_not_a_fault(settings: Settings, services: Services) -> None:
    engine = make_engine(settings.database_url, connections=1)
    engine.pool._timeout = 0  # type: ignore[attr-defined]  # ten seconds in production
    services.engine = engine
    services.session_factory = make_session_factory(engine)
    services.reading_factory = make_session_factory(engine)
    app = create_app(settings, services)
    with engine.connect():
        reply = app.test_client().get("/question-bank")
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert app.test_client().get("/question-bank").status_code == 200
    engine.dispose()


def test_two_web_processes_and_two_workers_leave_postgresql_connections_to_spare(settings: Settings) -> None:
    web = web_services(settings)
    worker = build(settings)

    def most(services: Services) -> int:
        with services.session_factory() as writing, services.reading_factory() as reading:
            pools = [session.get_bind().pool for session in (writing, reading)]  # type: ignore[union-attr]  # engines
        return sum(int(pool.size() + pool._max_overflow) for pool in pools)  # type: ignore[attr-defined]  # of a QueuePool

    assert most(web) == settings.web_threads
    assert 2 * most(web) + 2 * most(worker) <= MAX_CONNECTIONS - 10


def test_a_reading_request_sends_each_statement_for_itself(settings: Settings) -> None:
    for alone in (True, False):
        engine = make_engine(settings.database_url, connections=1, only_reads=alone)
        with engine.connect() as connection:
            # In a transaction now() is the moment of its BEGIN, which came before.
            begins_here = connection.execute(text("SELECT statement_timestamp() = now()")).scalar_one()
            assert begins_here is alone
        engine.dispose()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "a minute"), (60, "a minute"), (61, "2 minutes"), (300, "5 minutes"), (5940, "99 minutes"), (5941, "2 hours"),
     (86_400, "24 hours")],
)  # fmt: skip
def test_a_wait_is_said_in_words(seconds: int, words: str) -> None:
    assert wait_words(seconds) == words


def test_the_page_of_too_many_tries_says_how_long_to_wait(app: Flask) -> None:
    @app.get("/often")
    def often() -> str:
        raise RateLimited(retry_after=int(timedelta(minutes=7).total_seconds()))

    reply = app.test_client().get("/often")
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "420")
    assert "Wait 7 minutes" in reply.text
    assert "Nothing is lost" not in reply.text
