"""What a search was understood to ask for, and what a person should know of that, in plain sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from lift.catalog.level_codes import Meant, meaning
from lift.catalog.queries import Names
from lift.questions.facets import ANY_COMPANY
from lift.questions.filters import MOST_VALUES, MOST_WORDS, Filters, Reading
from lift.shelf.queries import ListLine
from lift.web.narrowing import TITLES, label_of

NOUNS = {"minutes": "range of minutes", "reported": "window of time", "seen": "choice of seen or not"}
"""What a value is called, where the title does not say it."""


@dataclass(frozen=True)
class Understood:
    """A search whose level codes were looked up."""

    filters: Filters
    said: Sequence[str]
    unclear: Sequence[str]
    """Codes that are not the same level at all companies that they may mean: they find nothing until one is chosen."""


def with_common_levels(filters: Filters, names: Names) -> Understood:
    """The search with each company's own level codes as common levels, and what they were taken for."""
    said, levels, unclear = list[str](), list[str](), list[str]()
    named = [company for company in filters.company if company != ANY_COMPANY]
    for value in filters.level:
        meant = None if value in names.levels else meaning(value, named, names.codes)
        if meant is None or not meant.at:
            levels.append(value)
        elif meant.levels:
            levels += meant.levels
            said.append(_taken_for(meant, names))
        else:
            levels.append(value)
            unclear.append(value)
            said.append(_means_several(meant, names))
    return Understood(filters.with_values("level", levels), said, unclear)


def _taken_for(meant: Meant, names: Names) -> str:
    where = [names.companies.get(owner, owner) for owner in meant.at]
    at = where[0] if len(where) == 1 else f"{', '.join(where[:-1])} and {where[-1]}"
    common = " and ".join(names.levels.get(level, level) for level in meant.levels)
    return f"{meant.code} at {at} is compared with other companies as {common}."


def _means_several(meant: Meant, names: Names) -> str:
    shown = [
        f"{names.companies.get(owner, owner)} ({', '.join(names.levels.get(level, level) for level in levels)})"
        for owner, levels in list(meant.at.items())[:4]
    ]
    more = " and others" if len(meant.at) > 4 else ""
    return f"{meant.code} is not the same level everywhere: {', '.join(shown)}{more}. Choose the company too, and it is taken."


def sentences(reading: Reading, understood: Understood, names: Names, lists: Sequence[ListLine]) -> list[str]:
    """What a person should know of how their address was read."""
    said = list(understood.said)
    for what in reading.cut:
        if what == "words":
            said.append(f"Only the first {MOST_WORDS} characters of the words are searched for.")
        else:
            said.append(f"{TITLES[what]}: only the first {MOST_VALUES} choices are read.")
    for facet, values in understood.filters.chosen.items():
        known = [label_of(facet, value, understood.filters, names, lists) for value in values]
        strange = [
            value
            for value, label in zip(values, known, strict=True)
            if label is None and value not in understood.unclear
        ]
        if strange:
            said.append(_strange(facet, strange))
    return said


def _strange(facet: str, values: Sequence[str]) -> str:
    if facet == "list":
        return "A list that was chosen is not yours, or is gone: it finds nothing."
    more = f" and {len(values) - 1:,} more like it" if len(values) > 1 else ""
    return (
        f"There is no {NOUNS.get(facet, TITLES[facet].lower())} “{values[0][:40]}”{more}: such a choice finds nothing."
    )
