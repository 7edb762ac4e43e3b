"""What a search asks for: words, and any number of values in each facet. Read from an address, and written into one."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

MOST_WORDS = 200
"""Characters of a search text that are read."""
MOST_VALUES = 40
"""Values of one facet that are read: more than any facet but the orgs of all companies has."""
LONGEST_VALUE = 80
"""Characters of a slug; a longer value is no slug of ours."""

Values = tuple[str, ...]


def visible(text: str) -> str:
    """The text without what cannot be seen or stored (controls, halves of a character), in single spaces."""
    return " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text).split())


@dataclass(frozen=True)
class Filters:
    """A search. Values within a facet are alternatives, facets narrow each other; an empty one means any."""

    words: str = ""
    company: Values = ()
    role: Values = ()
    """Keeps to the topics of a role."""
    org: Values = ()
    level: Values = ()
    """Common levels."""
    topic: Values = ()
    subtopic: Values = ()
    competency: Values = ()
    round: Values = ()
    kind: Values = ()
    minutes: Values = ()
    """Ranges, by the names in ``facets.MINUTES``."""
    provenance: Values = ()
    reported: Values = ()
    """Windows, by the names in ``windows.WINDOWS``."""
    seen: Values = ()
    """``yes`` or ``no``."""
    list: Values = ()
    """Ids of saved lists."""

    @property
    def chosen(self) -> Mapping[str, Values]:
        """The facets that have a value."""
        return {name: getattr(self, name) for name in FACETS if getattr(self, name)}

    def with_values(self, facet: str, values: Iterable[str]) -> "Filters":
        """The search with other values in one facet."""
        return _made(self.words, {**self.chosen, facet: tuple(dict.fromkeys(values))})

    def without(self, facet: str, value: str) -> "Filters":
        """The search without one of its choices."""
        return self.with_values(facet, (kept for kept in getattr(self, facet) if kept != value))

    @property
    def without_words(self) -> "Filters":
        """The search with its choices alone."""
        return replace(self, words="")

    @property
    def arguments(self) -> Sequence[tuple[str, str]]:
        """The search as request arguments, in an order of its own: equal searches have one address."""
        words = [("q", self.words)] if self.words else []
        return [*words, *((name, value) for name, values in self.chosen.items() for value in values)]

    @property
    def query(self) -> str:
        """The arguments as the query string of an address; empty for a search for everything."""
        return urlencode(self.arguments)

    @property
    def digest(self) -> bytes:
        """Six bytes that tell this search from another one."""
        return hashlib.sha256(repr(sorted(self.arguments)).encode()).digest()[:6]


def _made(words: str, chosen: Mapping[str, Values]) -> Filters:
    return replace(Filters(words), **dict[str, Any](chosen))


FACETS: Sequence[str] = tuple(field.name for field in fields(Filters) if field.name != "words")


@dataclass(frozen=True)
class Reading:
    """An address as it was understood."""

    filters: Filters
    cut: Sequence[str]
    """What was longer than is read: ``words``, or the names of facets."""


def read(arguments: Iterable[tuple[str, str]]) -> Reading:
    """The search that an address asks for. Whatever it holds, there is one: what cannot be meant is left out."""
    words, cut = "", list[str]()
    values: dict[str, dict[str, None]] = {name: {} for name in FACETS}
    for name, value in arguments:
        if name == "q":
            # Of two texts the last one was typed last.
            words = visible(value) or words
        elif name in values and (tidy := visible(value)[:LONGEST_VALUE]):
            values[name][tidy] = None
    if len(words) > MOST_WORDS:
        words = words[:MOST_WORDS].rstrip()
        cut.append("words")
    for name, found in values.items():
        if len(found) > MOST_VALUES:
            cut.append(name)
    kept = {name: tuple(found)[:MOST_VALUES] for name, found in values.items()}
    return Reading(_made(words, kept), cut)
