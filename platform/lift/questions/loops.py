"""What a company × role page shows of the bank: counts and samples, kept as a roll-up that every change renews.

Counting a loop reads each of its questions; a page reads one row. ``refresh`` writes the rows in the transaction
that changed the questions, and each hour once more, which dates them.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.models import Company, Role, RoleTopic
from lift.questions.models import LoopRow
from lift.questions.samples import SAMPLES, Sample, samples_of
from lift.questions.tally import PROVED, Plan, Tally, taken


@dataclass(frozen=True)
class LoopHead:
    """What tells whether a page must be drawn anew."""

    own: int
    digest: str
    """Equal for equal counts and samples, whenever they were counted."""
    counted_at: datetime


@dataclass(frozen=True)
class LoopPage:
    """Counts of questions that name the company and of general ones that apply, with samples of them."""

    own: int
    general: int
    orgs: Mapping[str, int]
    """Own questions."""
    topics: Mapping[str, int]
    """Own and general, like all that follow."""
    subtopics: Mapping[str, int]
    levels: Mapping[str, int]
    provenance: Mapping[str, int]
    samples: Sequence[Sample]
    """The company's own first, spread over the role's topics."""
    counted_at: datetime

    @property
    def total(self) -> int:
        """Own and general."""
        return self.own + self.general


# A cell is what a company has of one topic, or what no company has: every loop is made of the same few hundred.
_GENERAL = ""
_CELLS = Plan(
    "(SELECT array_agg(company || '/' || q.topic_slug) FROM"
    " unnest(CASE WHEN q.companies = '{}' THEN ARRAY[''] ELSE q.companies END) AS company)",
    ("subtopics", "levels", "orgs", "provenance"),
    "NULL::text",
)


def _loop(cells: Mapping[str, Tally], company: str, topics: Sequence[str]) -> dict[str, Any]:
    """What a roll-up holds of a loop: sums over the role's topics, in the order of the role."""
    counts: dict[str, Counter[str]] = {}
    ranked: list[tuple[bool, int, int, int, Any]] = []
    for position, topic in enumerate(topics):
        for key in (company, _GENERAL):
            cell = cells.get(f"{key}/{topic}")
            if cell is None:
                continue
            own = key != _GENERAL
            counts.setdefault("topics", Counter())[topic] += cell.total
            counts.setdefault("own", Counter())["true" if own else "false"] += cell.total
            for facet, values in cell.counts.items():
                if own or facet != "orgs":
                    counts.setdefault(facet, Counter()).update(values)
            ranked += [(not own, place, _doubt(s), position, s) for place, s in enumerate(cell.samples)]
    samples = [sample for *_, sample in sorted(ranked, key=lambda line: line[:4])[:SAMPLES]]
    digest = hashlib.sha256(json.dumps([counts, samples], sort_keys=True).encode()).hexdigest()
    return {"own": counts.get("own", Counter())["true"], "digest": digest, "counts": counts, "samples": samples}


def _doubt(sample: Sequence[Any]) -> int:
    """0 for the best proved question, more for what once was, the most for what nobody reported."""
    (found,) = samples_of([sample])
    if found.provenance in PROVED:
        return PROVED.index(found.provenance)
    return len(PROVED) + (found.provenance_was is None)


_ALL = select(Company.slug, Role.slug).join(Role, true()).order_by(Company.slug, Role.slug)
_TOPICS = select(RoleTopic.role_slug, RoleTopic.topic_slug).order_by(RoleTopic.role_slug, RoleTopic.position)


def refresh(session: Session, now: datetime) -> int:
    """Count every loop; returns how many rows were written. A row that is right and of this day is left alone."""
    stored = {
        (company, role): (digest, counted_at)
        for company, role, digest, counted_at in session.execute(
            select(LoopRow.company_slug, LoopRow.role_slug, LoopRow.digest, LoopRow.counted_at)
        )
    }
    written, cells = 0, taken(session, _CELLS)
    topics: dict[str, list[str]] = {}
    for role, topic in session.execute(_TOPICS):
        topics.setdefault(role, []).append(topic)
    for company, role in session.execute(_ALL).all():
        found = _loop(cells, company, topics.get(role, []))
        digest, counted_at = stored.get((company, role), ("", now))
        if digest == found["digest"] and counted_at.date() == now.date():
            continue
        values = {**found, "counted_at": now}
        statement = insert(LoopRow).values(company_slug=company, role_slug=role, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["company_slug", "role_slug"], set_=values))
        written += 1
    return written


def loops(session: Session) -> int:
    """How many loops are counted."""
    return session.execute(select(func.count()).select_from(LoopRow)).scalar_one()


# Asked by each request that draws a page: as text, which costs a quarter less than columns of the model.
_HEAD = "SELECT own, digest, counted_at FROM loop_counts WHERE company_slug = %(company)s AND role_slug = %(role)s"
_READ = text("SELECT counts, samples, counted_at FROM loop_counts WHERE company_slug = :company AND role_slug = :role")


def loop_head(connection: Connection, company: str, role: str) -> LoopHead:
    """The few columns of a roll-up that change whenever the rest does."""
    return LoopHead(*connection.exec_driver_sql(_HEAD, {"company": company, "role": role}).one())


def loop_page(session: Session, company: str, role: str) -> LoopPage:
    """The roll-up of one company × role page, in one query."""
    found, samples, counted_at = session.execute(_READ, {"company": company, "role": role}).one()
    own = found.get("own", {})
    counts = {name: found.get(name, {}) for name in ("orgs", "topics", "subtopics", "levels", "provenance")}
    lines = samples_of(samples)
    return LoopPage(own.get("true", 0), own.get("false", 0), **counts, samples=lines, counted_at=counted_at)


@dataclass(frozen=True)
class LoopTotals:
    """How many questions a loop has."""

    company: str
    role: str
    own: int
    general: int
    counted_at: datetime


_TOTALS = text(
    "SELECT company_slug, role_slug, own, coalesce((counts->'own'->>'false')::bigint, 0), counted_at"
    " FROM loop_counts"
    " WHERE CAST(:company AS text) IS NULL OR company_slug = :company ORDER BY company_slug, role_slug"
)


def loop_totals(session: Session, company: str | None = None) -> Sequence[LoopTotals]:
    """The totals of every loop, or of one company's, in one query."""
    return [LoopTotals(*row) for row in session.execute(_TOTALS, {"company": company})]
