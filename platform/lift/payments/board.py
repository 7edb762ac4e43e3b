"""What the operator's desk shows of billing's figures, with the address of whom each is about."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from billing import figures
from billing.models import Snapshot
from lift.accounts.people import emails_of

Named = list[tuple[Snapshot, str]]
"""A subscription, and the address of its person."""


def failing(session: Session, *, livemode: bool) -> Named:
    """Subscriptions whose payment failed, the oldest failure first."""
    return _named(session, figures.failing(session, livemode=livemode))


def subscribers(session: Session, *, livemode: bool) -> Named:
    """Subscriptions that live, the newest copy first."""
    return _named(session, figures.living(session, livemode=livemode))


def _named(session: Session, rows: Sequence[Snapshot]) -> Named:
    emails: dict[UUID, str] = emails_of(session, [row.account_id for row in rows])
    return [(row, emails.get(row.account_id, "")) for row in rows]
