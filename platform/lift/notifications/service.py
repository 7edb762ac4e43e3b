"""Use cases of notifications: the only writer of mails and notices. Core statements, so no other table is needed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.kernel.ids import uuid7
from lift.kernel.jobs import Job, enqueue
from lift.notifications import letters
from lift.notifications.models import MailMessage, Notice
from lift.providers.mail import Letter, Mailer


def send_mail(
    session: Session,
    account_id: UUID | None,
    to: str,
    kind: str,
    effect_key: str,
    context: Mapping[str, Any],
    now: datetime,
) -> UUID | None:
    """Promise a mail once per ``effect_key``, in the caller's transaction; None when it was promised before."""
    subject, text, html = letters.write(kind, context)
    message_id = session.execute(
        insert(MailMessage)
        .values(
            id=uuid7(),
            account_id=account_id,
            to_address=to,
            kind=kind,
            effect_key=effect_key,
            subject=subject,
            body_text=text,
            body_html=html,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["effect_key"])
        .returning(MailMessage.id)
    ).scalar_one_or_none()
    if message_id is not None:
        enqueue(session, Job.SEND_MAIL, f"mail:{message_id}", {"message_id": str(message_id)}, now)
    return message_id


def deliver(session: Session, message_id: UUID, mailer: Mailer, now: datetime) -> None:
    """Hand the mail over unless it was; a mail whose account is gone is nobody's."""
    row = session.execute(
        select(MailMessage).where(MailMessage.id == message_id, MailMessage.sent_at.is_(None)).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        return
    mailer.send(Letter(row.id, row.to_address, row.subject, row.body_text, row.body_html))
    kept: dict[str, Any] = {} if mailer.keeps_mailbox else {"body_text": "", "body_html": ""}
    session.execute(update(MailMessage).where(MailMessage.id == message_id).values(sent_at=now, **kept))


def notify(
    session: Session, *, account_id: UUID, kind: str, effect_key: str, text: str, href: str | None, now: datetime
) -> bool:
    """Put a notice up once per ``effect_key``; False when it was there."""
    made = session.execute(
        insert(Notice)
        .values(
            id=uuid7(), account_id=account_id, kind=kind, effect_key=effect_key, text=text, href=href, created_at=now
        )
        .on_conflict_do_nothing(index_elements=["effect_key"])
        .returning(Notice.id)
    ).scalar_one_or_none()
    return made is not None


def mark_all_read(session: Session, account_id: UUID, now: datetime) -> None:
    """Mark the account's notices as read."""
    session.execute(update(Notice).where(Notice.account_id == account_id, Notice.read_at.is_(None)).values(read_at=now))
