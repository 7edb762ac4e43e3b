"""What a search costs the database, beside the same by hand, and whether it ever reads the whole table."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bench.search import by_hand
from bench.search.banks import Bank
from bench.search.by_hand import Facts
from bench.search.shapes import Shape
from lift.kernel.db import OPTIONS, make_engine
from lift.questions import cursors
from lift.questions.counts import MOST_ALIKE, MOST_COUNTED
from lift.questions.facets import Searcher
from lift.questions.filters import Filters, read
from lift.questions.search import PAGE, Found, search

ROUNDS = 25
MEANT = {("level", "63"): ("level", "senior")}
"""Codes of a company's own, which the page understands before the bank is asked."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds of the database: ours, by hand, and the tables that ours reads from end to end."""

    ours: float
    by_hand: float
    scanned: Sequence[str]
    total: int

    @property
    def ratio(self) -> float:
        """Ours over the other."""
        return self.ours / self.by_hand


class Watch:
    """Adds up the time that an engine's statements take, and remembers them."""

    def __init__(self, engine: Engine) -> None:
        self.seconds = 0.0
        self.asked: list[tuple[str, Any]] = []
        self._began = 0.0
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, _c: object, _k: object, statement: str, parameters: Any, _x: object, _m: bool) -> None:
        self.asked.append((statement, parameters))
        self._began = time.perf_counter()

    def _after(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._began

    def reset(self) -> None:
        """Begin anew."""
        self.seconds, self.asked = 0.0, []


class Desk:
    """One bank with both ways to ask it."""

    def __init__(self, bank: Bank, facts: Facts, today: date) -> None:
        self.bank, self.facts = bank, facts
        self.engine = make_engine(bank.url, only_reads=True)
        self.watch = Watch(self.engine)
        self.hand = psycopg.connect(bank.dsn, autocommit=True, options=OPTIONS, prepare_threshold=None)
        self.searcher = Searcher(UUID(facts.account), today)

    def close(self) -> None:
        """Give the connections back."""
        self.hand.close()
        self.engine.dispose()

    def filters(self, shape: Shape) -> Filters:
        """The search of a shape, as the page hands it to the bank."""
        pairs = [(name, self.facts.fill(value)) for name, value in shape.arguments]
        return read([MEANT.get(pair, pair) for pair in pairs]).filters

    def cursor(self, shape: Shape, number: int) -> tuple[str, tuple[Any, Any]]:
        """(cursor, its place) of the page with this number, found by counting rows off."""
        where = " AND ".join(["retired_at IS NULL", *shape.facets.values()])
        statement = (
            f"SELECT {by_hand.MONTH}, id FROM questions WHERE {where} ORDER BY {by_hand.MONTH} DESC, id DESC"
            f" LIMIT 1 OFFSET {(number - 1) * PAGE - 1}"
        )
        row = self.hand.execute(self.facts.fill(statement)).fetchone()
        if row is None:
            raise SystemExit(f"{shape.name} has no page {number} in the bank of {self.bank.size:,}")
        place = cursors.Cursor("recent", row[0].toordinal(), row[1], number - 1)
        return cursors.written(place, self.filters(shape).digest), (row[0], row[1])

    def cost(self, shape: Shape, number: int = 1) -> Cost:
        """Both ways in turns, warm; the least of each, since others use the machine too."""
        filters = self.filters(shape)
        cursor, place = self.cursor(shape, number) if number > 1 else (None, None)
        page = by_hand.page(shape, self.facts, place)
        counts = by_hand.counts(shape, self.facts, MOST_ALIKE if shape.order == "alike" else MOST_COUNTED)

        def ours() -> Found:
            with Session(self.engine) as session:
                return search(session, filters, self.searcher, after=cursor)

        def theirs() -> list[Any]:
            self.hand.execute(counts).fetchall()
            return by_hand.ids(self.hand, page)

        found = ours()
        if [hit.id for hit in found.questions] != theirs():
            raise SystemExit(f"{shape.name}: the two ways do not find the same questions")
        mine, other = [], []
        for _ in range(ROUNDS):
            mine.append(self._timed(ours))
            began = time.perf_counter()
            theirs()
            other.append(time.perf_counter() - began)
        scanned = self._scans()
        return Cost(1000 * min(mine), 1000 * min(other), scanned, found.counts.total)

    def _timed(self, ask: Callable[[], object]) -> float:
        self.watch.reset()
        ask()
        return self.watch.seconds

    def _scans(self) -> list[str]:
        """Tables of the last search's plans that are read from end to end."""
        scanned = []
        asked = list(self.watch.asked)
        with self.engine.connect() as connection:
            for statement, parameters in asked:
                plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
                nodes = [(plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]]
                while nodes:
                    node = nodes.pop()
                    nodes += node.get("Plans", [])
                    if node["Node Type"] in ("Seq Scan", "Sample Scan"):
                        scanned.append(node["Relation Name"])
        return scanned
