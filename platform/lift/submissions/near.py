"""Questions of the bank that a typed one may be: by the stems that both have, rare ones weighing most, and by letters."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST = 5
"""Questions that are shown."""
CANDIDATES = 80
"""Questions that full text finds, among which the closest are looked for."""
FEWEST_STEMS = 3
"""A shorter text is like anything."""
LEAST = 0.24
"""The likeness at which a question is worth showing: below it, in a bank of 1,600, there are coincidences."""
STEMS_READ = 60
MOST_MATCHED = 3_000
"""Questions that the stems asked for may have between them: each is ranked, and a form waits for it while one writes."""

# Stems of the question itself weigh more than those of its rubric, which says what an answer mentions.
_STEMS = text("SELECT tsvector_to_array(to_tsvector('english', :typed))")
# What PostgreSQL knows of how many questions have a stem, without looking at one. The last three of the frequencies are
# the least, the greatest and that of nothing.
_FREQUENCIES = text(
    """
SELECT greatest(c.reltuples, 0), s.most_common_elems::text::text[], s.most_common_elem_freqs
  FROM pg_class c LEFT JOIN pg_stats s
    ON s.schemaname = 'public' AND s.tablename = c.relname AND s.attname = 'search'
 WHERE c.oid = to_regclass('public.questions')
"""
)
# Ranked first, and only what is left is taken apart.
_FOUND = text(
    """
WITH asked AS (
  SELECT (SELECT string_agg(quote_literal(stem), ' | ') FROM unnest(CAST(:stems AS text[])) AS stem)::tsquery AS query
), ranked AS MATERIALIZED (
  SELECT q.id, q.slug,
         ts_rank('{0.1, 0.3, 0.4, 1.0}', q.search, asked.query)
         + CASE WHEN q.companies @> ARRAY[:company]::varchar[] THEN 0.05 ELSE 0 END AS rank
    FROM questions q, asked WHERE q.retired_at IS NULL AND q.search @@ asked.query
   ORDER BY rank DESC, q.slug LIMIT :candidates
)
SELECT q.id, q.slug, q.prompt, q.companies, tsvector_to_array(ts_filter(q.search, '{a}')) AS own,
       tsvector_to_array(q.search) AS every, similarity(q.prompt, :typed) AS letters
  FROM ranked JOIN questions q USING (id)
"""
)


@dataclass(frozen=True)
class Near:
    """A question that the typed one may be; a likeness of 1 is the same words."""

    id: UUID
    slug: str
    prompt: str
    likeness: float


def near(
    session: Session, typed: str, company: str = "", *, but: UUID | None = None, most: int = MOST
) -> Sequence[Near]:
    """Up to five questions of the bank, the closest first; none for a few words."""
    typed = typed.replace("\x00", "")
    stems = frozenset(session.execute(_STEMS, {"typed": typed}).scalar_one())
    if len(stems) < FEWEST_STEMS:
        return []
    values = {
        "stems": _asked_for(session, stems),
        "typed": typed,
        "company": company,
        "candidates": CANDIDATES,
    }
    rows = session.execute(_FOUND, values).mappings().all()
    weights = _weights(stems, rows)
    found = [Near(row["id"], row["slug"], row["prompt"], _likeness(stems, row, weights, company)) for row in rows]
    close = [one for one in found if one.likeness >= LEAST and one.id != but]
    return sorted(close, key=lambda one: (-one.likeness, one.slug))[:most]


def _asked_for(session: Session, stems: frozenset[str]) -> list[str]:
    rows, common, frequencies = session.execute(_FREQUENCIES).one()
    known = dict(zip(common, frequencies, strict=False)) if common else {}
    return affordable(stems, known, float(rows))


def affordable(stems: frozenset[str], known: Mapping[str, float], rows: float) -> list[str]:
    """The rarest stems that not too many questions have between them; at least ``FEWEST_STEMS``.

    ``known`` is the share of questions that have a stem, of the common ones. In a small bank all are affordable.
    """
    rare = min(known.values(), default=0.0) / 2
    chosen: list[str] = []
    matched = 0.0
    for share, stem in sorted((known.get(stem, rare), stem) for stem in stems):
        matched += share * rows
        if len(chosen) >= FEWEST_STEMS and (matched > MOST_MATCHED or len(chosen) >= STEMS_READ):
            break
        chosen.append(stem)
    return chosen


def _weights(stems: frozenset[str], rows: Sequence[Mapping[Any, Any]]) -> dict[str, float]:
    """How much each stem tells: those that few of the candidates have tell most."""
    having = {stem: sum(stem in row["every"] for row in rows) for stem in stems}
    return {stem: math.log((len(rows) + 2) / (number + 1)) + 0.1 for stem, number in having.items()}


def _likeness(stems: frozenset[str], row: Mapping[Any, Any], weights: Mapping[str, float], company: str) -> float:
    """The share of the typed text's weight that the question has, with a little for letters and for the company."""
    own, every = frozenset(row["own"]), frozenset(row["every"])
    shared = sum(weights[stem] * (1.0 if stem in own else 0.45) for stem in stems & every)
    whole = sum(weights.values()) or 1.0
    return 0.8 * shared / whole + 0.17 * float(row["letters"]) + (0.03 if company in row["companies"] else 0.0)
