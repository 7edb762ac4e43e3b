"""Who somebody is, for other areas: where they are reached, and who runs the place."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.access import Holder
from lift.accounts.models import Account
from lift.kernel.errors import NotFound


@dataclass(frozen=True)
class Contact:
    """Where a person is reached, and in which zone their times are shown."""

    email: str
    timezone: str
    leaving: bool = False


def holder_of(account: Account) -> Holder:
    """The account as billing decides on it."""
    return Holder(account.id, account.email_verified_at, account.deleted_at, account.leaves_at)


def contact(session: Session, account_id: UUID) -> Contact | None:
    """None for an account that is gone."""
    found = session.execute(
        select(Account.email, Account.timezone, Account.leaves_at.is_not(None)).where(
            Account.id == account_id, Account.deleted_at.is_(None)
        )
    ).one_or_none()
    return Contact(*found) if found else None


def by_email(session: Session, email: str) -> Account:
    """The account of an address; NotFound."""
    found = session.execute(select(Account).where(Account.email == email.strip())).scalar_one_or_none()
    if found is None:
        raise NotFound(f"No account has the address {email.strip()}.")
    return found


def find(session: Session, words: str) -> Account:
    """The account that an id or an address names; NotFound."""
    try:
        found = session.get(Account, UUID(words.strip()))
    except ValueError:
        return by_email(session, words)
    if found is None:
        raise NotFound(f"There is no account {words.strip()}.")
    return found


def emails_of(session: Session, account_ids: list[UUID]) -> dict[UUID, str]:
    """The addresses of these accounts, as far as they exist."""
    found = session.execute(select(Account.id, Account.email).where(Account.id.in_(account_ids)))
    return dict(found.all())


def make_admin(session: Session, account: Account, now: datetime) -> bool:
    """Let the person run the place; False when they did already. Only with a proved mailbox."""
    if account.email_verified_at is None or account.deleted_at is not None:
        raise NotFound("This address was not confirmed, so nobody is known to own it.")
    if account.admin_since is not None:
        return False
    account.admin_since = now
    session.flush()
    return True
