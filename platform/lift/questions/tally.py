"""Count the whole bank by a key: one reading of the questions gives totals, facets and samples of every value of it.

A statement for each page would read every general question once for each company; at a million questions that is hours.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.questions.samples import ROW, SAMPLES

_SINGLE = {"topics": "topic_slug", "subtopics": "subtopic_slug", "kinds": "kind", "provenance": "provenance"}
_MANY = {"levels": "levels", "competencies": "competencies", "companies": "companies", "orgs": "orgs"}

PROVED = ("verified", "corroborated", "reported")
"""States of provenance, the best proved first."""
TRUST = (
    f"coalesce(array_position(ARRAY[{', '.join(map(repr, PROVED))}], q.provenance::text),"
    f" CASE WHEN q.provenance_was IS NOT NULL THEN {len(PROVED) + 1} END)"
)
"""SQL: 1 for the best proved; after them what once was proved; null, which comes last, for what nobody reported."""


@dataclass(frozen=True)
class Plan:
    """How questions belong to keys, and what is counted of each."""

    keys: str
    """SQL: the keys of the question ``q``, as an array."""
    facets: Sequence[str]
    spread: str
    """SQL: samples are taken from different values of it first."""


@dataclass
class Tally:
    """What was counted of one key."""

    total: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Facet → value → number of questions; a facet without a question is missing."""
    samples: list[Any] = field(default_factory=list)
    """Questions to show, each as the fields of ``Sample``, in the order of showing."""


def taken(session: Session, plan: Plan, keys: Iterable[str] | None = None) -> Mapping[str, Tally]:
    """The tally of each of ``keys``, of one without a question too; without ``keys`` of each that has a question."""
    found = {key: Tally() for key in keys or ()}
    samples: dict[str, list[tuple[int, Any]]] = {}
    for key, facet, value, number in session.execute(text(_statement(plan))):
        if keys is not None and key not in found:
            continue
        tally = found.setdefault(key, Tally())
        if facet == "total":
            tally.total = number
        elif facet == "samples":
            samples.setdefault(key, []).append((number, json.loads(value)))
        else:
            tally.counts.setdefault(facet, {})[value] = number
    for key, ranked in samples.items():
        found[key].samples = [row for _, row in sorted(ranked, key=lambda pair: pair[0])]
    return found


def _statement(plan: Plan) -> str:
    """(key, facet, value, number) of every key, and its samples as facet ``samples`` with their rank as the number."""
    single = [facet for facet in plan.facets if facet in _SINGLE]
    columns = [_SINGLE[facet] for facet in single]
    which = " ".join(f"WHEN GROUPING({_SINGLE[facet]}) = 0 THEN '{facet}'" for facet in single)
    parts = [
        f"SELECT key, CASE {which} ELSE 'total' END, coalesce({', '.join([*columns, repr('')])}), count(*) FROM found"
        f" GROUP BY GROUPING SETS ((key), {', '.join(f'(key, {column})' for column in columns)})"
    ]
    parts += [
        f"SELECT key, '{facet}', value, count(*) FROM found, unnest({_MANY[facet]}) AS value GROUP BY 1, 3"
        for facet in plan.facets
        if facet in _MANY
    ]
    # The first few of each value are all that the first few of the key can be among.
    return f"""
WITH found AS MATERIALIZED (
  SELECT k.key, q.slug, {plan.spread} AS spread, {TRUST} AS trust, q.last_reported,
         {", ".join(f"q.{name}" for name in (*_SINGLE.values(), *_MANY.values()))}
    FROM questions q CROSS JOIN LATERAL unnest({plan.keys}) AS k(key) WHERE q.retired_at IS NULL
), placed AS (
  SELECT * FROM (
    SELECT key, slug, trust,
           row_number() OVER (PARTITION BY key, spread ORDER BY trust, last_reported DESC NULLS LAST, slug) AS place
      FROM found) p
   WHERE place <= {SAMPLES}
), ranked AS (
  SELECT key, slug, row_number() OVER (PARTITION BY key ORDER BY place, trust, slug) AS rank FROM placed
)
{" UNION ALL ".join(parts)}
UNION ALL SELECT r.key, 'samples', {ROW}, r.rank FROM ranked r JOIN questions q USING (slug) WHERE r.rank <= {SAMPLES}"""
