"""Reports, their trail, the opinions on them, merges, drafts, and what was asked to be taken down."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7
from lift.submissions.ladder import State

SLUG = String(80)
REASONS = ARRAY(String(40))
OUTCOMES = ("offer", "rejected", "waiting", "withdrew")

_STATES = ", ".join(f"'{state}'" for state in State)
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in OUTCOMES)


class ReportedQuestion(Base):
    """A question that candidates reported and that was not in the bank: what their reports are gathered under.

    A reviewer puts it into house style. Once it is a question of the bank it says which one.
    """

    __tablename__ = "reported_questions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    company_slug: Mapped[str] = mapped_column(SLUG)
    role_slug: Mapped[str] = mapped_column(SLUG)
    round_kind: Mapped[str] = mapped_column(SLUG)
    prompt: Mapped[str | None] = mapped_column(Text)
    """In house style; None until a reviewer wrote it: the words of a report stay with the report."""
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("questions.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Report(Base):
    """What one person says they were asked in one loop."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
        CheckConstraint("month = date_trunc('month', month::timestamp)::date", name="month_is_its_first_day"),
        CheckConstraint("num_nonnulls(sent_for_question_id, sent_for_reported_id) = 1", name="sent_for_one"),
        CheckConstraint("num_nonnulls(question_id, reported_id) >= 1", name="counts_for_one"),
        Index("ix_reports_question_id", "question_id", postgresql_where=text("question_id IS NOT NULL")),
        Index("ix_reports_reported_id", "reported_id", postgresql_where=text("reported_id IS NOT NULL")),
        Index("ix_reports_account_created", "account_id", "created_at"),
        Index("ix_reports_network_created", "network", "created_at"),
        Index("ix_reports_open", "created_at", postgresql_where=text("state IN ('screened', 'corroborated')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    """A report goes with its account: what nobody can check any more is not counted."""
    sent_for_question_id: Mapped[UUID | None] = mapped_column(ForeignKey("questions.id"))
    """The question of the bank that the person picked; never changed."""
    sent_for_reported_id: Mapped[UUID | None] = mapped_column(ForeignKey("reported_questions.id"))
    """Where it was sent as a new question: what was made for it then; never changed."""
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("questions.id"))
    """The question of the bank that it counts for now: what ``placing.place_of`` says of it and its merges."""
    reported_id: Mapped[UUID | None] = mapped_column(ForeignKey("reported_questions.id"))
    """The reported question that it counts for now."""
    company_slug: Mapped[str] = mapped_column(SLUG)
    role_slug: Mapped[str] = mapped_column(SLUG)
    org_slug: Mapped[str | None] = mapped_column(SLUG)
    level: Mapped[str | None] = mapped_column(SLUG)
    """A common level."""
    level_code: Mapped[str | None] = mapped_column(String(40))
    """The company's own code."""
    round_kind: Mapped[str] = mapped_column(SLUG)
    month: Mapped[date]
    """The month of the loop, as its first day."""
    own_month: Mapped[bool]
    """The person says that it was a loop of their own in exactly this month."""
    outcome: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    """The question in the person's own words, after the guard; may be empty where a question of the bank was picked."""
    tested: Mapped[str] = mapped_column(Text)
    """What they think it tested, after the guard."""
    network: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A keyed hash of the network that it was sent from; emptied 24 months later, or when the report is taken back."""
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]


class ReportEvent(Base):
    """One step of a report, or something else that happened to it: its trail, which its person can read."""

    __tablename__ = "report_events"
    __table_args__ = (Index("ix_report_events_report_id", "report_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    """Which reviewer; never shown to the person."""
    act: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    """Equal to ``from_state`` where the act is no step of the ladder."""
    reasons: Mapped[list[str]] = mapped_column(REASONS)
    details: Mapped[dict[str, Any]]


class Review(Base):
    """One reviewer's opinion on a report. Enough of them make a decision (``reviewing.outcome``)."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("verdict IN ('verify', 'decline')", name="verdict"),
        Index(
            "uq_reviews_standing",
            "report_id",
            "reviewer_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_reviews_reviewer_id", "reviewer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    verdict: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[str]] = mapped_column(REASONS)
    note: Mapped[str] = mapped_column(Text)
    """For other reviewers."""
    experience: Mapped[int]
    """Reports that the reviewer had an opinion on before this one."""
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Merge(Base):
    """A report counts for another question than it was sent for, until that is undone. Nothing is overwritten."""

    __tablename__ = "report_merges"
    __table_args__ = (
        CheckConstraint("num_nonnulls(question_id, reported_id) = 1", name="into_one"),
        Index("ix_report_merges_report_id", "report_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("questions.id"), index=True)
    reported_id: Mapped[UUID | None] = mapped_column(ForeignKey("reported_questions.id"), index=True)
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)


class ReportDraft(Base):
    """The report that a person has begun; one a person."""

    __tablename__ = "report_drafts"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class Takedown(Base):
    """Somebody asks for a question to be taken down; no account is needed."""

    __tablename__ = "takedowns"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'removed', 'kept')", name="state"),
        Index("ix_takedowns_open", "created_at", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    on_behalf_of: Mapped[str] = mapped_column(String(200))
    """Whose rights it is about; empty for the one who asks."""
    why: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    answer: Mapped[str] = mapped_column(Text)
    """What the one who asked was told."""
