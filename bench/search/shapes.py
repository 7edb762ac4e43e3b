"""The shapes of search that are measured, each with the conditions that somebody would write by hand for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Arguments = Sequence[tuple[str, str]]

BACKEND = "SELECT topic_slug FROM role_topics WHERE role_slug = 'backend-engineer'"
SEEN = "SELECT question_id FROM seen_questions WHERE account_id = '{account}'"
SAVED = "SELECT question_id FROM saved_questions WHERE list_id = '{list}'"


@dataclass(frozen=True)
class Shape:
    """One kind of search: as an address asks for it, and as SQL says it."""

    name: str
    arguments: Arguments = ()
    """``{list}`` stands for the searcher's list, ``{word}`` for a word that few questions have."""
    words: str = ""
    """SQL: the condition on the words."""
    facets: Mapping[str, str] = field(default_factory=dict)
    """Of each facet with a choice, the condition."""
    order: str = "recent"


def shapes(today: date) -> Sequence[Shape]:
    """All of them, on a day."""
    months = today.year * 12 + today.month - 1 - 6
    since = date(months // 12, months % 12 + 1, 1)
    return (
        Shape("no filter"),
        Shape("one facet: a topic", [("topic", "api-design")], facets={"topic": "topic_slug = 'api-design'"}),
        Shape("one facet: a kind", [("kind", "debug")], facets={"kind": "kind = 'debug'"}),
        Shape(
            "one facet: a company",
            [("company", "microsoft")],
            facets={"company": "companies @> '{microsoft}'::varchar[]"},
        ),
        Shape(
            "broad pair: kind and level",
            [("kind", "design"), ("level", "senior")],
            facets={"kind": "kind = 'design'", "level": "levels @> '{senior}'::varchar[]"},
        ),
        Shape(
            "narrow triple: company, sub-topic, state",
            [("company", "stripe"), ("subtopic", "idempotency"), ("provenance", "verified")],
            facets={
                "company": "companies @> '{stripe}'::varchar[]",
                "subtopic": "subtopic_slug = 'idempotency'",
                "provenance": "provenance = 'verified'",
            },
        ),
        Shape(
            "role",
            [("role", "backend-engineer")],
            facets={"role": f"topic_slug IN ({BACKEND})"},
        ),
        Shape(
            "company and its level code",
            [("company", "microsoft"), ("level", "63")],
            facets={"company": "companies @> '{microsoft}'::varchar[]", "level": "levels @> '{senior}'::varchar[]"},
        ),
        Shape(
            "reported within six months",
            [("reported", "6m")],
            facets={"reported": f"coalesce(last_reported, '0001-01-01'::date) >= '{since}'"},
        ),
        Shape("rare word", [("q", "{word}")], "search @@ websearch_to_tsquery('english', '{word}')", order="ranked"),
        Shape(
            "common word",
            [("q", "requests")],
            "search @@ websearch_to_tsquery('english', 'requests')",
            order="ranked",
        ),
        Shape(
            "word, company and kind",
            [("q", "cache"), ("company", "google"), ("kind", "debug")],
            "search @@ websearch_to_tsquery('english', 'cache')",
            {"company": "companies @> '{google}'::varchar[]", "kind": "kind = 'debug'"},
            order="ranked",
        ),
        Shape("typo", [("q", "idempotncy")], "prompt %> 'idempotncy'", order="alike"),
        Shape("not seen", [("seen", "no")], facets={"seen": f"id NOT IN ({SEEN})"}),
        Shape("seen", [("seen", "yes")], facets={"seen": f"id IN ({SEEN})"}),
        Shape("saved list", [("list", "{list}")], facets={"list": f"id IN ({SAVED})"}),
    )
