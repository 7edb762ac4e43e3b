"""Where the sandbox keeps its state: the schema ``stripe_sandbox``, made at its own start."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Engine, Identity, Index, MetaData, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = "stripe_sandbox"
Body = dict[str, Any]

LOCK = 0x57217E
"""Key of the advisory lock that lets one change happen at a time."""


class Base(DeclarativeBase):
    """Declarative base of the sandbox's own metadata; no migration knows it."""

    metadata = MetaData(schema=SCHEMA)
    type_annotation_map: ClassVar[dict[Any, Any]] = {Body: JSONB(), int: BigInteger()}


class Thing(Base):
    """An object of the API: its JSON, and beside it what is searched for. ``due`` is when it next acts by itself."""

    __tablename__ = "objects"
    __table_args__ = (
        Index("ix_objects_kind_seq", "kind", "seq"),
        Index("ix_objects_customer_kind", "customer", "kind"),
        Index("ix_objects_due", "clock", "due", postgresql_where=text("due IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    kind: Mapped[str]
    customer: Mapped[str | None]
    clock: Mapped[str | None]
    due: Mapped[int | None]
    created: Mapped[int]
    body: Mapped[Body]


class Delivery(Base):
    """An event on its way to the webhook; a duplicate is a second row."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_state_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    event: Mapped[str]
    state: Mapped[str]
    """pending, held, delivered, dropped or given_up"""
    due_at: Mapped[int]
    first_at: Mapped[int]
    attempts: Mapped[int]
    last_error: Mapped[str | None]


class Remembered(Base):
    """The reply to a request that carried an idempotency key."""

    __tablename__ = "idempotency"

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    reply: Mapped[str]
    created: Mapped[int]


class Setting(Base):
    """A knob of the sandbox that outlives a restart."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Body]


def prepare(engine: Engine) -> None:
    """Make schema and tables when they are missing; two starts at once take turns."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        Base.metadata.create_all(connection)


def empty(engine: Engine) -> None:
    """Forget everything; waits for changes under way."""
    names = ", ".join(f"{SCHEMA}.{table.name}" for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
