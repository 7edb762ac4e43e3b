"""Everything that the catalogue says on the page of a topic or of a competency: plain values, safe to keep."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.kernel.errors import NotFound


@dataclass(frozen=True)
class TopicFacts:
    """A topic with what lies below and beside it."""

    topic: dict[str, Any]
    """The row of ``topics``."""
    subtopics: list[dict[str, Any]]
    """Each with its competencies (slug, name)."""
    rounds: list[dict[str, Any]]
    """Kinds of round in which it comes up."""
    dimensions: list[dict[str, Any]]
    """What answers are scored on, unless a question says otherwise."""
    roles: list[dict[str, Any]]
    """Roles that are asked about it, with its share in percent, the largest first."""


_TOPIC = text("""
SELECT
  (SELECT row_to_json(t) FROM topics t WHERE slug = :slug),
  (SELECT coalesce(json_agg(s ORDER BY s.position), '[]') FROM
    (SELECT slug, name, definition, position,
            (SELECT json_agg(json_build_object('slug', c.slug, 'name', c.name) ORDER BY c.position)
               FROM competencies c WHERE c.subtopic_slug = s.slug) AS competencies
       FROM subtopics s WHERE topic_slug = :slug) s),
  (SELECT coalesce(json_agg(k ORDER BY k.position), '[]') FROM
    (SELECT k.slug, k.name, k.minutes, k.run_by, k.definition, k.position FROM round_kinds k
       JOIN topics t ON k.slug = ANY (t.round_kinds) WHERE t.slug = :slug) k),
  (SELECT coalesce(json_agg(d ORDER BY d.position), '[]') FROM
    (SELECT d.slug, d.name, d.definition, d.position FROM dimensions d
       JOIN topics t ON d.slug = ANY (t.default_dimensions) WHERE t.slug = :slug) d),
  (SELECT coalesce(json_agg(r ORDER BY r.weight DESC, r.position), '[]') FROM
    (SELECT r.slug, r.name, rt.weight, r.position FROM role_topics rt JOIN roles r ON r.slug = rt.role_slug
      WHERE rt.topic_slug = :slug AND rt.shared) r)
""")


def topic_facts(session: Session, slug: str) -> TopicFacts:
    """The page's facts, in one query; NotFound."""
    topic, *parts = tuple(session.execute(_TOPIC, {"slug": slug}).one())
    if topic is None:
        raise NotFound("There is no such topic in the bank.")
    return TopicFacts(topic, *parts)


@dataclass(frozen=True)
class CompetencyFacts:
    """A competency with where it stands."""

    competency: dict[str, Any]
    """The row of ``competencies``."""
    subtopic: dict[str, Any]
    topic: dict[str, Any]
    siblings: list[dict[str, Any]]
    """The other competencies (slug, name) of its sub-topic."""
    companies: list[dict[str, Any]]
    """Companies (slug, name) whose loops lay weight on it."""


_COMPETENCY = text("""
SELECT row_to_json(c), row_to_json(s), row_to_json(t),
  (SELECT coalesce(json_agg(json_build_object('slug', o.slug, 'name', o.name) ORDER BY o.position), '[]')
     FROM competencies o WHERE o.subtopic_slug = c.subtopic_slug AND o.slug <> c.slug),
  (SELECT coalesce(json_agg(json_build_object('slug', o.slug, 'name', o.name) ORDER BY o.position), '[]')
     FROM companies o WHERE c.slug = ANY (o.emphasis))
  FROM competencies c JOIN subtopics s ON s.slug = c.subtopic_slug JOIN topics t ON t.slug = s.topic_slug
 WHERE c.slug = :slug
""")


def competency_facts(session: Session, slug: str) -> CompetencyFacts:
    """The page's facts, in one query; NotFound."""
    found = session.execute(_COMPETENCY, {"slug": slug}).one_or_none()
    if found is None:
        raise NotFound("There is no such competency in the bank.")
    return CompetencyFacts(*found)


def spellings(session: Session) -> list[tuple[str, str, str, list[str]]]:
    """(kind, slug, name, other names) of everything that has a page, for who looks for one under another name."""
    rows = session.execute(
        text(
            "SELECT 'company', slug, name, aliases FROM companies"
            " UNION ALL SELECT 'role', slug, name, aliases FROM roles"
            " UNION ALL SELECT 'topic', slug, name, terms FROM topics"
            " UNION ALL SELECT 'competency', slug, name, ARRAY[]::text[] FROM competencies"
        )
    )
    return [(kind, slug, name, list(others)) for kind, slug, name, others in rows]
