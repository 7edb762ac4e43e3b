"""What somebody may have meant who asks for a page of the bank that is not there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from flask import url_for

from lift.catalog import subjects
from lift.kernel.errors import NotFound
from lift.web.content import drawn
from lift.web.context import db

MOST = 4
"""Suggestions on a page."""
LONGEST = 60
"""Characters of an address that are compared: a longer one is nobody's slip."""
CLOSE = 0.6
"""Least likeness of two spellings, 0..1."""


@dataclass(frozen=True)
class Known:
    """Something with a page, under all its spellings."""

    kind: str
    slug: str
    name: str
    spellings: tuple[str, ...]


def plain(words: str) -> str:
    """A spelling as it is compared: lower case, hyphens as in an address."""
    return "-".join(words[:LONGEST].lower().replace("_", " ").replace("-", " ").split())


def closest(wanted: str, known: Iterable[Known], most: int = MOST) -> Sequence[Known]:
    """Those with a spelling like ``wanted``, the likest first; whoever starts with it or with its start comes along."""
    asked = plain(wanted)
    if not asked:
        return []
    owners: dict[str, list[Known]] = {}
    for item in known:
        for spelling in item.spellings:
            owners.setdefault(spelling, []).append(item)
    alike = get_close_matches(asked, owners, n=4 * most, cutoff=CLOSE)
    # A part of the name is no slip of the keyboard, and as clear: "backend", "amazon-web-services".
    alike += [s for s in owners if s not in alike and min(len(s), len(asked)) > 2 and (s in asked or asked in s)]
    return list(dict.fromkeys(item for spelling in alike for item in owners[spelling]))[:most]


def known_pages() -> Sequence[Known]:
    """All companies, roles, topics and competencies: read once per content version."""

    def read() -> Sequence[Known]:
        return [
            Known(kind, slug, name, tuple(dict.fromkeys(plain(words) for words in (slug, name, *others))))
            for kind, slug, name, others in subjects.spellings(db())
        ]

    return drawn(("known pages",), read)


def address_of(item: Known) -> str:
    """Its own page; a role's is the index of companies for it."""
    match item.kind:
        case "company":
            return url_for("subjects.company", company=item.slug)
        case "role":
            return url_for("bank.index", role=item.slug)
        case "topic":
            return url_for("subjects.topic", topic=item.slug)
        case _:
            return url_for("subjects.competency", competency=item.slug)


def not_found(message: str, wanted: str, *kinds: str) -> NotFound:
    """The error for an unknown ``wanted``, with pages of ``kinds`` that it may have meant."""
    found = closest(wanted, [item for item in known_pages() if item.kind in kinds])
    return NotFound(message, suggestions=[(item.name, address_of(item)) for item in found])


def loop_not_found(company: str, role: str) -> NotFound:
    """The error for an unknown company × role, with loops that it may have meant."""
    pages = known_pages()
    companies = _one_or_like(company, [item for item in pages if item.kind == "company"])
    roles = _one_or_like(role, [item for item in pages if item.kind == "role"])
    pairs = [(c, r) for c in companies for r in roles][:MOST]
    ways = [(f"{c.name} {r.name}", url_for("bank.company_role", company=c.slug, role=r.slug)) for c, r in pairs]
    if not ways:
        ways = [(item.name, address_of(item)) for item in [*companies[:1], *roles[:1]]]
    return NotFound("There is no such company or role in the bank.", suggestions=ways)


def _one_or_like(slug: str, known: Sequence[Known]) -> Sequence[Known]:
    exact = [item for item in known if item.slug == slug]
    return exact or closest(slug, known)
