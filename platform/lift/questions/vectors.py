"""Vectors of the questions, made by a job after the questions changed and never in a request."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.kernel.ids import uuid7
from lift.kernel.jobs import Job, enqueue
from lift.questions.models import Question, QuestionVector

BATCH = 16
"""Questions a job: about a second, since answers that wait to be scored stand in the same queue."""

# The prompt alone finds questions that name the same product, the key points alone lose the setting. Raise the number
# when the text is made otherwise or another encoder reads it.
_STALE = text(
    """
WITH texts AS (
  SELECT id, prompt || E'\\n' || key_points AS content, md5('1' || E'\\n' || prompt || E'\\n' || key_points) AS digest
    FROM questions WHERE retired_at IS NULL AND id > :after)
SELECT t.id, t.content, t.digest FROM texts t LEFT JOIN question_vectors v ON v.question_id = t.id
 WHERE v.digest IS DISTINCT FROM t.digest ORDER BY t.id LIMIT :batch
"""
)

Encode = Callable[[str], NDArray[np.float32]]
"""A text in, its unit vector out."""


def ask(session: Session, now: datetime, after: UUID | None = None) -> None:
    """Promise vectors for whatever questions have changed, in the caller's transaction; ``after`` leaves out ids up to it."""
    # Each promise is one of its own: what is running may have passed by the question that has just changed.
    enqueue(session, Job.EMBED_QUESTIONS, str(uuid7()), {"after": str(after) if after else None}, now)


def fill(session: Session, encode: Encode, now: datetime, after: str | None = None) -> int:
    """Read the next few questions whose text is not the one that their vector is of; returns how many.

    When there may be more the next job is promised; it goes on behind this one's last question.
    """
    if after is None:
        retired = select(Question.id).where(Question.retired_at.is_not(None))
        session.execute(delete(QuestionVector).where(QuestionVector.question_id.in_(retired)))
    stale = session.execute(_STALE, {"after": UUID(after or UUID(int=0).hex), "batch": BATCH}).all()
    rows = [
        {"question_id": id_, "digest": digest, "numbers": encode(content).tolist(), "made_at": now}
        for id_, content, digest in stale
    ]
    if rows:
        statement = insert(QuestionVector)
        changed = {name: statement.excluded[name] for name in ("digest", "numbers", "made_at")}
        session.execute(statement.on_conflict_do_update(index_elements=["question_id"], set_=changed), rows)
    if len(rows) == BATCH:
        ask(session, now, rows[-1]["question_id"])
    return len(rows)
