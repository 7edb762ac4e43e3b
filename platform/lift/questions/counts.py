"""Counts of every facet, the facet's own choice set aside: live of what can be counted at once, kept of what cannot.

What a facet counts is the search without that facet's own choice. So each facet with a choice has a set of questions of
its own, and all others share the set that the whole search finds. A set of more than ``MOST_COUNTED`` questions is taken
from the roll-up of single choices (``broad``) where it is one; else it is read up to that bound, and what is counted in
it is at least that many.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.kernel.db import PLANNED_EACH_TIME
from lift.questions import broad, windows
from lift.questions.broad import Broad
from lift.questions.facets import COMPANIES, FIT, MANY, MINUTES, RECENT, SINGLE, Conditions
from lift.questions.filters import FACETS, Filters
from lift.shelf import queries as shelf

MOST_COUNTED = 1_000
"""Questions of a set that are counted now."""
MOST_ALIKE = 300
"""The same of questions that only look like the words: each one's prompt is compared letter by letter."""
PERSONAL = ("seen", "list")
"""Facets that each person has counts of their own of."""

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
_COMPUTED = {
    "companies": f"{COMPANIES} AS companies",
    "last_reported": f"{RECENT} AS last_reported",
    "seen": f"q.id IN ({shelf.SEEN}) AS seen",
}
_WHOLE = "found"


@dataclass(frozen=True)
class Counts:
    """``total`` of the whole search; per facet (value → count) with that facet's own choice set aside."""

    total: int
    facets: Mapping[str, Mapping[str, int]]
    at_least: Collection[str] = frozenset()
    """Where there are more than are counted: ``total``, or facets all of whose counts are lower bounds."""
    kept_since: datetime | None = None
    """When the counts that are kept were counted; None when all are of this moment."""
    newest: tuple[str, str] | None = None
    """Of a search with words: up to ``MOST_COUNTED`` that it finds, the most recently reported; their ids and how well
    each fits, as the texts of two arrays. Whoever lists them need not find them again."""


def count(session: Session, filters: Filters, conditions: Conditions, today: date) -> Counts:
    """Total and facets of a search: one statement over the questions, and a look at the roll-up where there are no words."""
    kept = _kept(session, filters, conditions, today)
    raw: dict[str, dict[Any, int]] = defaultdict(dict)
    told = bool(filters.words) and not conditions.alike
    # One row of JSON: fifty rows cost more to fetch than to count.
    statement = text(_statement(conditions, kept, told=told))
    row = session.execute(statement, dict(conditions.values), execution_options=PLANNED_EACH_TIME).one()
    rows, newest = row[0], (row[1], row[2]) if told else None
    for facet, value, number in rows or ():
        raw[facet][value] = number
    sizes = raw.pop("size", {})
    for name, whole in kept.items():
        sizes[name] = whole.total
        for facet in _facets_of(name, conditions):
            if facet not in PERSONAL:
                raw[facet] = dict(whole.facets.get(facet, {}))
            elif facet == "seen":
                raw[facet]["false"] = whole.total - raw[facet].get("true", 0)
    facets = {facet: raw.get(facet, {}) for facet in FACETS}
    cut = {name for name, size in sizes.items() if size > most(conditions) and name not in kept}
    facets["minutes"] = _in_ranges(facets["minutes"])
    facets["reported"] = windows.counted(
        {date.fromisoformat(month): number for month, number in facets["reported"].items()}, today
    )
    facets["seen"] = {"no": facets["seen"].get("false", 0), "yes": facets["seen"].get("true", 0)}
    at_least = {facet for facet in FACETS if _set_of(facet, conditions) in cut}
    total = sizes[_WHOLE]
    if _WHOLE in cut:
        known = _told_by_a_facet(filters, facets, at_least)
        total = most(conditions) if known is None else known
        at_least |= {"total"} if known is None else set()
    since = min((whole.counted_at for whole in kept.values()), default=None)
    return Counts(total, facets, frozenset(at_least), since, newest)


def _kept(session: Session, filters: Filters, conditions: Conditions, today: date) -> Mapping[str, Broad]:
    """The sets that are too large to be counted now and were counted before."""
    keys = {}
    for name in _sets(conditions):
        chosen = [facet for facet in conditions.facets if f"but_{facet}" != name]
        wanted = broad.keys_of(filters, chosen, today)
        if wanted:
            keys[name] = wanted
    rows = broad.read(session, {key for wanted in keys.values() for key in wanted})
    found = {name: broad.summed([rows[key] for key in wanted if key in rows]) for name, wanted in keys.items()}
    return {name: kept for name, kept in found.items() if kept is not None and kept.total > MOST_COUNTED}


