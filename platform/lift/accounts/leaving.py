"""The account's own part of its deletion: asked for with a day, taken back before it, shut, gone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lift.accounts.models import Account, WebSession
from lift.kernel.errors import NotFound


def locked(session: Session, account_id: UUID) -> Account | None:
    """The account as it is now, held against everybody who writes it."""
    statement = select(Account).where(Account.id == account_id).with_for_update()
    return session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()


def ask(session: Session, account_id: UUID, leaves_at: datetime) -> Account | None:
    """Set the day; None when one was set before, or when the account is gone."""
    account = locked(session, account_id)
    if account is None or account.deleted_at is not None or account.leaves_at is not None:
        return None
    account.leaves_at = leaves_at
    session.flush()
    return account


def may_undo(session: Session, account_id: UUID, now: datetime) -> bool:
    """Whether there is a day, and it has not come."""
    found = select(Account.id).where(
        Account.id == account_id, Account.deleted_at.is_(None), Account.leaves_at.is_not(None), Account.leaves_at > now
    )
    return session.execute(found).first() is not None


def take_back(session: Session, account_id: UUID, now: datetime) -> Account | None:
    """Take the day away; None when there is none, or it has come."""
    account = locked(session, account_id)
    if account is None or account.deleted_at is not None or account.leaves_at is None or account.leaves_at <= now:
        return None
    account.leaves_at = None
    session.flush()
    return account


def shut(session: Session, account_id: UUID, now: datetime) -> None:
    """Nobody gets in any more: all sessions stop with it."""
    account = locked(session, account_id)
    if account is None:
        raise NotFound(f"There is no account {account_id}.")
    account.deleted_at = account.deleted_at or now
    session.flush()


def due(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Accounts to delete now: their day has come, or they were shut and the provider did not answer."""
    statement = select(Account.id).where(or_(Account.deleted_at.is_not(None), Account.leaves_at <= now))
    # The ones that fail stand last, or they would take the places of all others.
    return (
        session.execute(statement.order_by(Account.deleted_at.nulls_first(), Account.id).limit(limit)).scalars().all()
    )


def delete(session: Session, account_id: UUID, email: str) -> None:
    """The row, and with it what hangs on it: sessions, tokens, answers, assessments, notices, mails, used quota."""
    session.execute(
        delete_rows(WebSession).where(
            WebSession.account_id.is_(None), func.lower(WebSession.claimed_email) == func.lower(email)
        )
    )
    session.execute(delete_rows(Account).where(Account.id == account_id))
