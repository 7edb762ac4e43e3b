"""Many subscribers at the sandbox and here, made as copies of one who subscribed through the API."""

import json
import urllib.request
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, insert, text

from bench.site import Site
from billing.models import CustomerRow
from billing.plans import PLANS
from billing.stripe_gateway import StripeGateway
from lift.accounts.models import Account
from lift.kernel.ids import uuid7

COPY = text("""
    INSERT INTO stripe_sandbox.objects (id, kind, customer, clock, due, created, body)
    SELECT id || n, kind, customer || n, clock, due, created, replace(replace(replace(
        body::text, :customer, :customer || n), :sub, :sub || n), :bill, :bill || n)::jsonb
    FROM stripe_sandbox.objects, generate_series(1, :count) AS n
    WHERE id IN (:customer, :sub, :bill)
""")
TURN = text("""
    UPDATE stripe_sandbox.objects SET body = jsonb_set(body, '{cancel_at_period_end}', to_jsonb(CAST(:value AS boolean)))
    WHERE kind = 'subscription'
""")


def control(site: Site, call: str, **arguments: Any) -> Any:
    """Make a call of the sandbox's controls."""
    asked = urllib.request.Request(
        f"{site.variable('LIFT_STRIPE_API_BASE')}/_sandbox/{call}",
        data=json.dumps(arguments).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=30) as reply:
        return json.load(reply)["result"]


def _subscriber(gateway: StripeGateway, account: UUID) -> tuple[str, str, str]:
    """(customer, subscription, bill) of one who pays each month."""
    plan = PLANS[0]
    customer = gateway.create_customer(account=str(account), email="first@example.org", key=f"bench-{account}").id
    card = gateway.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    gateway.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})
    price = gateway.v1.prices.list({"lookup_keys": [plan.key]}).data[0].id
    made = gateway.v1.subscriptions.create({"customer": customer, "items": [{"price": price}]})
    return customer, made.id, str(made.latest_invoice)


def _accounts(connection: Connection, customer: str, count: int) -> None:
    now = datetime.now(UTC)
    ids = [uuid7() for _ in range(count)]
    address = "bench-{}@example.org"
    people = [
        {
            "id": made,
            "email": address.format(n),
            "email_canonical": address.format(n),
            "password_hash": "none",
            "created_at": now,
            "email_verified_at": now,
        }
        for n, made in enumerate(ids, start=1)
    ]
    customers = [
        {"account_id": made, "provider_id": f"{customer}{n}", "idempotency_key": f"bench-{n}", "created_at": now}
        for n, made in enumerate(ids, start=1)
    ]
    connection.execute(insert(Account), people)
    connection.execute(insert(CustomerRow), customers)


def subscribers(site: Site, engine: Engine, count: int) -> list[dict[str, Any]]:
    """``count`` subscriptions of as many accounts, as the provider describes them; none was told to the product."""
    control(site, "hold")
    gateway = StripeGateway(site.variable("LIFT_STRIPE_SECRET_KEY"), site.variable("LIFT_STRIPE_API_BASE"))
    customer, sub, bill = _subscriber(gateway, uuid7())
    with engine.begin() as connection:
        connection.execute(COPY, {"customer": customer, "sub": sub, "bill": bill, "count": count})
        _accounts(connection, customer, count)
        bodies = text("SELECT body FROM stripe_sandbox.objects WHERE kind = 'subscription' AND id <> :sub")
        return list(connection.execute(bodies, {"sub": sub}).scalars())


def change_all(engine: Engine, *, leaving: bool) -> None:
    """Set at the provider, and say nothing, that every subscription is cancelled at its period's end, or is not."""
    with engine.begin() as connection:
        connection.execute(TURN, {"value": leaving})