def _told_by_a_facet(
    filters: Filters, facets: Mapping[str, Mapping[str, int]], at_least: Collection[str]
) -> int | None:
    """How many the whole search finds, from the count of a choice in a set that was counted in full."""
    for facet, values in filters.chosen.items():
        if facet not in at_least and (facet in SINGLE or facet == "minutes" or len(values) == 1):
            return sum(facets[facet].get(value, 0) for value in values)
    return None


def _sets(conditions: Conditions) -> Sequence[str]:
    return [_WHOLE, *(f"but_{facet}" for facet in conditions.facets)]


def _set_of(facet: str, conditions: Conditions) -> str:
    return f"but_{facet}" if facet in conditions.facets else _WHOLE


def _facets_of(name: str, conditions: Conditions) -> Sequence[str]:
    return [facet for facet in FACETS if _set_of(facet, conditions) == name]


def _where(name: str, conditions: Conditions) -> str:
    return conditions.all(but=name.removeprefix("but_") if name != _WHOLE else "")


def _statement(conditions: Conditions, kept: Collection[str], *, told: bool) -> str:
    """(facet, value, number) of everything that is counted now, as one JSON array; ``size`` tells how many a set holds.

    Of a set that is ``kept`` only what the person has of it is counted. ``told``: and beside it what it finds (``newest``).
    """
    sets, parts = {}, []
    for name in _sets(conditions):
        facets = _facets_of(name, conditions)
        if name in kept:
            parts += [_personal(facet, _where(name, conditions)) for facet in facets if facet in PERSONAL]
        else:
            columns = {_COLUMNS[facet] for facet in facets}
            in_order = told and name == _WHOLE
            sets[name] = _newest(conditions, columns) if in_order else _read(name, conditions, columns)
            parts.append(f"SELECT 'size' AS facet, '{name}' AS value, count(*) AS n FROM {name}")
            parts += [_count_of(facet, name) for facet in facets]
    with_sets = ", ".join(f"{name} AS MATERIALIZED ({sql})" for name, sql in sets.items())
    newest = f"(SELECT id, fit FROM {_WHOLE} ORDER BY last_reported DESC, id DESC LIMIT {MOST_COUNTED}) newest"
    listed = "".join(f", ARRAY(SELECT {column} FROM {newest})::text" for column in ("id", "fit")) if told else ""
    return (
        f"{f'WITH {with_sets}' if sets else ''} SELECT json_agg(json_build_array(facet, value, n)){listed}"
        f" FROM ({' UNION ALL '.join(parts)}) counted (facet, value, n)"
    )


def _personal(facet: str, where: str) -> str:
    """(facet, value, number) of what the person has seen or saved, of a set that is not read."""
    if facet == "seen":
        return f"SELECT 'seen', 'true', count(*) FROM questions q WHERE q.id IN ({shelf.SEEN}) AND {where}"
    theirs = f"(SELECT q.id FROM questions q WHERE q.id IN ({shelf.ANY_SAVED}) AND {where})"
    return f"SELECT 'list', list_id::text, n FROM ({shelf.counted_lists(theirs)}) kept"


def most(conditions: Conditions) -> int:
    """Up to how many questions a set is counted now."""
    return MOST_ALIKE if conditions.alike else MOST_COUNTED


def _columns(wanted: Iterable[str]) -> str:
    return ", ".join(_COMPUTED.get(column, f"q.{column}") for column in sorted(wanted))


def _read(name: str, conditions: Conditions, columns: Collection[str]) -> str:
    """A set, up to the bound and one more, which tells that it was cut."""
    # What was not seen is nearly everything, and so may be what has a common word: without an order there would be no
    # index to walk through, and the whole table would be read.
    walked = not conditions.alike and {facet for facet in conditions.facets if f"but_{facet}" != name} <= {"seen"}
    order = f" ORDER BY {RECENT} DESC, q.id DESC" if walked else ""
    read = _columns(columns or {"id"})
    return f"SELECT {read} FROM questions q WHERE {_where(name, conditions)}{order} LIMIT {most(conditions) + 1}"


def _newest(conditions: Conditions, columns: Collection[str]) -> str:
    """The whole search, the most recently reported of it up to the same bound, and how well each fits the words."""
    read = _columns({*columns, "id", "last_reported"})
    of_all = f"SELECT {read}, q.search FROM questions q WHERE {_where(_WHOLE, conditions)}"
    newest = f"{of_all} ORDER BY {RECENT} DESC, q.id DESC LIMIT {MOST_COUNTED + 1}"
    # Outside, so that the words of no others are read.
    kept = ", ".join(sorted({*columns, "id", "last_reported"}))
    return f"SELECT {kept}, {FIT} AS fit FROM ({newest}) newest"


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
