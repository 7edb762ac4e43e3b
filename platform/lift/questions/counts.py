"""Live counts of every facet in one statement, exact up to a bound and a plain lower bound above it.

What a facet counts is the search without that facet's own choice. So each facet with a choice has a set of questions of
its own, and all others share the set that the whole search finds. A set is read up to ``MOST_COUNTED`` questions: what
is counted in a set that was cut there is at least that many.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.questions import windows
from lift.questions.facets import MANY, MINUTES, RECENT, SINGLE, Conditions
from lift.questions.filters import FACETS
from lift.shelf import queries as shelf

MOST_COUNTED = 10_000
"""Questions of a set that are counted; above it a count is a lower bound."""

_COLUMNS = {
    **SINGLE,
    **MANY,
    "minutes": "minutes",
    "role": "topic_slug",
    "reported": "last_reported",
    "seen": "seen",
    "list": "id",
}
"""What the count of a facet reads of a question."""
_COMPUTED = {"last_reported": f"{RECENT} AS last_reported", "seen": f"q.id IN ({shelf.SEEN}) AS seen"}
_WHOLE = "found"


@dataclass(frozen=True)
class Counts:
    """``total`` of the whole search; per facet (value → count) with that facet's own choice set aside."""

    total: int
    facets: Mapping[str, Mapping[str, int]]
    at_least: Collection[str] = frozenset()
    """Where there are more than are counted: ``total``, or facets all of whose counts are lower bounds."""


def count(session: Session, conditions: Conditions, today: date) -> Counts:
    """Total and facets of a search, in one statement."""
    raw: dict[str, dict[Any, int]] = defaultdict(dict)
    # One row of JSON: fifty rows cost more to fetch than to count.
    rows = session.execute(text(_statement(conditions)), dict(conditions.values)).scalar_one()
    for facet, value, number in rows:
        raw[facet][value] = number
    sizes = raw.pop("size")
    facets = {facet: raw.get(facet, {}) for facet in FACETS}
    cut = {name for name, size in sizes.items() if size > MOST_COUNTED}
    at_least = {facet for facet in FACETS if _set_of(facet, conditions) in cut}
    if _WHOLE in cut:
        at_least.add("total")
    facets["minutes"] = _in_ranges(facets["minutes"])
    facets["reported"] = windows.counted(
        {date.fromisoformat(month): number for month, number in facets["reported"].items()}, today
    )
    facets["seen"] = {"no": facets["seen"].get("false", 0), "yes": facets["seen"].get("true", 0)}
    return Counts(min(sizes[_WHOLE], MOST_COUNTED), facets, frozenset(at_least))


def _set_of(facet: str, conditions: Conditions) -> str:
    return f"but_{facet}" if facet in conditions.facets else _WHOLE


def _statement(conditions: Conditions) -> str:
    """(facet, value, number) of everything, as one JSON array; ``size`` tells how many each set holds."""
    shared = [facet for facet in FACETS if facet not in conditions.facets]
    sets = {_WHOLE: _read(conditions.all(), (_COLUMNS[facet] for facet in shared))}
    for facet in conditions.facets:
        sets[f"but_{facet}"] = _read(conditions.all(but=facet), [_COLUMNS[facet]])
    parts = [f"SELECT 'size' AS facet, '{name}' AS value, count(*) AS n FROM {name}" for name in sets]
    parts += [_count_of(facet, _set_of(facet, conditions)) for facet in FACETS]
    with_sets = ", ".join(f"{name} AS MATERIALIZED ({sql})" for name, sql in sets.items())
    return (
        f"WITH {with_sets} SELECT json_agg(json_build_array(facet, value, n))"
        f" FROM ({' UNION ALL '.join(parts)}) counted"
    )


def _read(where: str, columns: Iterable[str]) -> str:
    """A set, up to the bound and one more, which tells that it was cut."""
    wanted = sorted(set(columns)) or ["id"]
    read = ", ".join(_COMPUTED.get(column, f"q.{column}") for column in wanted)
    return f"SELECT {read} FROM questions q WHERE {where} LIMIT {MOST_COUNTED + 1}"


def _count_of(facet: str, source: str) -> str:
    """(facet, value, number) of one facet over its set."""
    match facet:
        case "role":
            return (
                f"SELECT 'role', rt.role_slug::text, sum(t.n)::bigint FROM (SELECT topic_slug, count(*) AS n FROM {source}"
                " GROUP BY 1) t JOIN role_topics rt USING (topic_slug) GROUP BY 2"
            )
        case "list":
            return f"SELECT 'list', list_id::text, n FROM ({shelf.counted_lists(source)}) kept"
        case _ if facet in MANY:
            return f"SELECT '{facet}', value, count(*) FROM (SELECT unnest({MANY[facet]})::text AS value FROM {source}) v GROUP BY 2"
        case _:
            return f"SELECT '{facet}', {_COLUMNS[facet]}::text, count(*) FROM {source} GROUP BY 2"


def _in_ranges(by_minute: Mapping[str, int]) -> dict[str, int]:
    return {
        name: sum(number for minute, number in by_minute.items() if low <= int(minute) <= high)
        for name, (low, high) in MINUTES.items()
    }
