"""What somebody asked the copilot, a row each: so that hints are counted and nothing is shown unasked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7

HINT = "hint"
OUTLINE = "outline"
POINT = "point"
SENTENCE = "sentence"
KINDS = (HINT, OUTLINE, POINT, SENTENCE)


class CopilotAsk(Base):
    """One thing asked for: a hint by its rung, the model answer, a point by its number, or advice on a sentence.

    Of a question only the newest sentence is kept. ``wording`` is what a language model made of the copilot's own text.
    """

    __tablename__ = "copilot_asks"
    __table_args__ = (
        UniqueConstraint("account_id", "question_id", "kind", "number"),
        CheckConstraint("kind IN ('hint', 'outline', 'point', 'sentence')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id"))
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int] = mapped_column(Integer)
    """The rung of a hint, the index of a point, else 0."""
    asked_at: Mapped[datetime]
    sentence: Mapped[str | None] = mapped_column(Text)
    model_asked: Mapped[bool]
    """A language model was asked to put it into words."""
    wording: Mapped[str | None] = mapped_column(Text)
    worded_from: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the text that ``wording`` is of: of another text, as of a question that was edited since, it is none."""
    why_not: Mapped[str | None] = mapped_column(String(200))
    """Why there is no wording by the model, in a sentence."""
