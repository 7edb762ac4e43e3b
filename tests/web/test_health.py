"""Liveness and readiness."""

from datetime import timedelta

from flask.testing import FlaskClient

from lift.kernel.clock import FixedClock
from lift.operations.health import beat
from lift.wiring import Services


def test_the_process_says_that_it_lives(client: FlaskClient) -> None:
    assert client.get("/livez").status_code == 200


def test_without_a_worker_the_site_is_not_ready_and_says_which_part_is_missing(client: FlaskClient) -> None:
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert reply.get_json()["parts"] == {"database": True, "migrations": True, "valkey": True, "worker": False}


def test_a_worker_seen_a_moment_ago_makes_the_site_ready(
    client: FlaskClient, services: Services, clock: FixedClock
) -> None:
    beat(services.redis, clock.now())
    assert client.get("/readyz").status_code == 200
    clock.advance(timedelta(seconds=31))
    assert client.get("/readyz").status_code == 503
