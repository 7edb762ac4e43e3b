"""Tables of the schema ``billing``; an account is a UUID here and nothing more."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, LargeBinary, MetaData, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base of billing's own metadata."""

    metadata = MetaData(schema="billing", naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        bytes: LargeBinary(),
        int: BigInteger(),
        dict[str, Any]: JSONB(),
    }


class TrialGrant(Base):
    """The one trial of an account and of a mailbox, which is remembered as an HMAC only."""

    __tablename__ = "trial_grants"
    __table_args__ = (CheckConstraint("ends_at - starts_at = interval '168 hours'", name="lasts_168_hours"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(unique=True)
    email_hmac: Mapped[bytes] = mapped_column(unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class CustomerRow(Base):
    """The provider's customer of an account; the key of the call that makes it is stored before the call."""

    __tablename__ = "customers"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class Reservation(Base):
    """The one open checkout of an account, until the provider's session is complete or expired."""

    __tablename__ = "checkout_reservations"
    __table_args__ = (Index("uq_checkout_open", "account_id", unique=True, postgresql_where=text("closed_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID]
    plan: Mapped[str] = mapped_column(String(80))
    trial_days: Mapped[int]
    idempotency_key: Mapped[str] = mapped_column(String(255), unique=True)
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    url: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))


class Snapshot(Base):
    """A subscription as the provider last described it; written by ``sync`` alone, behind its fence."""

    __tablename__ = "subscription_snapshots"

    sub_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(String(255), index=True)
    status: Mapped[str] = mapped_column(String(40))
    price: Mapped[str] = mapped_column(String(255))
    period_end: Mapped[datetime | None]
    cancel_at: Mapped[datetime | None]
    cancel_at_period_end: Mapped[bool]
    ended_at: Mapped[datetime | None]
    first_failed_at: Mapped[datetime | None]
    resumes_at: Mapped[datetime | None]
    open_invoice: Mapped[str | None] = mapped_column(String(255))
    livemode: Mapped[bool]
    api_version: Mapped[str] = mapped_column(String(60))
    fetched_at: Mapped[datetime]


class Fence(Base):
    """Who reads an object of the provider: ``want`` is the newest claim, ``applied`` the newest that was written."""

    __tablename__ = "fences"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    want: Mapped[int]
    applied: Mapped[int]


class CompRow(Base):
    """Access given by a person, or by a rule that rewards."""

    __tablename__ = "comps"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(index=True)
    grant_key: Mapped[str] = mapped_column(String(200), unique=True)
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(String(200))


class HoldRow(Base):
    """A dispute, a fraud case or an administrator's stop; ``reference`` is what it is about."""

    __tablename__ = "holds"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(255), unique=True)
    starts_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    livemode: Mapped[bool | None]


class RefundRow(Base):
    """What was given back of a charge, in all."""

    __tablename__ = "refunds"

    charge_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    sub_id: Mapped[str] = mapped_column(String(255))
    amount: Mapped[int]
    refunded: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime]
    paid_until: Mapped[datetime]


class EventRow(Base):
    """An event of the provider, stored once and worked later."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'processing', 'done', 'ignored', 'failed')", name="state"),
        Index("ix_events_open", "subject", postgresql_where=text("state IN ('pending', 'processing', 'failed')")),
        Index("ix_events_received", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str | None] = mapped_column(String(300))
    created: Mapped[datetime]
    livemode: Mapped[bool]
    api_version: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int]
    error: Mapped[str | None] = mapped_column(String(500))


class Effect(Base):
    """One e-mail or credit that was made, with the fact that needed it and in its transaction."""

    __tablename__ = "effects"

    effect_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class Audit(Base):
    """An act of an operator: who, what, why."""

    __tablename__ = "audit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    act_key: Mapped[str] = mapped_column(String(255), unique=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Drift(Base):
    """A difference between the provider's truth and our facts, or something that is not understood."""

    __tablename__ = "drifts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    object_id: Mapped[str] = mapped_column(String(255))
    detail: Mapped[dict[str, Any]]
    found_at: Mapped[datetime] = mapped_column(index=True)
    healed_at: Mapped[datetime | None]
