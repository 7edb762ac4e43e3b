"""Liveness and readiness."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lift.kernel.clock import FixedClock
from lift.operations.heartbeats import GROUPS, beat
from lift.wiring import Services


def test_the_process_says_that_it_lives(client: FlaskClient) -> None:
    assert client.get("/livez").status_code == 200


def parts(client: FlaskClient) -> dict[str, bool]:
    found: dict[str, bool] = client.get("/readyz").get_json()["parts"]
    return found


def test_without_a_worker_the_site_is_not_ready_and_says_which_part_is_missing(client: FlaskClient) -> None:
    assert client.get("/readyz").status_code == 503
    assert parts(client) == {
        "database": True,
        "migrations": True,
        "valkey": True,
        "worker-score": False,
        "worker-default": False,
    }


def test_workers_seen_a_moment_ago_make_the_site_ready(
    client: FlaskClient, services: Services, clock: FixedClock
) -> None:
    for group in GROUPS:
        beat(services.redis, group, clock.now())
    assert client.get("/readyz").status_code == 200
    clock.advance(timedelta(seconds=31))
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("dead", GROUPS)
def test_a_dead_group_of_workers_is_named_though_the_others_live(
    client: FlaskClient, services: Services, clock: FixedClock, dead: str
) -> None:
    for group in GROUPS:
        if group != dead:
            beat(services.redis, group, clock.now())
    assert client.get("/readyz").status_code == 503
    assert [name for name, ready in parts(client).items() if not ready] == [f"worker-{dead}"]
