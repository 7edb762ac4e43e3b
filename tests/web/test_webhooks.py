"""The webhook: only what is signed with our secret is stored, once, and its work is promised with it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from billing.models import EventRow
from billing.signature import header_for
from lift.kernel.jobs import Job, JobRow
from lift.kernel.settings import Settings
from lift.web.app import create_app
from lift.wiring import Services

SECRET = "whsec_of_the_tests"
EVENT: Mapping[str, Any] = {
    "id": "evt_1",
    "type": "customer.subscription.updated",
    "created": 1_795_512_600,
    "livemode": False,
    "api_version": "2026-10-28.endive",
    "data": {"object": {"id": "sub_1", "customer": "cus_1"}},
}


def tell(client: FlaskClient, event: Mapping[str, Any], at: datetime, secret: str = SECRET) -> TestResponse:
    raw = json.dumps(event).encode()
    headers = {"Stripe-Signature": header_for(raw, secret, int(at.timestamp()))}
    return client.post("/webhooks/stripe", data=raw, headers=headers, content_type="application/json")


def test_an_event_is_stored_once_and_its_work_is_promised_once(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    assert [tell(client, EVENT, now).status_code for _ in range(3)] == [200, 200, 200]
    assert session.scalar(select(func.count()).select_from(EventRow)) == 1
    job = session.execute(select(JobRow).where(JobRow.job == Job.BILLING_EVENT)).scalar_one()
    assert job.payload == {"event_id": "evt_1"}


def test_a_machine_needs_no_token_of_a_form(app: Any, now: datetime) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert tell(app.test_client(), EVENT, now).status_code == 200


@pytest.mark.parametrize(
    ("secret", "late"),
    [("whsec_of_somebody", timedelta()), (SECRET, timedelta(seconds=301)), (SECRET, timedelta(seconds=-61))],
)
def test_what_is_signed_otherwise_or_at_another_time_is_refused(
    client: FlaskClient, session: Session, now: datetime, secret: str, late: timedelta
) -> None:
    assert tell(client, EVENT, now - late, secret).status_code == 400
    assert session.scalar(select(func.count()).select_from(EventRow)) == 0


def test_what_is_not_signed_or_of_the_other_mode_is_refused(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    assert client.post("/webhooks/stripe", data=b"{}").status_code == 400
    assert tell(client, {**EVENT, "livemode": True}, now).status_code == 400
    assert tell(client, {"id": "evt_2"}, now).status_code == 400
    assert session.scalar(select(func.count()).select_from(EventRow)) == 0


def test_an_event_that_concerns_nothing_is_kept_and_asks_for_no_work(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    assert tell(client, {**EVENT, "type": "balance.available"}, now).status_code == 200
    assert session.execute(select(EventRow.state)).scalar_one() == "ignored"
    assert session.scalar(select(func.count()).select_from(JobRow)) == 0


def test_without_a_secret_nothing_is_taken(settings: Settings, services: Services, now: datetime) -> None:
    bare = settings.model_copy(update={"stripe_webhook_secret": Settings().stripe_webhook_secret})
    services.settings = bare
    assert tell(create_app(bare, services).test_client(), EVENT, now, " ").status_code == 503


def test_a_live_event_is_refused_in_test_mode_and_said_why(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    told = tell(client, {**EVENT, "livemode": True}, now)
    assert (told.status_code, "test and live never mix" in told.text) == (400, True)
    assert session.scalar(select(func.count()).select_from(EventRow)) == 0


def test_while_a_secret_is_rotated_both_are_taken_and_afterwards_only_the_new_one(
    settings: Settings, services: Services, now: datetime
) -> None:
    def answers(previous: SecretStr | None) -> list[int]:
        changed = {"stripe_webhook_secret": SecretStr("whsec_new"), "stripe_webhook_secret_previous": previous}
        rotated = settings.model_copy(update=changed)
        told = create_app(rotated, replace(services, settings=rotated)).test_client()
        return [tell(told, EVENT, now, secret).status_code for secret in ("whsec_old", "whsec_new")]

    assert answers(SecretStr("whsec_old")) == [200, 200]
    assert answers(None) == [400, 200]
