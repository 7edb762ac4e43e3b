"""Answers and their assessments. An answer has at most one assessment for a scorer version and rubric version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class Answer(Base):
    """One try at one question: begun when the question is shown, submitted once; until then ``text`` is a draft.

    A correction of its text is a row of its own with the try's times, so that both texts and both readings are kept.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_account_started", "account_id", "started_at"),
        Index(
            "uq_answers_unfinished",
            "account_id",
            "question_id",
            unique=True,
            postgresql_where=text("submitted_at IS NULL"),
        ),
        CheckConstraint("confidence BETWEEN 1 AND 4", name="confidence"),
        # A text is corrected once: who corrects again corrects the correction.
        UniqueConstraint("corrects_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id"))
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("answers.id", ondelete="SET NULL"))
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    """The answer whose text this one corrects."""
    version: Mapped[int] = mapped_column(BigInteger, default=1, server_default="1")
    """1 as it was given, 2 and up as it was corrected."""
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(default="")
    confidence: Mapped[int | None]

    assessment: Mapped["AssessmentRow | None"] = relationship(back_populates="answer", lazy="raise")


ASKED = ("prompt", "followups", "pitfalls", "by_level", "outline", "companies")
"""What an assessment keeps of its question besides the signals."""


class AssessmentRow(Base):
    """What the scorer found, as it was found: the debrief is drawn from this row and the answer alone."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("answer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    scorer: Mapped[str] = mapped_column(String(40))
    scorer_version: Mapped[str] = mapped_column(String(120))
    rubric_version: Mapped[str] = mapped_column(String(64))
    valid: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(300))
    band: Mapped[int | None]
    highest_level: Mapped[str | None] = mapped_column(String(20))
    followup_signal: Mapped[int | None]
    rubric: Mapped[list[Any]]
    """The signals as they were when the answer was assessed."""
    asked: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """The question as it stood then, by the names in ``ASKED``; empty where that is no longer known."""
    signals: Mapped[list[Any]]
    dimensions: Mapped[list[Any]]

    answer: Mapped[Answer] = relationship(back_populates="assessment", lazy="raise")


class QuotaEntry(Base):
    """One line of the ledger of what an account has used; ``effect_key`` makes each line happen once."""

    __tablename__ = "quota_entries"
    __table_args__ = (Index("ix_quota_entries_account_at", "account_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    effect_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    amount: Mapped[int]
    at: Mapped[datetime]
