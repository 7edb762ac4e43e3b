"""The page of the search: reads the address, asks the bank, and gathers what the template shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from lift.catalog.queries import Names
from lift.questions import filters as reading
from lift.questions import windows
from lift.questions.counts import MOST_ALIKE, MOST_COUNTED, Counts
from lift.questions.facets import Searcher
from lift.questions.filters import Filters
from lift.questions.search import MOST_RANKED, PAGE, Found, Hit, search
from lift.shelf import queries as shelf
from lift.shelf.queries import ListLine
from lift.web import narrowing, understanding
from lift.web.content import drawn, macro, names
from lift.web.context import db, now, required_account
from lift.web.rendering import local, plural

DrawRow = Callable[[Hit, str | None], str]
"""A question's row as markup, in the words of a company."""


@dataclass(frozen=True)
class SearchPage:
    """What the page is drawn from, and the address that it is kept under."""

    values: Mapping[str, Any]
    address: str


@dataclass(frozen=True)
class Row:
    """A question with what the person has of it."""

    markup: str
    slug: str
    reported: str = ""
    """How often candidates reported it, and when last."""
    seen: bool = False
    lists: Sequence[str] = ()
    """Names of their lists that hold it."""


def search_page(draw: DrawRow) -> SearchPage:
    """The search that the request's address asks for."""
    account, known = required_account(), names()
    read = reading.read(request.args.items(multi=True))
    understood = understanding.with_common_levels(read.filters, known)
    filters = understood.filters
    lists = shelf.lists(db(), account.id)
    after, before = request.args.get("after"), request.args.get("before")
    found = search(db(), filters, Searcher(account.id, now().date()), after=after, before=before)
    company = narrowing.one_company(filters, known)
    named = {item.id: item.name for item in lists}
    rows = [
        Row(draw(hit, company), hit.slug, report_words(hit), hit.seen, [named[i] for i in hit.lists if i in named])
        for hit in found.questions
    ]
    place = [] if found.astray else [(name, value) for name, value in (("after", after), ("before", before)) if value]
    address = _address([*filters.arguments, *place])
    values = {
        "groups": _groups(filters, found.counts, known, lists),
        "found": found,
        "filters": filters,
        "rows": rows,
        "chips": [(chip, _to(chip.query)) for chip in narrowing.chips(filters, known, lists)],
        "ways_out": []
        if rows
        else [(way, _to(way.query)) for way in narrowing.ways_out(filters, found.counts, known, lists)],
        "chosen": sum(len(values) for values in filters.chosen.values()),
        "sentences": [*understanding.sentences(read, understood, known, lists), *_of_the_place(found, filters)],
        "count": count_words(found.counts, bool(filters.arguments)),
        "pages": _pages(found),
        "previous": found.before and _address([*filters.arguments, ("before", found.before)]),
        "next": found.after and _address([*filters.arguments, ("after", found.after)]),
        "address": address,
    }
    return SearchPage(values, address)


def report_words(hit: Hit) -> str:
    """``2 reports, last in August 2026``; nothing of a question that no report that counts is of."""
    if hit.last_reported is None:
        return ""
    reports = plural(hit.reports, "report")
    return f"{reports}, {'last ' if hit.reports > 1 else ''}in {windows.month_name(hit.last_reported)}"


def count_words(counts: Counts, narrowed: bool) -> str:
    """``12 questions match``, ``1,000 questions or more match``."""
    words = plural(counts.total, "question")
    if "total" in counts.at_least:
        words += " or more"
    if not narrowed:
        return words
    return f"{words} {'matches' if counts.total == 1 else 'match'}"


def _pages(found: Found) -> str:
    """``Page 2 of 9``; how many there are is said where the questions were counted to the end."""
    if "total" in found.counts.at_least or found.some_unranked:
        return f"Page {found.number:,}"
    return f"Page {found.number:,} of {max(found.number, -(-found.counts.total // PAGE)):,}"


def _of_the_place(found: Found, filters: Filters) -> list[str]:
    said = []
    if found.astray:
        said.append("The address named a place that is not in this list, so this is its first page.")
    if found.order == "alike":
        narrowed = " with these choices" if filters.chosen else ""
        said.append(f"No question{narrowed} has all of these words. These look most like them.")
    if found.some_unranked and found.order == "alike":
        said.append(f"Very many prompts look like these words: {MOST_ALIKE:,} of them are listed, best match first.")
    elif found.some_unranked:
        said.append(
            f"Very many questions have these words: the {MOST_RANKED:,} most recently reported are listed, best match"
            " first. Another word or choice reaches the others."
        )
    if found.counts.kept_since is not None:
        said.append(f"Counts of more than {MOST_COUNTED:,} questions were made on {local(found.counts.kept_since)}.")
    return said


def _groups(filters: Filters, counts: Counts, known: Names, lists: Sequence[ListLine]) -> list[str]:
    """Each group of choices as markup; equal ones, whoever searches, are drawn once."""

    def markup(group: narrowing.Group) -> str:
        told = narrowing.about(group, now().date())
        key = ("group", group.facet, group.open, *group.options, told)
        if group.facet == "list":
            return macro("bank/_search_form.html", "group")(group, told)
        return drawn(key, lambda: macro("bank/_search_form.html", "group")(group, told))

    return [markup(group) for group in narrowing.groups(filters, counts, known, lists)]


def _to(query: str) -> str:
    return f"{url_for('bank.search')}?{query}" if query else url_for("bank.search")


def _address(arguments: Sequence[tuple[str, str]]) -> str:
    return _to(urlencode(arguments))
