"""What a company × role page shows of the bank, in one query: counts and samples."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.questions.queries import QuestionLine

SAMPLES = 6
"""Questions that a public page shows."""


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
    samples: Sequence[QuestionLine]
    """The company's own first, spread over the role's topics."""

    @property
    def total(self) -> int:
        """Own and general."""
        return self.own + self.general


_LOOP = text("""
WITH found AS MATERIALIZED (
  SELECT q.id, q.slug, q.companies <> '{}' AS own, q.orgs, q.levels, q.topic_slug, q.subtopic_slug, q.provenance, rt.position
    FROM questions q JOIN role_topics rt ON rt.topic_slug = q.topic_slug AND rt.role_slug = :role
   WHERE q.retired_at IS NULL AND (q.companies @> ARRAY[:company]::varchar[] OR q.companies = '{}')
), placed AS (
  SELECT id, own, position, slug, row_number() OVER (PARTITION BY own, topic_slug ORDER BY slug) AS place FROM found
), chosen AS (
  SELECT id, own, place, position FROM placed ORDER BY own DESC, place, position LIMIT :samples
)
SELECT CASE WHEN GROUPING(topic_slug) = 0 THEN 'topics' WHEN GROUPING(subtopic_slug) = 0 THEN 'subtopics'
            WHEN GROUPING(provenance) = 0 THEN 'provenance' ELSE 'own' END AS facet,
       coalesce(topic_slug, subtopic_slug, provenance, own::text) AS value, count(*) AS n
  FROM found GROUP BY GROUPING SETS ((topic_slug), (subtopic_slug), (provenance), (own))
UNION ALL SELECT 'levels', level, count(*) FROM found, unnest(levels) AS level GROUP BY level
UNION ALL SELECT 'orgs', org, count(*) FROM found, unnest(orgs) AS org WHERE own GROUP BY org
UNION ALL (SELECT 'samples', json_build_array(q.slug, q.prompt, q.levels, q.topic_slug, q.companies, q.orgs, q.round_kind,
                                             q.kind, q.minutes, q.provenance)::text, 0
  FROM chosen c JOIN questions q USING (id) ORDER BY c.own DESC, c.place, c.position)
""")


def loop_page(session: Session, company: str, role: str) -> LoopPage:
    """Counts and samples of one company × role page."""
    found: dict[str, dict[str, int]] = {}
    samples = []
    for facet, value, number in session.execute(_LOOP, {"company": company, "role": role, "samples": SAMPLES}):
        if facet == "samples":
            samples.append(QuestionLine(*json.loads(value)))
        else:
            found.setdefault(facet, {})[value] = number
    own = found.pop("own", {})
    counts = {name: found.get(name, {}) for name in ("orgs", "topics", "subtopics", "levels", "provenance")}
    return LoopPage(own.get("true", 0), own.get("false", 0), **counts, samples=samples)
