"""Billing's e-mails: what billing promises becomes a mail of the product, with times in the person's zone."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from billing.notices import TRIAL_KINDS
from billing.plans import plan_for
from lift.accounts import zones
from lift.accounts.people import contact
from lift.notifications.service import send_mail

LONGEST_KEY = 160
"""Of a mail's effect key, as its column has it."""


def promise_mail(
    session: Session,
    base_url: str,
    account_id: UUID,
    kind: str,
    effect_key: str,
    context: dict[str, Any],
    now: datetime,
) -> UUID | None:
    """Promise the mail of this kind, once for its key; None when it was, or when the account is gone.

    Who is about to leave is not asked to stay.
    """
    person = contact(session, account_id)
    if person is None or (person.leaving and kind in TRIAL_KINDS):
        return None
    values = in_words(context, person.timezone) | {"billing": f"{base_url}/billing", "pricing": f"{base_url}/pricing"}
    return send_mail(session, account_id, person.email, kind, fitting(f"billing:{effect_key}"), values, now)


def in_words(context: dict[str, Any], timezone: str) -> dict[str, Any]:
    """The context as letters need it: moments (``…_at``) in the person's zone, a plan by its name."""
    words = dict(context)
    for name, value in context.items():
        if name.endswith("_at") and value:
            words[name] = zones.moment_in(datetime.fromisoformat(value), timezone)
        elif name == "plan":
            plan = plan_for(value)
            words[name] = plan.name if plan else "your plan"
    return words


def fitting(effect_key: str) -> str:
    """The key, or its hash where it is longer than its column."""
    if len(effect_key) <= LONGEST_KEY:
        return effect_key
    return hashlib.sha256(effect_key.encode()).hexdigest()
