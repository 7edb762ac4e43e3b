"""A planned loop: its rounds, their questions, and the answers that were given to them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class Loop(Base):
    """A company's loop as somebody prepares for it. The rounds are copied: a loop stays what it was planned as."""

    __tablename__ = "interview_loops"
    __table_args__ = (
        Index("ix_interview_loops_account_planned", "account_id", "planned_at"),
        CheckConstraint("scope IN ('loop', 'round', 'warm-up')", name="scope"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    company_slug: Mapped[str] = mapped_column(ForeignKey("companies.slug"))
    role_slug: Mapped[str] = mapped_column(ForeignKey("roles.slug"))
    level: Mapped[str] = mapped_column(String(20))
    """A common level."""
    org_slug: Mapped[str | None] = mapped_column(String(60))
    interview_on: Mapped[date | None]
    scope: Mapped[str] = mapped_column(String(10))
    seed: Mapped[int] = mapped_column(BigInteger)
    """The same seed, bank and history give the same plan."""
    planned_at: Mapped[datetime]

    rounds: Mapped[list["Round"]] = relationship(order_by="Round.position", lazy="raise")


class Round(Base):
    """A round of a loop."""

    __tablename__ = "interview_rounds"
    __table_args__ = (UniqueConstraint("loop_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    loop_id: Mapped[UUID] = mapped_column(ForeignKey("interview_loops.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(BigInteger)
    """From 1."""
    kind: Mapped[str] = mapped_column(ForeignKey("round_kinds.slug"))
    minutes: Mapped[int] = mapped_column(BigInteger)
    run_by: Mapped[str] = mapped_column(Text)
    looks_for: Mapped[str] = mapped_column(Text)

    questions: Mapped[list["RoundQuestion"]] = relationship(order_by="RoundQuestion.position", lazy="raise")


class RoundQuestion(Base):
    """A question of a round; its answer once it was shown."""

    __tablename__ = "round_questions"
    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        Index("ix_round_questions_answer_id", "answer_id"),
        Index("ix_round_questions_question_id", "question_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("interview_rounds.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(BigInteger)
    """From 1."""
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id"))
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("answers.id", ondelete="SET NULL"))
