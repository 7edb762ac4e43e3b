"""The trial: 168 hours, once for an account and once for a mailbox, without a card and without a provider."""

import unicodedata
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import idna
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing.models import TrialGrant

TRIAL = timedelta(hours=168)

DOTS_IGNORED = frozenset({"gmail.com"})
"""Providers that deliver ``a.b`` and ``ab`` to one mailbox."""

ALIASES = {"googlemail.com": "gmail.com"}


def canonical_email(address: str) -> str:
    """One spelling for all spellings of a mailbox; ``ValueError`` when it is no address."""
    local, at, domain = unicodedata.normalize("NFKC", address).strip().rpartition("@")
    if not at or not local or not domain:
        raise ValueError("not an e-mail address")
    try:
        domain = idna.encode(domain.lower().rstrip("."), uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError("not an e-mail address") from error
    domain = ALIASES.get(domain, domain)
    local = local.lower()
    # A local part that is nothing but a tag is left as it is.
    local = local.partition("+")[0] or local
    if domain in DOTS_IGNORED:
        local = local.replace(".", "") or local
    return f"{local}@{domain}"


def grant_of(session: Session, account_id: UUID) -> TrialGrant | None:
    """The account's grant."""
    return session.execute(select(TrialGrant).where(TrialGrant.account_id == account_id)).scalar_one_or_none()


def grant(session: Session, account_id: UUID, email_hmac: bytes, now: datetime) -> TrialGrant | None:
    """Start the trial at ``now``.

    An account that has one gets the same back. None when the mailbox had its trial with another account.
    """
    inserted = session.execute(
        insert(TrialGrant)
        .values(id=uuid4(), account_id=account_id, email_hmac=email_hmac, starts_at=now, ends_at=now + TRIAL)
        .on_conflict_do_nothing()
        .returning(TrialGrant)
    ).scalar_one_or_none()
    return inserted or grant_of(session, account_id)
