"""Read side of the shelf, for its own pages and as pieces of SQL for the search of the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lift.kernel.errors import NotFound
from lift.shelf.models import SavedList, SavedQuestion, SeenQuestion

SEEN = "SELECT question_id FROM seen_questions WHERE account_id = :account"
"""SQL: the questions that ``:account`` has seen."""
SAVED = (
    "SELECT s.question_id FROM saved_questions s JOIN saved_lists l ON l.id = s.list_id"
    " WHERE l.account_id = :account AND l.id = ANY (CAST(:list AS uuid[]))"
)
"""SQL: the questions in those lists of ``:list`` that are ``:account``'s own."""

ANY_SAVED = (
    "SELECT s.question_id FROM saved_questions s JOIN saved_lists l ON l.id = s.list_id WHERE l.account_id = :account"
)
"""SQL: the questions in any list of ``:account``."""


def lists_of(question: str) -> str:
    """SQL: (list) of each list of ``:account``'s that holds the question whose id the SQL ``question`` is."""
    return (
        "SELECT l.id FROM saved_questions s JOIN saved_lists l ON l.id = s.list_id"
        f" WHERE s.question_id = {question} AND l.account_id = :account"
    )


def counted_lists(questions: str) -> str:
    """SQL: (list_id, n) of ``:account``'s lists that hold some of the ``questions``, a relation with a column ``id``."""
    return (
        f"SELECT l.id AS list_id, count(*) AS n FROM {questions} m JOIN saved_questions s ON s.question_id = m.id"
        " JOIN saved_lists l ON l.id = s.list_id WHERE l.account_id = :account GROUP BY l.id"
    )


def seen_since(session: Session, account_id: UUID, since: datetime) -> set[UUID]:
    """Questions that the person opened for the first time since then."""
    rows = session.execute(
        select(SeenQuestion.question_id).where(SeenQuestion.account_id == account_id, SeenQuestion.seen_at >= since)
    )
    return set(rows.scalars())


@dataclass(frozen=True)
class ListLine:
    """A list as others show it."""

    id: UUID
    name: str
    questions: int
    """How many are in it, retired ones too."""


def lists(session: Session, account_id: UUID) -> Sequence[ListLine]:
    """The person's lists by name."""
    rows = session.execute(
        select(SavedList.id, SavedList.name, func.count(SavedQuestion.question_id))
        .outerjoin(SavedQuestion, SavedQuestion.list_id == SavedList.id)
        .where(SavedList.account_id == account_id)
        .group_by(SavedList.id)
        .order_by(SavedList.name)
    )
    return [ListLine(*row) for row in rows]


def own_list(session: Session, account_id: UUID, list_id: UUID) -> SavedList:
    """One of the person's lists; anybody else's is not found."""
    found = session.execute(
        select(SavedList).where(SavedList.id == list_id, SavedList.account_id == account_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such list.")
    return found


def holding(session: Session, account_id: UUID, question_id: UUID) -> set[UUID]:
    """The person's lists that hold the question."""
    rows = session.execute(
        select(SavedQuestion.list_id)
        .join(SavedList, SavedList.id == SavedQuestion.list_id)
        .where(SavedQuestion.question_id == question_id, SavedList.account_id == account_id)
    )
    return set(rows.scalars())


def names_holding(session: Session, account_id: UUID, question_id: UUID) -> Sequence[str]:
    """Their names."""
    held = holding(session, account_id, question_id)
    return [item.name for item in lists(session, account_id) if item.id in held] if held else []


def question_ids(session: Session, list_id: UUID) -> Sequence[UUID]:
    """What is in a list, the last added first."""
    rows = session.execute(
        select(SavedQuestion.question_id)
        .where(SavedQuestion.list_id == list_id)
        .order_by(SavedQuestion.added_at.desc(), SavedQuestion.question_id)
    )
    return rows.scalars().all()
