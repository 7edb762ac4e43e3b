"""Use cases of the shelf. The only writer of its tables."""

import unicodedata
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lift.kernel.errors import Conflict, Invalid
from lift.kernel.ids import uuid7
from lift.shelf.models import SavedList, SavedQuestion, SeenQuestion
from lift.shelf.queries import own_list

MOST_LISTS = 40
"""Lists a person."""
MOST_SAVED = 300
"""Questions a list."""
LONGEST_NAME = 60
"""Characters of a list's name."""


def tidy_name(name: str) -> str:
    """A name as it is stored: no characters that cannot be seen, single spaces."""
    seen = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in name)
    return " ".join(seen.split())


def _named(name: str) -> str:
    tidy = tidy_name(name)
    if not tidy:
        raise Invalid("Give the list a name.")
    if len(tidy) > LONGEST_NAME:
        raise Invalid(f"A name may have {LONGEST_NAME} characters; this one has {len(tidy)}.")
    return tidy


def make_list(session: Session, account_id: UUID, name: str, now: datetime) -> UUID:
    """Make a list; ``Invalid`` for a name that cannot be, ``Conflict`` for one that is taken or a list too many."""
    tidy = _named(name)
    there_are = select(func.count()).select_from(SavedList).where(SavedList.account_id == account_id)
    if session.execute(there_are).scalar_one() >= MOST_LISTS:
        raise Conflict(f"You have {MOST_LISTS} lists, and no more fit. Delete one first.")
    made = session.execute(
        insert(SavedList)
        .values(id=uuid7(), account_id=account_id, name=tidy, created_at=now)
        .on_conflict_do_nothing(index_elements=["account_id", "name"])
        .returning(SavedList.id)
    ).scalar_one_or_none()
    if made is None:
        raise Conflict(f"You have a list “{tidy}” already.")
    return made


def rename_list(session: Session, account_id: UUID, list_id: UUID, name: str) -> None:
    """Give a list another name. ``NotFound``, ``Invalid``, ``Conflict``."""
    found, tidy = own_list(session, account_id, list_id), _named(name)
    taken = select(SavedList.id).where(
        SavedList.account_id == account_id, SavedList.name == tidy, SavedList.id != list_id
    )
    if session.execute(taken).first() is not None:
        raise Conflict(f"You have a list “{tidy}” already.")
    try:
        with session.begin_nested():
            found.name = tidy
    except IntegrityError as taken_meanwhile:
        raise Conflict(f"You have a list “{tidy}” already.") from taken_meanwhile


def delete_list(session: Session, account_id: UUID, list_id: UUID) -> str:
    """Delete a list with what is in it; the name that it had. ``NotFound``."""
    found = own_list(session, account_id, list_id)
    session.execute(delete(SavedList).where(SavedList.id == found.id))
    return found.name


def keep_in(session: Session, account_id: UUID, question_id: UUID, list_ids: Collection[UUID], now: datetime) -> None:
    """Have the question in exactly these of the person's lists; ids of other people's lists are passed over.

    ``Conflict`` when one of them is full.
    """
    # Held to the end, so that no list is deleted between this look and what is put into it.
    lists = select(SavedList.id).where(SavedList.account_id == account_id).with_for_update(read=True, key_share=True)
    own = set(session.execute(lists).scalars())
    wanted = own & set(list_ids)
    session.execute(
        delete(SavedQuestion).where(SavedQuestion.question_id == question_id, SavedQuestion.list_id.in_(own - wanted))
    )
    for list_id in sorted(wanted):
        add(session, list_id, question_id, now)


def add(session: Session, list_id: UUID, question_id: UUID, now: datetime) -> None:
    """Put a question into a list that is the person's own; a second time changes nothing. ``Conflict`` when it is full."""
    inside = (
        select(func.count())
        .select_from(SavedQuestion)
        .where(SavedQuestion.list_id == list_id, SavedQuestion.question_id != question_id)
    )
    if session.execute(inside).scalar_one() >= MOST_SAVED:
        raise Conflict(f"A list holds {MOST_SAVED:,} questions, and this one is full.")
    session.execute(
        insert(SavedQuestion)
        .values(list_id=list_id, question_id=question_id, added_at=now)
        .on_conflict_do_nothing(index_elements=["list_id", "question_id"])
    )


def take_out(session: Session, account_id: UUID, list_id: UUID, question_id: UUID) -> None:
    """Take a question out of a list; one that is not in it is no error. ``NotFound`` for a list of somebody else's."""
    found = own_list(session, account_id, list_id)
    session.execute(
        delete(SavedQuestion).where(SavedQuestion.list_id == found.id, SavedQuestion.question_id == question_id)
    )


def mark_seen(session: Session, account_id: UUID, question_id: UUID, now: datetime) -> None:
    """Note that the person has the question before them; the first time is kept."""
    session.execute(
        insert(SeenQuestion)
        .values(account_id=account_id, question_id=question_id, seen_at=now)
        .on_conflict_do_nothing(index_elements=["account_id", "question_id"])
    )
