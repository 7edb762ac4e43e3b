"""Accounts, their sessions and their single-use tokens. Of a token only the hash is stored."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class Account(Base):
    """A person. ``target_*`` are slugs of the catalogue and may all be empty."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(CITEXT, unique=True)
    email_canonical: Mapped[str] = mapped_column(String(400))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    email_verified_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    """Shut for good: the rows go as soon as nothing lives at the payment provider any more."""
    leaves_at: Mapped[datetime | None]
    """When the account is deleted, as its person asked."""
    timezone: Mapped[str] = mapped_column(String(64), default="UTC", server_default="UTC")
    target_company: Mapped[str | None] = mapped_column(String(80))
    target_role: Mapped[str | None] = mapped_column(String(80))
    target_level: Mapped[str | None] = mapped_column(String(80))
    interview_date: Mapped[date | None] = mapped_column(Date)
    onboarded_at: Mapped[datetime | None]
    admin_since: Mapped[datetime | None]
    """Since when the person runs the place; ``lift admin grant`` gives it."""
    reviewer_since: Mapped[datetime | None]
    """Since when the person reviews what candidates report; ``lift admin grant --role reviewer`` gives it."""


class WebSession(Base):
    """A browser that is logged in; the cookie holds a token whose hash this is.

    Without an account it is what somebody gets who signs up with an address that is taken: it looks like any
    unverified sign-up and can do nothing, so that signing up does not tell who has an account.
    """

    __tablename__ = "web_sessions"
    __table_args__ = (Index("ix_web_sessions_account_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    claimed_email: Mapped[str | None] = mapped_column(String(320))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(300), default="")


class AccountToken(Base):
    """A mailed token: for one purpose, once, for a while.

    Without an account it opens nothing and is mailed to nobody: it is made where an address is unknown, so that
    asking costs the same.
    """

    __tablename__ = "account_tokens"
    __table_args__ = (Index("ix_account_tokens_account_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Tries(Base):
    """When somebody tried something lately; ``key`` is a hash of who and what."""

    __tablename__ = "tries"
    __table_args__ = (Index("ix_tries_expires_at", "expires_at"),)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    expires_at: Mapped[datetime]
