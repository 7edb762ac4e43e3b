"""What changes only when content is loaded: kept in this process, by content version."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from lift.catalog import queries as catalog
from lift.catalog.queries import CompanyRole, Names
from lift.kernel.errors import NotFound
from lift.web.context import db, now
from lift.web.page_cache import SLOT, Keeper

LOOK_AGAIN = timedelta(seconds=1)
"""How long a process trusts the content version that it read."""
MOST_PAGES = 64
"""Company × role pages whose facts are kept in a process: some 40 kB each."""
MOST_DRAWN = 2_000
"""Fragments of markup that are kept in a process: a question's row is 1.5 kB, the search form 10 kB."""
FIXED = ("ladder", "loop", "scored", "stack", "others")
"""Parts of a company × role page that the catalogue alone decides."""

Drawn = TypeVar("Drawn")
"""Markup, or several pieces of it."""


@dataclass(frozen=True)
class PageFacts:
    """The facts of a company × role page, with the parts that only they decide already drawn."""

    facts: CompanyRole
    fixed: Mapping[str, str]


@dataclass
class Content:
    """The catalogue's names and page facts at one content version."""

    version: str = ""
    looked: datetime | None = None
    names: Names | None = None
    facts: OrderedDict[tuple[str, str], PageFacts] = field(default_factory=OrderedDict)
    drawn: dict[Hashable, Any] = field(default_factory=dict)
    """Markup by everything that it is drawn from, besides the catalogue."""

    def refresh(self, open_session: Callable[[], Session], moment: datetime) -> None:
        """Read the version again when it may be old; forget everything when it changed."""
        if self.looked is not None and self.looked <= moment < self.looked + LOOK_AGAIN:
            return
        version = catalog.content_version(open_session())
        if version != self.version:
            self.names, self.facts, self.drawn = None, OrderedDict(), {}
        self.version, self.looked = version, moment


def content() -> Content:
    """This process's memory of the content, at the version that the request met first."""
    found: Content | None = g.get("content")
    if found is None:
        found = g.content = current_app.extensions.setdefault("lift-content", Content())
        found.refresh(db, now())
    return found


def names() -> Names:
    """All names of the catalogue."""
    kept = content()
    found = kept.names
    if found is None:
        found = kept.names = catalog.names(db())
    return found


def drawn(key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
    """Markup that depends on ``key`` and the catalogue alone: drawn once. The facts in the key are always fresh."""
    kept = content().drawn
    found: Drawn | None = kept.get(key)
    if found is None:
        found = draw()
        if len(kept) >= MOST_DRAWN:
            kept.clear()
        kept[key] = found
    return found


def macro(template: str, name: str) -> Callable[..., str]:
    """A macro of a template, to be called outside a page."""
    found: Callable[..., str] = getattr(current_app.jinja_env.get_template(template).module, name)
    return found


def company_role(company: str, role: str) -> PageFacts:
    """The facts of a company × role page; NotFound."""
    kept = content().facts
    found = kept.get((company, role))
    if found is None:
        known = names()
        # Looked up among the names first: an address may hold what PostgreSQL does not take as text.
        if company not in known.companies or role not in known.roles:
            raise NotFound("There is no such company or role in the bank.")
        facts = catalog.company_role(db(), company, role)
        found = PageFacts(facts, {name: macro("bank/_fixed.html", name)(facts, known) for name in FIXED})
        kept[company, role] = found
        while len(kept) > MOST_PAGES:
            kept.popitem(last=False)
    return found


def page_version(content_version: str, moment: datetime) -> str:
    """What a public page hangs on besides its address: the content, and the day on which its counts are dated."""
    return f"{content_version}:{moment:%Y%m%d}"


def current_page_version(app: Flask) -> str | None:
    """The version that public pages must show; None when this process has not looked within a second."""
    kept: Content | None = app.extensions.get("lift-content")
    moment: datetime = app.extensions["lift"].clock.now()
    if kept is None or kept.looked is None or not kept.looked <= moment < kept.looked + LOOK_AGAIN:
        return None
    return page_version(kept.version, moment)


def cached_page(render: Callable[[], str], *, reads: Sequence[str] = (), mimetype: str = "text/html") -> Response:
    """A public page: kept for visitors without any cookie, else drawn for the person.

    ``reads`` names the request arguments that the page depends on; with others it is drawn and not kept, so that
    made-up addresses fill nothing.
    """
    if request.cookies:
        # A browser that holds others' cookies and not ours is nobody that we know.
        g.faceless = current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
        response = Response(render(), mimetype=mimetype)
        response.headers["Vary"] = "Cookie"
        return response
    g.faceless = True
    version = page_version(content().version, now())
    keeper: Keeper | None = request.environ.get(SLOT)
    if keeper is not None and keeper.page is not None and keeper.page.version == version:
        body = keeper.page.body
    else:
        body = render().encode()
    response = Response(body, mimetype=mimetype)
    etag = hashlib.sha256(body).hexdigest()[:32]
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie, Accept-Encoding"
    if keeper is not None and request.url_rule is not None and set(request.args) <= set(reads):
        keeper.keep(version, request.url_rule.rule, etag)
    response.make_conditional(request)
    return response
