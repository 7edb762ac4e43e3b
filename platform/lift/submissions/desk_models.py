"""What the moderation desk keeps: who looks at a report, and every wording of a reported question."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class Assignment(Base):
    """A reviewer has taken a report, so that others look at another."""

    __tablename__ = "report_assignments"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]


class Wording(Base):
    """A reported question in house style. The newest one counts; an older one is restored by writing it again."""

    __tablename__ = "reported_wordings"
    __table_args__ = (Index("ix_reported_wordings_reported", "reported_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    reported_id: Mapped[UUID] = mapped_column(ForeignKey("reported_questions.id", ondelete="CASCADE"))
    prompt: Mapped[str] = mapped_column(Text)
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
