"""Questions that mean nearly the same, by the cosine of their vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.questions.queries import LINE, QuestionLine

MOST = 5
LEAST = 0.6
"""The likeness at which a pair is worth a look. Of the shipped questions 58 pairs reach it (0.60: two outages after a
signing key was rotated); below it pairs share no more than a manner (0.58: sign-in of guests and probes that stay green)."""

NEAR = 24
"""Neighbours taken from the index, of which retired questions and the question itself are dropped."""

# Asked of the catalogue first: without pgvector the type in the other query has no meaning.
_VECTOR = text("SELECT numbers FROM question_vectors WHERE question_id = :id AND to_regtype('halfvec') IS NOT NULL")
_SIMILAR = text(
    f"""
WITH near AS MATERIALIZED (
  SELECT question_id, 1 - (numbers::halfvec(384) <=> CAST(:vector AS halfvec(384))) AS likeness
    FROM question_vectors ORDER BY numbers::halfvec(384) <=> CAST(:vector AS halfvec(384)) LIMIT {NEAR})
SELECT near.likeness, {LINE} FROM near JOIN questions ON id = question_id
 WHERE retired_at IS NULL AND likeness >= :least AND id IS DISTINCT FROM CAST(:but AS uuid)
 ORDER BY likeness DESC, slug LIMIT :most
"""
)


@dataclass(frozen=True)
class Neighbour:
    """A question and how like it is: 1 is the same."""

    question: QuestionLine
    likeness: float


def similar(session: Session, question_id: UUID) -> Sequence[Neighbour]:
    """The live questions most like this one, the closest first; none while it has no vector or pgvector is missing."""
    vector = session.execute(_VECTOR, {"id": question_id}).scalar_one_or_none()
    return [] if vector is None else similar_to(session, vector, but=question_id)


def similar_to_text(
    session: Session, vector: Sequence[float], *, least: float = LEAST, most: int = MOST
) -> Sequence[Neighbour]:
    """The live questions most like a text that the encoder made ``vector`` of; none where pgvector is missing."""
    if session.execute(text("SELECT to_regtype('halfvec')")).scalar_one() is None:
        return []
    return similar_to(session, vector, least=least, most=most)


def similar_to(
    session: Session, vector: Sequence[float], *, but: UUID | None = None, least: float = LEAST, most: int = MOST
) -> Sequence[Neighbour]:
    """The live questions near ``vector``; needs pgvector."""
    values: dict[str, Any] = {"vector": [float(x) for x in vector], "but": but, "least": least, "most": most}
    return [Neighbour(QuestionLine(*row), likeness) for likeness, *row in session.execute(_SIMILAR, values)]
