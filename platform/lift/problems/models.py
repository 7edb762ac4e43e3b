"""Reported problems. A report goes with the account that made it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class QuestionProblem(Base):
    """One report; open until ``closed_at``. Of one person, question and kind only one is open."""

    __tablename__ = "question_problems"
    __table_args__ = (
        Index("ix_question_problems_account_id", "account_id"),
        Index("ix_question_problems_open", "created_at", postgresql_where=text("closed_at IS NULL")),
        Index(
            "uq_question_problems_open",
            "account_id",
            "question_id",
            "kind",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint("kind IN ('fact', 'unclear', 'duplicate', 'level', 'other')", name="kind"),
        CheckConstraint("reason IN ('fixed', 'stands', 'known', 'unusable')", name="reason"),
        CheckConstraint("(closed_at IS NULL) = (reason IS NULL)", name="closed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    reason: Mapped[str | None] = mapped_column(String(10))
