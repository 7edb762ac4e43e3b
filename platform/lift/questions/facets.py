"""What a search asks for, and live counts of every facet in one query."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

FACETS = ("company", "topic", "level", "org", "round", "kind", "provenance")
MAX_QUERY = 200
"""Characters of a search text that are read."""

_MATCH = {
    "company": "companies @> ARRAY[:company]::varchar[]",
    "topic": "topic_slug = :topic",
    "level": "levels @> ARRAY[:level]::varchar[]",
    "org": "orgs @> ARRAY[:org]::varchar[]",
    "round": "round_kind = :round",
    "kind": "kind = :kind",
    "provenance": "provenance = :provenance",
}
_VALUES = {
    "company": "unnest(companies)",
    "topic": "topic_slug",
    "level": "unnest(levels)",
    "org": "unnest(orgs)",
    "round": "round_kind",
    "kind": "kind",
    "provenance": "provenance",
}
QUERY = "websearch_to_tsquery('english', :words)"
WORDS = f"search @@ {QUERY}"
# Word similarity: each typed word is compared with the best stretch of the prompt, so one slip of a letter is forgiven.
LIKENESS = "prompt %> ANY (:tokens)"
LIKENESS_RANK = "(SELECT sum(word_similarity(token, prompt)) FROM unnest(CAST(:tokens AS text[])) AS token)"


@dataclass(frozen=True)
class Filters:
    """A search: words and one value a facet; empty means any."""

    words: str = ""
    company: str = ""
    topic: str = ""
    level: str = ""
    org: str = ""
    round: str = ""
    kind: str = ""
    provenance: str = ""
    role: str = ""
    """Keeps to the topics of a role."""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Filters":
        """From request arguments: strange characters are dropped, lengths are bounded."""
        clean = {f.name: values.get("q" if f.name == "words" else f.name, "") for f in fields(cls)}
        tidy = {name: " ".join(value.replace("\x00", "").split())[:MAX_QUERY] for name, value in clean.items()}
        return cls(**tidy)

    @property
    def chosen(self) -> dict[str, str]:
        """The facets that have a value."""
        return {name: getattr(self, name) for name in FACETS if getattr(self, name)}

    def arguments(self, **changes: str) -> dict[str, str]:
        """The search as request arguments, without empty ones."""
        other = replace(self, **changes)
        pairs = {("q" if f.name == "words" else f.name): getattr(other, f.name) for f in fields(other)}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True)
class Counts:
    """``total`` of the whole search; per facet (value → count) with that facet's own choice set aside."""

    total: int
    facets: Mapping[str, Mapping[str, int]]


def scope(filters: Filters, *, likeness: bool = False) -> str:
    """The part of the WHERE clause that no facet sets aside."""
    parts = ["retired_at IS NULL"]
    if filters.words:
        parts.append(LIKENESS if likeness else WORDS)
    if filters.role:
        parts.append("topic_slug IN (SELECT topic_slug FROM role_topics WHERE role_slug = :role)")
    return " AND ".join(parts)


def parameters(filters: Filters, *, likeness: bool = False) -> dict[str, Any]:
    """The bound values that the clauses of ``filters`` use."""
    values: dict[str, Any] = dict(filters.chosen)
    if filters.words and likeness:
        # Short words are like too much.
        values["tokens"] = [word for word in filters.words.split() if len(word) > 3]
    elif filters.words:
        values["words"] = filters.words
    if filters.role:
        values["role"] = filters.role
    return values


def where(filters: Filters, *, likeness: bool = False) -> str:
    """The WHERE clause of the whole search."""
    return " AND ".join([scope(filters, likeness=likeness), *(_MATCH[name] for name in filters.chosen)])


def count(session: Session, filters: Filters, *, likeness: bool = False) -> Counts:
    """Total and facets in one statement. What a facet counts is the search without that facet's own choice."""
    chosen = filters.chosen
    flags = "".join(f", {_MATCH[name]} AS in_{name}" for name in chosen)

    def others(facet: str) -> str:
        return " AND ".join([f"in_{name}" for name in chosen if name != facet] or ["TRUE"])

    parts = [f"SELECT 'total' AS facet, '' AS value, count(*) AS n FROM found WHERE {others('')}"]
    parts += [
        f"SELECT '{facet}', value, count(*) FROM (SELECT {_VALUES[facet]} AS value FROM found WHERE {others(facet)}) v GROUP BY value"
        for facet in FACETS
    ]
    # One row of JSON: fifty rows cost more to fetch than to count.
    statement = (
        f"WITH found AS MATERIALIZED (SELECT companies, orgs, levels, topic_slug, round_kind, kind, provenance{flags}"
        f" FROM questions WHERE {scope(filters, likeness=likeness)})"
        f" SELECT json_agg(json_build_array(facet, value, n)) FROM ({' UNION ALL '.join(parts)}) counted"
    )
    total, facets = 0, {facet: dict[str, int]() for facet in FACETS}
    rows = session.execute(text(statement), parameters(filters, likeness=likeness)).scalar_one()
    for facet, value, number in rows:
        if facet == "total":
            total = number
        else:
            facets[facet][value] = number
    return Counts(total, facets)
