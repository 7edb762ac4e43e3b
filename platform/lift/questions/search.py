"""One page of a search: counts of every facet, and twenty questions from a place in its order.

A page is found by the key of the question that it follows, never by counting rows off: page 500 costs what page 1 costs,
and a question that is added meanwhile moves nobody's place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.kernel.db import PLANNED_EACH_TIME
from lift.questions import counts, cursors
from lift.questions.counts import Counts
from lift.questions.cursors import Cursor, Order
from lift.questions.facets import RECENT, Conditions, Searcher, conditions, tokens
from lift.questions.filters import Filters
from lift.questions.queries import QuestionLine
from lift.shelf import queries as shelf

PAGE = 20
"""Questions a page."""
MOST_RANKED = counts.MOST_COUNTED
"""Matches of the words that are ranked, the most recently reported first: to rank is to read each one's words. They are
those that were counted, so that they are found once."""


@dataclass(frozen=True)
class Hit(QuestionLine):
    """A question of a page, with what the searcher has of it."""

    id: UUID
    seen: bool
    lists: list[UUID]
    """Those of the searcher's lists that hold it."""


_SHOWN = (
    ", ".join(f"q.{field.name}" for field in fields(QuestionLine))
    + f", q.id, q.id IN ({shelf.SEEN}) AS seen, ARRAY({shelf.lists_of('q.id')}) AS lists"
)


@dataclass(frozen=True)
class Found:
    """One page of a search."""

    questions: Sequence[Hit]
    counts: Counts
    number: int
    """Which page, from 1, as the way here counted it."""
    before: str | None
    """The cursor of the page before, if there is one."""
    after: str | None
    order: Order
    """``alike``: no question has these words; these are the ones whose prompts look most like them."""
    astray: bool
    """The cursor was none of this search's, or its place is gone: this is the first page."""

    @property
    def some_unranked(self) -> bool:
        """More questions match the words than are ranked and listed."""
        return self.order != "recent" and (self.counts.total > MOST_RANKED or "total" in self.counts.at_least)


def search(
    session: Session, filters: Filters, searcher: Searcher, *, after: str | None = None, before: str | None = None
) -> Found:
    """The page after or before a cursor, else the first: two queries, or three when it falls back to similar words."""
    where, alike = conditions(filters, searcher), False
    counted = counts.count(session, filters, where, searcher.today)
    if counted.total == 0 and tokens(filters.words):
        similar = conditions(filters, searcher, likeness=True)
        again = counts.count(session, filters, similar, searcher.today)
        if again.total:
            where, counted, alike = similar, again, True
    order: Order = "alike" if alike else "ranked" if filters.words else "recent"
    return _Walk(session, filters, where, order, counted).page(after=after, before=before)


@dataclass(frozen=True)
class _Walk:
    """A search's questions in one order, page by page."""

    session: Session
    filters: Filters
    where: Conditions
    order: Order
    counted: Counts

    def page(self, *, after: str | None, before: str | None) -> Found:
        at = self._cursor(after or before)
        rows, astray = list[Any](), bool(after or before) and at is None
        forward = bool(after) or at is None
        if self.counted.total:
            rows = self._rows(at, forward)
            # A page before some place is a full one, or else the first; and a place that nothing follows is gone.
            if at is not None and (not rows if forward else len(rows) <= PAGE):
                astray, at, forward = forward, None, True
                rows = self._rows(None, forward)
        more, rows = len(rows) > PAGE, rows[:PAGE]
        if not forward:
            rows.reverse()
        number = at.page + (1 if forward else -1) if at else 1
        return Found(
            [Hit(*row[1:]) for row in rows],
            self.counted,
            max(1, number),
            before=self._at(rows[0], number) if rows and at and (forward or more) else None,
            after=self._at(rows[-1], number) if rows and (more or not forward) else None,
            order=self.order,
            astray=astray,
        )

    def _cursor(self, written: str | None) -> Cursor | None:
        found = cursors.read(written, self.filters.digest) if written else None
        if found is None or found.order != self.order:
            return None
        # A day that no calendar has comes from nobody's page.
        in_range = self.order != "recent" or 1 <= found.key <= date.max.toordinal()
        return found if in_range else None

    def _at(self, row: Any, number: int) -> str:
        key = row.key.toordinal() if self.order == "recent" else row.key
        return cursors.written(Cursor(self.order, key, row.id, max(1, number)), self.filters.digest)

    def _rows(self, at: Cursor | None, forward: bool) -> list[Any]:
        """(key, *fields of ``Hit``) from a place on, one row more than a page holds."""
        values: dict[str, Any] = {**self.where.values, "limit": PAGE + 1}
        if at is not None:
            key = date.fromordinal(at.key) if self.order == "recent" else at.key
            values |= {"at_key": key, "at_id": at.id}
        if self.order == "recent":
            statement = _recent(self.where, at is not None, forward)
        else:
            if self.counted.newest:
                values["ids"], values["fits"] = self.counted.newest
            statement = _best(self._matches(), at is not None, forward)
        return list(self.session.execute(text(statement), values, execution_options=PLANNED_EACH_TIME))

    def _matches(self) -> str:
        """SQL: (id, key) of what is listed; the key is how well it fits the words, in millionths."""
        if self.order == "ranked":
            return "SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:fits AS bigint[])) AS newest (id, key)"
        typed = (name for name in self.where.values if name.startswith("token_"))
        alike = " + ".join(f"word_similarity(:{name}, q.prompt)" for name in typed)
        # To take the most recent of those that look alike would be to compare every one of them: the first it meets.
        some = f"SELECT q.id, q.prompt FROM questions q WHERE {self.where.all()} LIMIT {counts.MOST_ALIKE}"
        return f"SELECT q.id, (1e6 * ({alike or '0'}))::bigint AS key FROM ({some}) q"


def _recent(where: Conditions, placed: bool, forward: bool) -> str:
    """The most recently reported first, then the newest of the bank: an index is in this order."""
    beyond, way = ("<", "DESC") if forward else (">", "ASC")
    place = f" AND ({RECENT}, q.id) {beyond} (:at_key, :at_id)" if placed else ""
    return (
        f"SELECT {RECENT} AS key, {_SHOWN} FROM questions q WHERE {where.all()}{place}"
        f" ORDER BY {RECENT} {way}, q.id {way} LIMIT :limit"
    )


def _best(matches: str, placed: bool, forward: bool) -> str:
    """The best fit first."""
    beyond, way = ("<", "DESC") if forward else (">", "ASC")
    place = f" WHERE (key, id) {beyond} (:at_key, :at_id)" if placed else ""
    return (
        f"WITH matches AS MATERIALIZED ({matches}),"
        f" page AS (SELECT key, id FROM matches{place} ORDER BY key {way}, id {way} LIMIT :limit)"
        f" SELECT page.key, {_SHOWN} FROM page JOIN questions q USING (id) ORDER BY page.key {way}, page.id {way}"
    )
