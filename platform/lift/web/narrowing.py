"""The facets of the search as a page shows them: groups of choices with counts, chips of what is chosen, plain sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lift.catalog.level_codes import Meant, meaning
from lift.catalog.queries import Names
from lift.questions import windows
from lift.questions.counts import Counts
from lift.questions.filters import MOST_VALUES, MOST_WORDS, Filters, Reading
from lift.shelf.queries import ListLine
from lift.web.forms.bank import PROVENANCE

TITLES: Mapping[str, str] = {
    "company": "Company",
    "org": "Org",
    "level": "Level",
    "topic": "Topic",
    "subtopic": "Sub-topic",
    "competency": "Competency",
    "role": "Role",
    "round": "Round",
    "kind": "Kind of question",
    "minutes": "Minutes",
    "provenance": "Provenance",
    "reported": "Last reported",
    "seen": "Seen by you",
    "list": "Your lists",
}
"""The groups, in the order of the page."""
MINUTES = {
    "under-10": "Under 10 minutes",
    "10-14": "10 to 14 minutes",
    "15-19": "15 to 19 minutes",
    "20-29": "20 to 29 minutes",
    "30-44": "30 to 44 minutes",
    "45-up": "45 minutes and more",
}
WINDOWS = {
    "30d": "Within 30 days",
    "3m": "Within 3 months",
    "6m": "Within 6 months",
    "12m": "Within 12 months",
    "24m": "Within 24 months",
}
SEEN = {"no": "Not seen yet", "yes": "Seen"}
ALL_SHOWN = ("provenance", "reported", "seen", "list")
"""Groups whose choices are shown though they find nothing: that there is none yet is worth knowing."""
OPEN = ("company", "level", "topic")
"""Groups that stand open before anything is chosen."""
NOUNS = {"minutes": "range of minutes", "reported": "window of time", "seen": "choice of seen or not"}
"""What a value is called, where the title does not say it."""


@dataclass(frozen=True)
class Option:
    """A value of a facet."""

    value: str
    label: str
    count: str
    """As it is shown: ``1,204``, a lower bound as ``1,204+``, or nothing where none was met before the bound."""
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A facet with its choices."""

    facet: str
    title: str
    options: Sequence[Option]
    open: bool


def shown_count(number: int, at_least: bool) -> str:
    """A count, with a plus where there may be more; nothing for none of a set that was not read to its end."""
    if at_least:
        return f"{number:,}+" if number else ""
    return f"{number:,}"


def labels(facet: str, filters: Filters, names: Names, lists: Iterable[ListLine]) -> Mapping[str, str]:
    """The words for each value that a facet can have now."""
    companies = [company for company in filters.company if company in names.companies]
    one = companies[0] if len(companies) == 1 else None
    match facet:
        case "level":
            return level_labels(names, one)
        case "org":
            return org_labels(names, filters.company)
        case "subtopic":
            return {s: name for s, name in names.subtopics.items() if names.topic_of.get(s) in filters.topic}
        case "competency":
            return {
                slug: name
                for slug, name in names.competencies.items()
                if (sub := names.subtopic_of.get(slug, "")) in filters.subtopic
                or (not filters.subtopic and names.topic_of.get(sub) in filters.topic)
            }
        case "list":
            return {str(item.id): item.name for item in lists}
        case _:
            return {
                "company": names.companies,
                "role": names.roles,
                "topic": names.topics,
                "round": names.rounds,
                "kind": names.kinds,
                "minutes": MINUTES,
                "provenance": PROVENANCE,
                "reported": WINDOWS,
                "seen": SEEN,
            }[facet]


def level_labels(names: Names, company: str | None) -> dict[str, str]:
    """Common levels, at one company in its own words with its codes: ``Senior SE · 63/64``."""
    if company is None or not any(owner == company for owner, _ in names.codes):
        return dict(names.levels)
    codes: dict[str, list[str]] = {}
    for (owner, code), common in names.codes.items():
        if owner == company:
            codes.setdefault(common, []).append(code)
    found = {}
    for slug, common in names.levels.items():
        title = names.level(slug, company)
        told = [code for code in codes.get(slug, []) if code.lower() not in title.lower()]
        found[slug] = f"{title} · {', '.join(told)}" if told else title if title == common else f"{title} ({common})"
    return found


def org_labels(names: Names, companies: Sequence[str]) -> dict[str, str]:
    """Orgs of the chosen companies; of several, each with its company."""
    found: dict[str, str] = {}
    for (owner, slug), name in names.orgs.items():
        if owner not in companies:
            continue
        label = f"{name} · {names.companies.get(owner, owner)}" if len(companies) > 1 else name
        found[slug] = f"{found[slug]}, {label}" if slug in found else label
    return found


def label_of(facet: str, value: str, filters: Filters, names: Names, lists: Iterable[ListLine]) -> str | None:
    """The words for a choice, whatever else is chosen; None for what does not exist."""
    known = labels(facet, filters, names, lists).get(value)
    if known is not None:
        return known
    match facet:
        case "subtopic":
            return names.subtopics.get(value)
        case "competency":
            return names.competencies.get(value)
        case "org":
            return next((name for (_, slug), name in names.orgs.items() if slug == value), None)
        case _:
            return None


def groups(filters: Filters, counts: Counts, names: Names, lists: Sequence[ListLine]) -> list[Group]:
    """Every facet that has something to choose."""
    found = []
    for facet, title in TITLES.items():
        chosen, counted, cut = getattr(filters, facet), counts.facets[facet], facet in counts.at_least
        words = dict(labels(facet, filters, names, lists))
        for value in chosen:
            # A choice that the catalogue does not know stays visible, so that the person can see and undo it.
            words.setdefault(value, label_of(facet, value, filters, names, lists) or value)
        options = [
            Option(value, label, shown_count(counted.get(value, 0), cut), value in chosen)
            for value, label in words.items()
            if counted.get(value) or value in chosen or cut or facet in ALL_SHOWN
        ]
        if options or (facet == "org" and not filters.company):
            found.append(Group(facet, title, options, bool(chosen) or facet in OPEN))
    return found


@dataclass(frozen=True)
class Chip:
    """Something that was chosen."""

    id: str
    label: str
    query: str
    """The query string of the search without it."""


def chips(filters: Filters, names: Names, lists: Sequence[ListLine]) -> list[Chip]:
    """The words and each choice, to be taken back."""
    found = [Chip("q", f"“{filters.words}”", filters.without_words.query)] if filters.words else []
    for facet, values in filters.chosen.items():
        for value in values:
            label = label_of(facet, value, filters, names, lists) or value
            if facet == "reported" and value in WINDOWS:
                label = f"Reported {label[0].lower()}{label[1:]}"
            found.append(Chip(f"{facet}-{value}".replace(" ", "-"), label, filters.without(facet, value).query))
    return found


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
    for value in filters.level:
        meant = None if value in names.levels else meaning(value, filters.company, names.codes)
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


def about(group: Group, today: date) -> str:
    """What has to be known to choose in a group."""
    if group.facet == "org" and not group.options:
        return "Choose a company to see its orgs."
    if group.facet != "reported":
        return ""
    reach = windows.month_name(windows.since("3m", today))
    return f"A report says the month. A month counts when any of its days falls into the window: 3 months reach back to {reach}."
