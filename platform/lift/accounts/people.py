"""Who somebody is, for other areas: where they are reached, and who runs the place."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from billing.access import Holder
from lift.accounts.models import Account
from lift.kernel.errors import NotFound


class Role(StrEnum):
    """What a person may do here besides practising."""

    REVIEWER = "reviewer"
    ADMIN = "admin"


_SINCE = {Role.REVIEWER: "reviewer_since", Role.ADMIN: "admin_since"}


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


def grant(session: Session, account: Account, role: Role, now: datetime) -> bool:
    """Give the role; False when the person has it. Only with a proved mailbox."""
    if account.email_verified_at is None or account.deleted_at is not None:
        raise NotFound("This address was not confirmed, so nobody is known to own it.")
    if has(account, role):
        return False
    setattr(account, _SINCE[role], now)
    session.flush()
    return True


def revoke(session: Session, account: Account, role: Role) -> bool:
    """Take the role; False when the person does not have it."""
    if not has(account, role):
        return False
    setattr(account, _SINCE[role], None)
    session.flush()
    return True


def has(account: Account, role: Role) -> bool:
    """Whether the role was given to this account itself."""
    return getattr(account, _SINCE[role]) is not None


def may_review(account: Account) -> bool:
    """Who runs the place may review too."""
    return has(account, Role.REVIEWER) or has(account, Role.ADMIN)


def with_roles(session: Session) -> list[Account]:
    """Everybody who has a role, by address."""
    either = or_(Account.admin_since.is_not(None), Account.reviewer_since.is_not(None))
    return list(session.execute(select(Account).where(either).order_by(Account.email)).scalars())


def make_admin(session: Session, account: Account, now: datetime) -> bool:
    """Let the person run the place; False when they did already. Only with a proved mailbox."""
    return grant(session, account, Role.ADMIN, now)
