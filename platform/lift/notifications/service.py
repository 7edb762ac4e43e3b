"""Use cases of notifications: the only writer of mails and notices. Core statements, so no other table is needed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.kernel.ids import uuid7
from lift.kernel.job_runner import Work
from lift.kernel.jobs import Job, enqueue
from lift.notifications import letters
from lift.notifications.models import MailMessage, Notice
from lift.providers.mail import Letter, Mailer

_NO_BODY = {"body_text": "", "body_html": ""}
# Built once, on the table: a flood of mails runs each of these thousands of times.
_mails = cast(Table, MailMessage.__table__)
_PROMISE = insert(_mails).on_conflict_do_nothing(index_elements=["effect_key"]).returning(_mails.c.id)
_IS_IT = _mails.c.id == bindparam("message_id")
_UNSENT = select(_mails.c.id, _mails.c.to_address, _mails.c.subject, _mails.c.body_text, _mails.c.body_html).where(
    _IS_IT, _mails.c.sent_at.is_(None)
)
_SENT = update(_mails).where(_IS_IT).values(sent_at=bindparam("at"))
_SENT_AND_EMPTIED = _SENT.values(_NO_BODY)


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
    row = {
        "id": uuid7(),
        "account_id": account_id,
        "to_address": to,
        "kind": kind,
        "effect_key": effect_key,
        "subject": subject,
        "body_text": text,
        "body_html": html,
        "created_at": now,
    }
    message_id: UUID | None = session.execute(_PROMISE, row).scalar_one_or_none()
    if message_id is not None:
        useful_until = now + letters.useful_for(kind)
        payload = {"message_id": str(message_id)}
        enqueue(session, Job.SEND_MAIL, f"mail:{message_id}", payload, now, give_up_at=useful_until)
    return message_id


def deliver(work: Work, message_id: UUID, mailer: Mailer, now: datetime) -> Callable[[Session], object] | None:
    """Hand the mail over unless it was, and return how that is noted; a mail whose account is gone is nobody's.

    No transaction is open while the mail server is talked to: it may take its time. The lease of the job keeps
    others away meanwhile.
    """
    with work() as session:
        row = session.execute(_UNSENT, {"message_id": message_id}).one_or_none()
        if row is None:
            return None
        letter = Letter(row.id, row.to_address, row.subject, row.body_text, row.body_html)
    mailer.send(letter)
    noted = _SENT if mailer.keeps_mailbox else _SENT_AND_EMPTIED
    return lambda session: session.execute(noted, {"message_id": message_id, "at": now})


def forget(session: Session, now: datetime, *, kept_for: timedelta, strangers_kept_for: timedelta) -> int:
    """Delete old mails, those to addresses without an account earlier, and empty what was never sent and is of no use.

    Returns how many rows were deleted.
    """
    stranger = (MailMessage.account_id.is_(None)) & (MailMessage.created_at < now - strangers_kept_for)
    gone = session.execute(
        delete(MailMessage).where(or_(MailMessage.created_at < now - kept_for, stranger)).returning(MailMessage.id)
    )
    useless_since = now - max(letters.USUALLY_USEFUL_FOR, *letters.USEFUL_FOR.values())
    session.execute(
        update(MailMessage)
        .where(MailMessage.sent_at.is_(None), MailMessage.created_at < useless_since, MailMessage.body_text != "")
        .values(_NO_BODY)
    )
    return len(gone.all())


def forget_address(session: Session, address: str) -> None:
    """Delete mails to an address that has no account: its person is gone, or never had one."""
    session.execute(
        delete(MailMessage).where(
            MailMessage.account_id.is_(None), func.lower(MailMessage.to_address) == address.lower()
        )
    )


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
