"""Reads the facts of an account and decides its access; at most one query."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from billing.access import Access, Facts, Trial, decide
from billing.models import TrialGrant

# Asked by every request of a signed-in person: two columns, built once.
_TRIAL = select(TrialGrant.starts_at, TrialGrant.ends_at).where(TrialGrant.account_id == bindparam("account_id"))


def facts_for(
    session: Session, account_id: UUID, *, email_verified_at: datetime | None, deleted_at: datetime | None
) -> Facts:
    """The stored facts of a signed-in account, in one query."""
    granted = session.execute(_TRIAL, {"account_id": account_id}).one_or_none()
    return Facts(
        signed_in=True,
        email_verified_at=email_verified_at,
        deleted_at=deleted_at,
        trial=Trial(*granted) if granted else None,
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
