"""Reads the facts of an account and decides its access; at most one query."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from billing import trial
from billing.access import Access, Facts, Trial, decide


def facts_for(
    session: Session, account_id: UUID, *, email_verified_at: datetime | None, deleted_at: datetime | None
) -> Facts:
    """The stored facts of a signed-in account, in one query."""
    granted = trial.grant_of(session, account_id)
    return Facts(
        signed_in=True,
        email_verified_at=email_verified_at,
        deleted_at=deleted_at,
        trial=Trial(granted.starts_at, granted.ends_at) if granted else None,
    )


def access_for(
    session: Session,
    *,
    account_id: UUID | None,
    email_verified_at: datetime | None,
    deleted_at: datetime | None,
    now: datetime,
) -> Access:
    """What may be done now; ``account_id`` None is a visitor and costs no query."""
    if account_id is None:
        return decide(Facts(), now)
    facts = facts_for(session, account_id, email_verified_at=email_verified_at, deleted_at=deleted_at)
    return decide(facts, now)
