"""What a company × role page shows of the bank: counts and samples, kept as a roll-up that every change renews.

Counting a loop reads each of its questions; a page reads one row. ``refresh`` writes the rows in the transaction
that changed the questions, and each hour once more, which dates them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.models import Company, Role
from lift.questions.models import LoopRow
from lift.questions.samples import ROW, SAMPLES, Sample, samples_of


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


_COUNT = text(
    f"""
WITH found AS MATERIALIZED (
  SELECT q.slug, q.companies <> '{{}}' AS own, q.orgs, q.levels, q.topic_slug, q.subtopic_slug, q.provenance, rt.position
    FROM questions q JOIN role_topics rt ON rt.topic_slug = q.topic_slug AND rt.role_slug = :role
   WHERE q.retired_at IS NULL AND (q.companies @> ARRAY[:company]::varchar[] OR q.companies = '{{}}')
), placed AS (
  SELECT slug, own, position, row_number() OVER (PARTITION BY own, topic_slug ORDER BY slug) AS place FROM found
)
SELECT CASE WHEN GROUPING(topic_slug) = 0 THEN 'topics' WHEN GROUPING(subtopic_slug) = 0 THEN 'subtopics'
            WHEN GROUPING(provenance) = 0 THEN 'provenance' ELSE 'own' END AS facet,
       coalesce(topic_slug, subtopic_slug, provenance, own::text) AS value, count(*) AS n
  FROM found GROUP BY GROUPING SETS ((topic_slug), (subtopic_slug), (provenance), (own))
UNION ALL SELECT 'levels', level, count(*) FROM found, unnest(levels) AS level GROUP BY level
UNION ALL SELECT 'orgs', org, count(*) FROM found, unnest(orgs) AS org WHERE own GROUP BY org
UNION ALL (SELECT 'samples', {ROW}, 0
  FROM (SELECT slug, own, place, position FROM placed ORDER BY own DESC, place, position LIMIT :samples) p
  JOIN questions q USING (slug) ORDER BY p.own DESC, p.place, p.position)
"""
)


def _counted(session: Session, company: str, role: str) -> dict[str, Any]:
    """What a roll-up holds of a loop, counted now."""
    counts: dict[str, dict[str, int]] = {}
    samples: list[Any] = []
    for facet, value, number in session.execute(_COUNT, {"company": company, "role": role, "samples": SAMPLES}):
        if facet == "samples":
            samples.append(json.loads(value))
        else:
            counts.setdefault(facet, {})[value] = number
    digest = hashlib.sha256(json.dumps([counts, samples], sort_keys=True).encode()).hexdigest()
    return {"own": counts.get("own", {}).get("true", 0), "digest": digest, "counts": counts, "samples": samples}


_ALL = select(Company.slug, Role.slug).join(Role, true()).order_by(Company.slug, Role.slug)


def refresh(session: Session, now: datetime) -> int:
    """Count every loop; returns how many rows were written. A row that is right and of this day is left alone."""
    stored = {
        (company, role): (digest, counted_at)
        for company, role, digest, counted_at in session.execute(
            select(LoopRow.company_slug, LoopRow.role_slug, LoopRow.digest, LoopRow.counted_at)
        )
    }
    written = 0
    for company, role in session.execute(_ALL).all():
        found = _counted(session, company, role)
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
