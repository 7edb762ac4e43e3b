"""Vectors of the questions, made by a job after the questions changed and never in a request."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.files import CONTENT
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

SHIPPED = CONTENT / "vectors.npz"
"""Vectors of the shipped questions by digest, so that a new installation need not spend minutes on them. What is not in it
is encoded: a question that was changed since makes nothing wrong."""

Encode = Callable[[str], NDArray[np.float32]]
"""A text in, its unit vector out."""


def ask(session: Session, now: datetime, after: UUID | None = None) -> None:
    """Promise vectors for whatever questions have changed, in the caller's transaction; ``after`` leaves out ids up to it."""
    # Each promise is one of its own: what is running may have passed by the question that has just changed.
    enqueue(session, Job.EMBED_QUESTIONS, str(uuid7()), {"after": str(after) if after else None}, now)


def fill(
    session: Session,
    encode: Encode,
    now: datetime,
    after: str | None = None,
    known: Mapping[str, NDArray[np.float32]] | None = None,
) -> int:
    """Read the next few questions whose text is not the one that their vector is of; returns how many.

    What is ``known`` by its digest is not read again.
    When there may be more the next job is promised; it goes on behind this one's last question.
    """
    if after is None:
        retired = select(Question.id).where(Question.retired_at.is_not(None))
        session.execute(delete(QuestionVector).where(QuestionVector.question_id.in_(retired)))
    stale = session.execute(_STALE, {"after": UUID(after or UUID(int=0).hex), "batch": BATCH}).all()
    found = [(id_, digest, _numbers((known or {}).get(digest), encode, content)) for id_, content, digest in stale]
    rows = [
        {"question_id": id_, "digest": digest, "numbers": numbers, "made_at": now} for id_, digest, numbers in found
    ]
    if rows:
        statement = insert(QuestionVector)
        changed = {name: statement.excluded[name] for name in ("digest", "numbers", "made_at")}
        session.execute(statement.on_conflict_do_update(index_elements=["question_id"], set_=changed), rows)
    if len(rows) == BATCH:
        ask(session, now, rows[-1]["question_id"])
    return len(rows)


def _numbers(known: NDArray[np.float32] | None, encode: Encode, content: str) -> list[float]:
    numbers: list[float] = (encode(content) if known is None else known).tolist()
    return numbers


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, NDArray[np.float32]]:
    """Digest → vector of the shipped questions, as far as the file knows them."""
    if not SHIPPED.is_file():
        return {}
    with np.load(SHIPPED) as file:
        vectors = file["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return dict(zip(file["digests"].tolist(), vectors, strict=True))


def digest_of(content: str) -> str:
    """As the database computes it of a question's text."""
    return hashlib.md5(f"1\n{content}".encode(), usedforsecurity=False).hexdigest()


def ship(contents: Sequence[str], encode: Encode, path: Path = SHIPPED) -> int:
    """Write the file for these texts, reading anew only what it does not know; returns how many it read."""
    known, read = shipped(), 0
    found: dict[str, NDArray[np.float32]] = {}
    for content in sorted(contents):
        digest = digest_of(content)
        if digest not in known:
            read += 1
        found[digest] = known[digest] if digest in known else encode(content)
    # Half the digits: the index compares no more of them.
    np.savez_compressed(path, digests=np.array(list(found)), vectors=np.stack(list(found.values())).astype(np.float16))
    return read
