"""What Prometheus reads: by token alone, over all processes, and true to the facts."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import ValidationError
from sqlalchemy.orm import Session

from billing.models import Drift, EventRow
from lift.kernel.jobs import Job, enqueue
from lift.kernel.settings import Settings
from lift.runner.commands import count_together
from lift.web.app import create_app
from lift.wiring import Services

TOKEN = "a token that nobody guesses, 32 long"


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(
        environment="test", database_url=database_url, redis_url=redis_url, home=tmp_path, metrics_token=TOKEN
    )


@pytest.fixture
def prometheus(app: Flask) -> FlaskClient:
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return made


def value(text: str, start: str) -> float:
    (line,) = (line for line in text.splitlines() if line.startswith(start))
    return float(line.rpartition(" ")[2])


@pytest.mark.parametrize(
    "shown", [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é"]
)
def test_without_the_token_there_is_no_such_page(client: FlaskClient, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown}
    assert client.get("/metrics", headers=headers).status_code == 404


def test_where_no_token_is_set_nothing_opens_it(settings: Settings, services: Services) -> None:
    unset = settings.model_copy(update={"metrics_token": type(settings.metrics_token)("")})
    services.settings = unset
    client = create_app(unset, services).test_client()
    for shown in ("Bearer ", "Bearer", ""):
        assert client.get("/metrics", headers={"Authorization": shown}).status_code == 404


def test_a_token_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValidationError, match="LIFT_METRICS_TOKEN needs 32 characters"):
        Settings(metrics_token="short")


def test_requests_are_counted_by_route_and_status(prometheus: FlaskClient) -> None:
    start = 'lift_request_seconds_count{route="/verify/<token>",status="410"}'
    prometheus.get("/verify/a-secret-token")
    before = value(prometheus.get("/metrics").text, start)
    prometheus.get("/verify/a-secret-token")
    text = prometheus.get("/metrics").text
    assert value(text, start) == before + 1
    assert "a-secret-token" not in text


def test_drift_inbox_and_jobs_are_those_of_the_facts(prometheus: FlaskClient, session: Session, now: datetime) -> None:
    old = {
        "type": "invoice.paid",
        "subject": "sub:1",
        "created": now,
        "livemode": False,
        "api_version": "",
        "payload": {},
    }
    session.add(EventRow(id="evt_1", **old, received_at=now - timedelta(minutes=5), state="failed", attempts=1))
    session.add(EventRow(id="evt_2", **old, received_at=now - timedelta(days=5), state="done", attempts=1))
    session.add(Drift(kind="subscription", object_id="sub_1", detail={}, found_at=now - timedelta(hours=1)))
    session.add(Drift(kind="subscription", object_id="sub_1", detail={}, found_at=now - timedelta(days=2)))
    enqueue(session, Job.SEND_MAIL, "k", {}, now)
    session.commit()
    text = prometheus.get("/metrics").text
    assert value(text, 'lift_billing_drift{kind="subscription"}') == 1
    assert value(text, 'lift_billing_events{state="failed"}') == 1
    assert value(text, "lift_billing_oldest_event_seconds ") == 300
    assert value(text, 'lift_jobs{queue="mail",state="open"}') == 1
    assert value(text, 'lift_jobs{queue="default",state="parked"}') == 0
    assert "lift_subscriptions" in text


PROCESS = "from lift.web.metrics import REQUESTS, requests_as_text; REQUESTS.labels('/', '200').observe(1); print(requests_as_text().decode())"


def test_whichever_process_is_asked_tells_of_all(tmp_path: Path) -> None:
    env = dict(os.environ)
    for expected in ("1.0", "2.0"):
        if expected == "1.0":
            count_together(tmp_path / "metrics", env)
        said = subprocess.run(
            [sys.executable, "-c", PROCESS], env=env, capture_output=True, text=True, check=True
        ).stdout
        assert f'lift_request_seconds_count{{route="/",status="200"}} {expected}' in said
    count_together(tmp_path / "metrics", env)
    assert list((tmp_path / "metrics").iterdir()) == []
