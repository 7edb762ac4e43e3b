"""Questions that mean nearly the same, by the cosine of their vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from lift.questions.queries import LINE, QuestionLine

MOST = 5
LEAST = 0.6
"""The likeness at which a pair is worth a look. Of the shipped questions 58 pairs reach it (0.60: two outages after a
signing key was rotated); below it pairs share no more than a manner (0.58: sign-in of guests and probes that stay green)."""

NEAR = 24
"""Neighbours taken from the index, of which retired questions and the question itself are dropped."""

# Asked first: without pgvector the type in the other query has no meaning.
_HAS_VECTOR = text(
    "SELECT to_regtype('halfvec') IS NOT NULL AND EXISTS (SELECT 1 FROM question_vectors WHERE question_id = :id)"
)


def _nearest(vector: str) -> TextClause:
    """The live questions near the vector that the SQL is."""
    return text(
        f"""
WITH near AS MATERIALIZED (
  SELECT question_id, 1 - (numbers::halfvec(384) <=> {vector}) AS likeness
    FROM question_vectors ORDER BY numbers::halfvec(384) <=> {vector} LIMIT {NEAR})
SELECT near.likeness, {LINE} FROM near JOIN questions ON id = question_id
 WHERE retired_at IS NULL AND likeness >= :least AND id IS DISTINCT FROM CAST(:but AS uuid)
 ORDER BY likeness DESC, slug LIMIT :most
"""
    )


# The vector stays where it is: to send it here and back takes longer than to search.
_TO_QUESTION = _nearest("(SELECT numbers::halfvec(384) FROM question_vectors WHERE question_id = :but)")
_TO_VECTOR = _nearest("CAST(:vector AS halfvec(384))")


@dataclass(frozen=True)
class Neighbour:
    """A question and how like it is: 1 is the same."""

    question: QuestionLine
    likeness: float


def similar(session: Session, question_id: UUID) -> Sequence[Neighbour]:
    """The live questions most like this one, the closest first; none while it has no vector or pgvector is missing."""
    if not session.execute(_HAS_VECTOR, {"id": question_id}).scalar_one():
        return []
    return _found(session, _TO_QUESTION, {"but": question_id, "least": LEAST, "most": MOST})


def similar_to_text(
    session: Session, vector: Sequence[float], *, least: float = LEAST, most: int = MOST
) -> Sequence[Neighbour]:
    """The live questions most like a text that the encoder made ``vector`` of; none where pgvector is missing."""
    if session.execute(text("SELECT to_regtype('halfvec')")).scalar_one() is None:
        return []
    numbers = [float(number) for number in vector]
    return _found(session, _TO_VECTOR, {"vector": numbers, "but": None, "least": least, "most": most})


def _found(session: Session, statement: TextClause, values: Mapping[str, Any]) -> Sequence[Neighbour]:
    return [Neighbour(QuestionLine(*row), likeness) for likeness, *row in session.execute(statement, values)]
