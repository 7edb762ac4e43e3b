"""The facets of the search as a page shows them: groups of choices with counts, and chips of what is chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lift.catalog.queries import Names
from lift.questions import windows
from lift.questions.counts import Counts
from lift.questions.facets import ANY_COMPANY
from lift.questions.filters import Filters
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
OPEN = ("company", "level", "topic", "subtopic")
"""Groups that stand open before anything is chosen in them."""


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


def one_company(filters: Filters, names: Names) -> str | None:
    """The company in whose words the page speaks: the one that is chosen, if it is one."""
    companies = [company for company in filters.company if company in names.companies]
    return companies[0] if len(companies) == 1 else None


def labels(facet: str, filters: Filters, names: Names, lists: Iterable[ListLine]) -> Mapping[str, str]:
    """The words for each value that a facet can have now."""
    one = one_company(filters, names)
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
                "company": {**names.companies, ANY_COMPANY: "Any company"},
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
        if options or (facet == "org" and not set(filters.company) & set(names.companies)):
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


def ways_out(filters: Filters, counts: Counts, names: Names, lists: Sequence[ListLine]) -> list[Chip]:
    """Of a search that finds nothing, the facets without whose choice it would find something."""
    found = []
    for facet in filters.chosen:
        # What a facet counts is the search without its own choice.
        if any(counts.facets[facet].values()):
            found.append(Chip(facet, _choice_words(facet, filters, names, lists), filters.with_values(facet, ()).query))
    return found


def _choice_words(facet: str, filters: Filters, names: Names, lists: Sequence[ListLine]) -> str:
    values = getattr(filters, facet)
    if len(values) > 1:
        return f"{TITLES[facet].lower()} ({len(values)} choices)"
    return label_of(facet, values[0], filters, names, lists) or f"“{values[0]}”"


def about(group: Group, today: date) -> str:
    """What has to be known to choose in a group."""
    if group.facet == "org" and not group.options:
        return "Choose a company to see its orgs."
    if group.facet != "reported":
        return ""
    reach = windows.month_name(windows.since("3m", today))
    return f"A report says the month. A month counts when any of its days falls into the window: 3 months reach back to {reach}."
