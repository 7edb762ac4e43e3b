"""Tables of the shelf. Accounts and questions are known by their ids alone; all rows go with the account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7


class SavedList(Base):
    """A list of questions under a name; no two of a person differ by capitals alone."""

    __tablename__ = "saved_lists"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(CITEXT)
    created_at: Mapped[datetime]


class SavedQuestion(Base):
    """A question in a list."""

    __tablename__ = "saved_questions"
    # Asked for each question of a page: which lists is it in?
    __table_args__ = (Index("ix_saved_questions_question_id", "question_id"),)

    list_id: Mapped[UUID] = mapped_column(ForeignKey("saved_lists.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime]


class SeenQuestion(Base):
    """A question that a person has opened or begun to answer."""

    __tablename__ = "seen_questions"
    __table_args__ = (Index("ix_seen_questions_question_id", "question_id"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime]
    """The first time."""
