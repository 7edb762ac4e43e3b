"""Mails and notices; ``effect_key`` makes each happen once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class MailMessage(Base):
    """A mail that was promised. In the embedded stack its rows are the mailbox."""

    __tablename__ = "mail_messages"
    __table_args__ = (Index("ix_mail_messages_created_at", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    to_address: Mapped[str] = mapped_column(String(320))
    kind: Mapped[str] = mapped_column(String(40))
    effect_key: Mapped[str] = mapped_column(String(160), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    body_text: Mapped[str] = mapped_column(Text)
    """Emptied once the mail has left the host, because it may hold a link that opens something."""
    body_html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Notice(Base):
    """A line on the page of notices."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_account_created", "account_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    effect_key: Mapped[str] = mapped_column(String(160), unique=True)
    text: Mapped[str] = mapped_column(String(300))
    href: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
