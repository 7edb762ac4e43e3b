"""Counts of sets that are too large to be counted while somebody waits: the whole bank, and each single choice.

A row of ``facet_counts`` holds for one value of a facet how many live questions have each value of every other facet, and
the row without a facet holds it for the whole bank. They are counted in one reading of the bank, after a load and once an
hour; the search takes them for what has more questions than it counts itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from sqlalchemy import delete, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.models import RoleTopic
from lift.questions import windows
from lift.questions.facets import ANY_COMPANY, COMPANIES, MINUTES
from lift.questions.filters import Filters
from lift.questions.models import FacetRow

ONE = {
    "topic": "topic_slug",
    "subtopic": "subtopic_slug",
    "round": "round_kind",
    "kind": "kind",
    "provenance": "provenance",
    "minutes": "minutes::text",
    "reported": "coalesce(last_reported, '0001-01-01'::date)::text",
}
"""Facets of which a question has exactly one value: what several values have is the sum of what each has."""
SEVERAL = {"company": COMPANIES, "org": "orgs", "level": "levels", "competency": "competencies"}
"""Facets of which a question may have several values: sums would count it twice."""

Key = tuple[str, str]
WHOLE: Key = ("", "")


@dataclass(frozen=True)
class Broad:
    """A set of questions as it was counted."""

    total: int
    facets: Mapping[str, Mapping[str, int]]
    counted_at: datetime


def refresh(session: Session, now: datetime) -> int:
    """Count the whole bank; returns how many rows there are."""
    totals: dict[Key, int] = {WHOLE: 0}
    pairs: dict[Key, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    # Sorted and hashed in memory rather than in files, for this transaction alone.
    session.execute(text("SELECT set_config('work_mem', '128MB', true)"))
    for found, number in _counted(session):
        match found:
            case []:
                totals[WHOLE] = number
            case [one]:
                totals[one] = number
                pairs[WHOLE][one[0]][one[1]] = number
            case [one, other]:
                pairs[one][other[0]][other[1]] = number
                pairs[other][one[0]][one[1]] = number
    _add_roles(session, totals, pairs)
    rows = [
        {"facet": key[0], "value": key[1], "total": total, "counts": pairs.get(key, {}), "counted_at": now}
        for key, total in totals.items()
    ]
    session.execute(delete(FacetRow).where(tuple_(FacetRow.facet, FacetRow.value).not_in(list(totals))))
    statement = insert(FacetRow)
    changed = {name: statement.excluded[name] for name in ("total", "counts", "counted_at")}
    session.execute(statement.on_conflict_do_update(index_elements=["facet", "value"], set_=changed), rows)
    return len(rows)


def _add_roles(session: Session, totals: dict[Key, int], pairs: dict[Key, dict[str, dict[str, int]]]) -> None:
    """A role is its topics: what it has is the sum of theirs."""
    topics_of: dict[str, list[str]] = {}
    for role, topic in session.execute(select(RoleTopic.role_slug, RoleTopic.topic_slug)):
        topics_of.setdefault(role, []).append(topic)
    for key in list(totals):
        # Of one topic's questions all are of that topic, which no pair says.
        by_topic = {key[1]: totals[key]} if key[0] == "topic" else pairs[key]["topic"]
        for role, topics in topics_of.items():
            if number := sum(by_topic.get(topic, 0) for topic in topics):
                pairs[key]["role"][role] = number
    for role, topics in topics_of.items():
        theirs = [key for topic in topics if (key := ("topic", topic)) in totals]
        totals["role", role] = sum(totals[key] for key in theirs)
        for key in theirs:
            pairs["role", role]["topic"][key[1]] = totals[key]
            for facet, values in pairs[key].items():
                if facet != "role":
                    _add(pairs["role", role][facet], values)


def _add(to: dict[str, int], values: Mapping[str, int]) -> None:
    for value, number in values.items():
        to[value] = to.get(value, 0) + number


def _counted(session: Session) -> Iterator[tuple[list[Key], int]]:
    """(the values that are set, questions) of the bank, of each value and of each pair of values of two facets."""
    for facets, values, number in session.execute(text(_statement())):
        yield list(zip(facets, values, strict=True)), number


def _statement() -> str:
    columns = [f"{sql} AS {facet}" for facet, sql in (ONE | SEVERAL).items()]
    parts = [_sets_of_one("live", [])]
    for facet in SEVERAL:
        parts.append(_sets_of_one(f"live, unnest({facet}) AS v(value)", [facet]))
    for one, other in combinations(SEVERAL, 2):
        parts.append(
            f"SELECT ARRAY['{one}', '{other}'], ARRAY[a.value, b.value]::text[], count(*)"
            f" FROM live, unnest({one}) AS a(value), unnest({other}) AS b(value) GROUP BY a.value, b.value"
        )
    return (
        f"WITH live AS MATERIALIZED (SELECT {', '.join(columns)} FROM questions WHERE retired_at IS NULL)"
        f" {' UNION ALL '.join(parts)}"
    )


def _sets_of_one(source: str, fixed: Sequence[str]) -> str:
    """(facets, values, number) by no facet of one value, by each and, where nothing is ``fixed``, by each pair."""
    keys = ["v.value"] if fixed else []
    sets = [[], *([facet] for facet in ONE), *([] if fixed else map(list, combinations(ONE, 2)))]
    grouped = ", ".join(f"({', '.join([*keys, *chosen])})" for chosen in sets)
    # What a set does not group by is NULL, and no value of these is.
    names = [
        *(f"'{facet}'" for facet in fixed),
        *(f"CASE WHEN {facet} IS NOT NULL THEN '{facet}' END" for facet in ONE),
    ]
    values = [*(f"{key}::text" for key in keys), *ONE]
    return (
        f"SELECT array_remove(ARRAY[{', '.join(names)}], NULL), array_remove(ARRAY[{', '.join(values)}]::text[], NULL),"
        f" count(*) FROM {source} GROUP BY GROUPING SETS ({grouped})"
    )


def keys_of(filters: Filters, chosen: Collection[str], today: date) -> Collection[Key] | None:
    """The rows whose sum is the set of questions that these facets let in; None when no rows are.

    Of one facet with several values only those that share no question can be added.
    """
    if filters.words or len(chosen) > 1:
        return None
    if not chosen:
        return [WHOLE]
    (facet,) = chosen
    values = getattr(filters, facet)
    match facet:
        case "minutes":
            ranges = [MINUTES[value] for value in values if value in MINUTES]
            return [(facet, str(minute)) for low, high in ranges for minute in range(low, high + 1)]
        case "reported":
            since = windows.widest(values, today)
            return [(facet, f"{month}") for month in windows.months(since, today)] if since else None
        case "company" if len({*values} - {ANY_COMPANY}) <= 1:
            # Who names no company names not this one either.
            return [(facet, value) for value in values]
        case _ if facet in ONE or (facet in (*SEVERAL, "role") and len(values) == 1):
            return [(facet, value) for value in values]
        case _:
            return None


def read(session: Session, keys: Collection[Key]) -> Mapping[Key, Broad]:
    """The rows of these keys, in one query; one that no question has is missing."""
    if not keys:
        return {}
    columns = (FacetRow.facet, FacetRow.value, FacetRow.total, FacetRow.counts, FacetRow.counted_at)
    rows = session.execute(select(*columns).where(tuple_(FacetRow.facet, FacetRow.value).in_(list(keys))))
    return {(facet, value): Broad(*facts) for facet, value, *facts in rows}


def last_total(session: Session) -> int:
    """How many questions the whole bank had when it was counted last; 0 when it never was."""
    row = session.get(FacetRow, WHOLE)
    return row.total if row else 0


def summed(parts: Collection[Broad]) -> Broad | None:
    """Sets that share no question, as one; None of none."""
    if not parts:
        return None
    facets: dict[str, dict[str, int]] = defaultdict(dict)
    for part in parts:
        for facet, values in part.facets.items():
            _add(facets[facet], values)
    oldest = min(part.counted_at for part in parts)
    return Broad(sum(part.total for part in parts), facets, oldest)
