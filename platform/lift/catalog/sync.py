"""Bring a table to a wanted set of rows, writing only what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, inspect, select, tuple_, update
from sqlalchemy.orm import Session

from lift.kernel.db import Base

Row = dict[str, Any]


@dataclass(frozen=True)
class TableCount:
    """What a load did to one table."""

    table: str
    rows: int
    inserted: int = 0
    updated: int = 0
    removed: int = 0

    @property
    def written(self) -> int:
        """Rows that were inserted, updated, or removed (of questions: retired)."""
        return self.inserted + self.updated + self.removed


def compare(
    session: Session, model: type[Base], wanted: Sequence[Row], key: Sequence[str]
) -> tuple[list[Row], list[Row], list[tuple[Any, ...]]]:
    """(rows to insert, rows to update, keys of stored rows that are no longer wanted)."""
    columns = inspect(model).columns
    names = list(wanted[0]) if wanted else list(key)
    stored = {
        tuple(row[part] for part in key): row
        for row in session.execute(select(*(columns[name] for name in names))).mappings()
    }
    new, changed = [], []
    for row in wanted:
        old = stored.pop(tuple(row[part] for part in key), None)
        if old is None:
            new.append(row)
        elif any(old[name] != value for name, value in row.items()):
            changed.append(row)
    return new, changed, list(stored)


def write(session: Session, model: type[Base], new: Sequence[Row], changed: Sequence[Row], key: Sequence[str]) -> None:
    """Insert and update the compared rows."""
    if new:
        session.execute(insert(model), list(new))
    columns = inspect(model).columns
    for row in changed:
        values = {name: value for name, value in row.items() if name not in key}
        session.execute(
            update(model)
            .where(*(columns[part] == row[part] for part in key))
            .values(values)
            .execution_options(synchronize_session=False)
        )


def sync(session: Session, model: type[Base], wanted: Sequence[Row]) -> tuple[TableCount, list[tuple[Any, ...]]]:
    """Insert and update by primary key; the keys to remove are given back, since removal goes in the other order."""
    key = [column.name for column in inspect(model).primary_key]
    new, changed, gone = compare(session, model, wanted, key)
    write(session, model, new, changed, key)
    return TableCount(model.__tablename__, len(wanted), len(new), len(changed), len(gone)), gone


def remove(session: Session, model: type[Base], keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete rows by primary key."""
    if keys:
        parts = inspect(model).primary_key
        session.execute(
            delete(model).where(tuple_(*parts).in_(list(keys))).execution_options(synchronize_session=False)
        )
