"""Each facet as SQL: which questions a choice lets in. The one place that knows what a facet means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lift.questions import windows
from lift.questions.filters import Filters
from lift.shelf import queries as shelf

RECENT = f"coalesce(q.last_reported, '{windows.NEVER.isoformat()}'::date)"
"""SQL: the month that questions are sorted and filtered by, as the indexes spell it."""
QUERY = "websearch_to_tsquery('english', :words)"
FIT = f"(1e6 * ts_rank_cd(search, {QUERY}))::bigint"
"""SQL: how well a question fits the words, in millionths, so that a cursor holds it exactly."""

MINUTES: Mapping[str, tuple[int, int]] = {
    "under-10": (1, 9),
    "10-14": (10, 14),
    "15-19": (15, 19),
    "20-29": (20, 29),
    "30-44": (30, 44),
    "45-up": (45, 90),
}
"""Ranges of minutes, both ends within."""
MOST_TOKENS = 8
"""Words that are compared letter by letter when none is found."""
SHORTEST_TOKEN = 4
"""Letters of a word that is compared: shorter ones are like too much."""

SINGLE = {
    "topic": "topic_slug",
    "subtopic": "subtopic_slug",
    "round": "round_kind",
    "kind": "kind",
    "provenance": "provenance",
}
"""Facets of one value a question, with their column."""
TOLD = "ARRAY[" + ", ".join(f"'{facet}:' || q.{column}" for facet, column in SINGLE.items()) + "]"
"""SQL: those of a question with their facets' names, as the index of all facets has them."""
MANY = {"company": "companies", "org": "orgs", "level": "levels", "competency": "competencies"}
"""Facets of several values a question."""
ANY_COMPANY = "any"
"""The value of the facet company for questions that name none: they apply everywhere."""
COMPANIES = f"CASE WHEN companies = '{{}}' THEN '{{{ANY_COMPANY}}}'::varchar[] ELSE companies END"
"""SQL: the values of the facet company that a question has."""
ROLE_TOPICS = "SELECT topic_slug FROM role_topics WHERE role_slug = ANY (CAST(:role AS varchar[]))"


@dataclass(frozen=True)
class Searcher:
    """Whose search it is, and on which day."""

    account_id: UUID | None
    today: date


@dataclass(frozen=True)
class Conditions:
    """A search as conditions on ``questions q``."""

    scope: str
    """What no facet sets aside: live questions, and the words."""
    facets: Mapping[str, str]
    """Of each facet with a choice, what it lets in."""
    values: Mapping[str, Any]
    """The bound values."""
    alike: bool = False
    """Prompts need only look like the words."""

    def all(self, but: str = "") -> str:
        """The whole search, or without the choice of one facet."""
        return " AND ".join([self.scope, *(sql for facet, sql in self.facets.items() if facet != but)])


def tokens(words: str) -> list[str]:
    """The words that are worth comparing letter by letter."""
    return [word for word in words.split() if len(word) >= SHORTEST_TOKEN][:MOST_TOKENS]


def conditions(filters: Filters, searcher: Searcher, *, likeness: bool = False) -> Conditions:
    """The search as SQL. With ``likeness`` a prompt need only look like the words."""
    scope, values = ["q.retired_at IS NULL"], {"account": searcher.account_id, **_bound(filters, searcher.today)}
    if filters.words and likeness:
        alike = {f"token_{place}": token for place, token in enumerate(tokens(filters.words))}
        # Each typed word is compared with the best stretch of the prompt, so one slip of a letter is forgiven. One
        # comparison a word: an index on trigrams answers them, and an ANY over all of them it does not.
        scope.append(f"({' OR '.join(f'q.prompt %> :{name}' for name in alike) or 'FALSE'})")
        values |= alike
    elif filters.words:
        scope.append(f"q.search @@ {QUERY}")
        values["words"] = filters.words
    narrowing = {facet: _condition(facet, filters, values) for facet in filters.chosen}
    together = [facet for facet in filters.chosen if facet in (*SINGLE, *MANY)]
    if (filters.words and not likeness) or len(together) > 2:
        # One index finds where they meet. One or two alone are walked through by an index of the one, in order.
        for facet in set(together).intersection(SINGLE):
            narrowing[facet] = f"{TOLD} && CAST(:told_{facet} AS text[])"
            values[f"told_{facet}"] = [f"{facet}:{value}" for value in getattr(filters, facet)]
    return Conditions(" AND ".join(scope), narrowing, values, alike=likeness)


def _bound(filters: Filters, today: date) -> dict[str, Any]:
    bound: dict[str, Any] = {
        facet: list(values) for facet, values in filters.chosen.items() if facet in (*SINGLE, *MANY, "role")
    }
    if filters.company:
        bound["company"] = [company for company in filters.company if company != ANY_COMPANY]
    if filters.list:
        bound["list"] = [made for value in filters.list if (made := as_uuid(value)) is not None]
    if filters.reported:
        bound["reported"] = windows.widest(filters.reported, today)
    return bound


def as_uuid(value: str) -> UUID | None:
    """The id that a text is, if it is one."""
    try:
        return UUID(value)
    except ValueError:
        return None


def _condition(facet: str, filters: Filters, values: Mapping[str, Any]) -> str:
    """What the choice in one facet lets in. A value that does not exist lets in nothing."""
    chosen = getattr(filters, facet)
    if facet in SINGLE:
        return f"q.{SINGLE[facet]} = ANY (CAST(:{facet} AS varchar[]))"
    if facet in MANY:
        named = f"q.{MANY[facet]} && CAST(:{facet} AS varchar[])"
        if facet != "company" or ANY_COMPANY not in chosen:
            return named
        return f"({named} OR q.companies = '{{}}')" if values["company"] else "q.companies = '{}'"
    match facet:
        case "role":
            return f"q.topic_slug IN ({ROLE_TOPICS})"
        case "minutes":
            ranges = [MINUTES[value] for value in chosen if value in MINUTES]
            return f"({' OR '.join(f'q.minutes BETWEEN {low} AND {high}' for low, high in ranges) or 'FALSE'})"
        case "reported":
            return f"{RECENT} >= :reported" if values["reported"] else "FALSE"
        case "seen":
            told = {value for value in chosen if value in ("yes", "no")}
            if len(told) != 1:
                return "TRUE" if told else "FALSE"
            return f"q.id {'IN' if told == {'yes'} else 'NOT IN'} ({shelf.SEEN})"
        case _:
            return f"q.id IN ({shelf.SAVED})" if values["list"] else "FALSE"
