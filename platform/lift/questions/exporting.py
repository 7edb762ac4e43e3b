"""Export of questions: read in pieces, so that a file of any length needs little memory and holds no connection."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lift.kernel.db import SessionFactory
from lift.questions.models import Question
from lift.questions.rows import Record, record_of

AT_ONCE = 200


@dataclass(frozen=True)
class Selection:
    """Which questions; empty means any."""

    company: str = ""
    topic: str = ""
    level: str = ""
    kind: str = ""
    round: str = ""
    provenance: str = ""
    origin: str = ""
    retired: bool = False
    """The retired ones too."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As parts of a WHERE clause."""
        equal = {
            Question.topic_slug: self.topic,
            Question.kind: self.kind,
            Question.round_kind: self.round,
            Question.provenance: self.provenance,
            Question.origin: self.origin,
        }
        found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
        if self.company:
            found.append(Question.companies.contains([self.company]))
        if self.level:
            found.append(Question.levels.contains([self.level]))
        if not self.retired:
            found.append(Question.retired_at.is_(None))
        return found


def records(factory: SessionFactory, selection: Selection) -> Iterator[Record]:
    """The chosen questions in the order of their ids."""
    last = ""
    while True:
        with factory() as session:
            page = _page(session, selection, last)
        yield from page
        if len(page) < AT_ONCE:
            return
        last = page[-1]["id"]


def _page(session: Session, selection: Selection, after: str) -> list[Record]:
    wanted = select(Question).where(*selection.conditions(), Question.slug > after).order_by(Question.slug)
    return [record_of(question) for question in session.execute(wanted.limit(AT_ONCE)).scalars()]
