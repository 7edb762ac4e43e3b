"""Tries are counted in PostgreSQL: nothing that happens to Valkey gives fresh ones."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lift.accounts.models import Tries
from lift.accounts.throttle import Limit, Throttle, recent, wait_for
from lift.kernel.errors import RateLimited
from lift.wiring import Services
from tests.accounts.conftest import EMAIL, Browser
from tests.conftest import NOW

FIVE = Limit(5, timedelta(days=1))


@pytest.fixture
def throttle(session_factory: sessionmaker[Session]) -> Throttle:
    return Throttle(session_factory, "a secret")


def use_up(throttle: Throttle, limit: Limit, who: str, now: datetime) -> None:
    for _ in range(limit.amount):
        throttle.hit(limit, "test", who, now=now)


def test_each_person_and_each_purpose_is_counted_by_itself(throttle: Throttle, now: datetime) -> None:
    use_up(throttle, FIVE, "ada", now)
    throttle.hit(FIVE, "test", "bob", now=now)
    throttle.hit(FIVE, "another test", "ada", now=now)
    with pytest.raises(RateLimited) as refused:
        throttle.hit(FIVE, "test", "ada", now=now)
    assert refused.value.retry_after == 86_400


def test_a_try_is_free_again_when_its_window_has_passed_and_a_refused_one_costs_nothing(
    throttle: Throttle, now: datetime
) -> None:
    use_up(throttle, FIVE, "ada", now)
    for _ in range(3):
        with pytest.raises(RateLimited):
            throttle.hit(FIVE, "test", "ada", now=now + FIVE.window - timedelta(seconds=1))
    throttle.hit(FIVE, "test", "ada", now=now + FIVE.window)


def test_counters_name_nobody_and_go_when_they_are_spent(throttle: Throttle, session: Session, now: datetime) -> None:
    use_up(throttle, FIVE, EMAIL, now)
    assert EMAIL.encode() not in session.execute(select(Tries.key)).scalar_one()
    throttle.hit(FIVE, "test", "bob", now=now + FIVE.window)
    assert len(session.execute(select(Tries.key)).all()) == 1


@given(st.lists(st.integers(0, 600), max_size=40).map(sorted))
def test_no_window_ever_holds_more_than_its_share(seconds: list[int]) -> None:
    limit = Limit(4, timedelta(seconds=100))
    kept: list[datetime] = []
    for second in seconds:
        moment = NOW + timedelta(seconds=second)
        counted = recent(limit, kept, moment)
        if wait_for(limit, counted, moment) == 0:
            kept.append(moment)
    for start in kept:
        assert sum(start <= moment < start + limit.window for moment in kept) <= limit.amount


def test_who_waits_as_long_as_was_said_has_waited_enough() -> None:
    limit = Limit(2, timedelta(seconds=100))
    tries = [NOW, NOW + timedelta(seconds=40.5)]
    moment = NOW + timedelta(seconds=50.2)
    later = moment + timedelta(seconds=wait_for(limit, tries, moment))
    assert wait_for(limit, recent(limit, tries, later), later) == 0


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_a_window() -> None:
    limit = Limit(1, timedelta(seconds=100))
    ahead = recent(limit, [NOW + timedelta(days=8)], NOW)
    assert wait_for(limit, ahead, NOW) <= 100


def test_a_flushed_valkey_gives_no_fresh_tries(browser: Browser, services: Services, verified: str) -> None:
    for _ in range(10):
        assert browser.log_in(password="not the password").status_code == 422
    services.redis.flushall()
    assert browser.log_in().status_code == 429


def test_an_absent_valkey_gives_no_fresh_tries_to_another_process(
    app: Flask, services: Services, verified: str
) -> None:
    services.redis = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    for _ in range(10):
        assert Browser(app).log_in(password="not the password").status_code == 422
    app.extensions = {"lift": services, **{k: v for k, v in app.extensions.items() if not k.startswith("lift")}}
    assert Browser(app).log_in().status_code == 429


@pytest.mark.parametrize("spelling", ["ADA@example.org", "ada@EXAMPLE.org", " ada@example.org"])
def test_another_spelling_of_the_address_gives_no_fresh_tries(app: Flask, verified: str, spelling: str) -> None:
    for peer in range(10):
        reply = app.test_client().post(
            "/log-in", data={"email": EMAIL, "password": "x"}, environ_base={"REMOTE_ADDR": f"192.0.2.{peer}"}
        )
        assert reply.status_code == 422
    last = app.test_client().post("/log-in", data={"email": spelling, "password": "x"})
    assert last.status_code == 429
