"""B30: what exists for development does not exist in production, whatever is asked and from wherever."""

import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError

from billing.sandbox.app import refuse_production
from billing.signature import header_for
from lift.kernel.clock import SystemClock, clock_of
from lift.kernel.settings import Settings
from lift.runner.sandbox import make_sandbox
from lift.web.app import create_app
from lift.wiring import Services

SECRET = "whsec_of_production"
PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "secret_key": "s" * 40,
    "trial_key": "t" * 40,
    "database_url": "postgresql+psycopg://lift@db/lift",
    "redis_url": "redis://redis/0",
    "base_url": "https://lift.example.org",
    "trusted_hosts": ["lift.example.org"],
    "smtp_url": "smtp://mail:587",
    "mail_from": "Lift <a@example.org>",
    "stripe_secret_key": "sk_live_1",
    "stripe_webhook_secret": SECRET,
}


@pytest.fixture
def production(services: Services) -> Flask:
    services.settings = Settings(**PRODUCTION)
    return create_app(services.settings, services)


def answer(app: Flask, path: str, method: str = "GET", **more: Any) -> int:
    client = app.test_client()
    reply = client.open(path, method=method, base_url="https://lift.example.org", **more)
    reply.close()
    return reply.status_code


@pytest.mark.parametrize(
    "path",
    ["/dev/mail", "/dev/mail/00000000-0000-0000-0000-000000000000", "/dev/components", "/_sandbox", "/_sandbox/"]
    + [f"/_sandbox/{call}" for call in ("advance", "pay_checkout", "reset")]
    + ["/v1/customers", "/checkout/cs_test_1", "/portal/bps_1"],
)
def test_b30_the_sandbox_and_the_mailbox_are_not_there_in_production(production: Flask, path: str) -> None:
    assert answer(production, "/livez") == 200
    assert answer(production, path) == 404


def test_b30_a_signed_event_of_the_test_mode_is_refused_in_production(production: Flask, now: datetime) -> None:
    event = {"id": "evt_1", "type": "customer.updated", "created": 1, "data": {"object": {"id": "cus_1"}}}
    statuses = []
    for livemode in (False, True):
        raw = json.dumps({**event, "livemode": livemode}).encode()
        headers = {"Stripe-Signature": header_for(raw, SECRET, int(now.timestamp()))}
        statuses.append(answer(production, "/webhooks/stripe", "POST", data=raw, headers=headers))
    assert statuses == [400, 200]


def test_b30_production_has_no_sandbox_and_goes_by_the_machine_s_clock() -> None:
    settings = Settings(**PRODUCTION)
    assert isinstance(clock_of(settings), SystemClock)
    with pytest.raises(RuntimeError):
        make_sandbox(settings)
    for name in ("production", "staging", ""):
        with pytest.raises(RuntimeError):
            refuse_production(name)
    with pytest.raises(ValidationError, match="LIFT_STRIPE_API_BASE is for the sandbox"):
        Settings(**PRODUCTION, stripe_api_base="http://127.0.0.1:1")
