"""Schema.org data of public pages: where a page stands and what it lists. No answers are claimed, so no Q&A type."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any

from jinja2.utils import htmlsafe_json_dumps

from lift.questions.samples import Sample

Crumb = tuple[str, str]
"""(name, absolute address)."""
NAME = 110
"""Characters of a question that name it in a list; the page has the whole of it."""


def breadcrumbs(crumbs: Sequence[Crumb]) -> dict[str, Any]:
    """BreadcrumbList from the outermost page to this one."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(crumbs, 1)
        ],
    }


def question_list(samples: Sequence[Sample], address: str) -> dict[str, Any]:
    """ItemList of the questions that the page shows in full, each at its anchor."""
    return {
        "@type": "ItemList",
        "numberOfItems": len(samples),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "url": f"{address}#{sample.slug}",
                "name": shorten(sample.prompt, NAME, placeholder=" …"),
            }
            for place, sample in enumerate(samples, 1)
        ],
    }


def page_list(pages: Sequence[Crumb]) -> dict[str, Any]:
    """ItemList of other pages."""
    return {
        "@type": "ItemList",
        "numberOfItems": len(pages),
        "itemListElement": [
            {"@type": "ListItem", "position": place, "url": address, "name": name}
            for place, (name, address) in enumerate(pages, 1)
        ],
    }


def collection(crumbs: Sequence[Crumb], counted_at: datetime, listed: dict[str, Any]) -> str:
    """JSON for a script element: a page that collects ``listed``, the last of ``crumbs``."""
    name, address = crumbs[-1]
    page = {"@type": "CollectionPage", "name": name, "url": address, "dateModified": f"{counted_at:%Y-%m-%d}"}
    graph = [page, breadcrumbs(crumbs)]
    if listed["numberOfItems"]:
        graph.append(listed)
    return htmlsafe_json_dumps({"@context": "https://schema.org", "@graph": graph})
