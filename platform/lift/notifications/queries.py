"""Read side of notifications."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lift.kernel.errors import NotFound
from lift.notifications.models import MailMessage, Notice


def latest_notices(session: Session, account_id: UUID, limit: int = 50) -> Sequence[Notice]:
    """The account's notices, newest first."""
    statement = select(Notice).where(Notice.account_id == account_id)
    return session.execute(statement.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)).scalars().all()


def unread_count(session: Session, account_id: UUID) -> int:
    """How many notices the account has not seen."""
    return session.execute(
        select(func.count()).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    ).scalar_one()


def sent_since(session: Session, account_id: UUID, kind: str, since: datetime) -> Sequence[datetime]:
    """When mails of the kind were promised to the account after ``since``."""
    statement = select(MailMessage.created_at).where(
        MailMessage.account_id == account_id, MailMessage.kind == kind, MailMessage.created_at > since
    )
    return session.execute(statement).scalars().all()


def mailbox(session: Session, limit: int = 100) -> Sequence[MailMessage]:
    """All mails of the embedded stack, newest first."""
    statement = select(MailMessage).order_by(MailMessage.created_at.desc(), MailMessage.id.desc()).limit(limit)
    return session.execute(statement).scalars().all()


def mail(session: Session, message_id: UUID) -> MailMessage:
    """One mail."""
    found = session.get(MailMessage, message_id)
    if found is None:
        raise NotFound("There is no such mail.")
    return found


def ids_of(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The ids of the account's mails."""
    return session.execute(select(MailMessage.id).where(MailMessage.account_id == account_id)).scalars().all()
