"""What the desk keeps beside the bank: what stood in questions before, and files that wait to be imported."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class QuestionRevision(Base):
    """What stood in a question before somebody at the desk changed it."""

    __tablename__ = "question_revisions"
    __table_args__ = (Index("ix_question_revisions_question", "question_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    before: Mapped[dict[str, Any]]
    """The row as an export would have written it."""
    who: Mapped[str] = mapped_column(String(320))
    how: Mapped[str] = mapped_column(String(20))
    """``import``, ``edit``, ``restore`` or ``takedown``."""
    at: Mapped[datetime]


class QuestionImport(Base):
    """A file that was uploaded: shown first, and done when somebody agrees."""

    __tablename__ = "question_imports"
    __table_args__ = (Index("ix_question_imports_created_at", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    who: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200))
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    """The file, compressed; empty once it was done."""
    take_over: Mapped[bool]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]
    """How many rows met which fate, once it was done."""
