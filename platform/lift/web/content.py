"""What changes only when content is loaded: kept in this process, and public pages in Valkey, by content version."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import Response, current_app, g, make_response, request
from redis import Redis, RedisError
from sqlalchemy.orm import Session

from lift.catalog import queries as catalog
from lift.catalog.queries import CompanyRole, Names
from lift.kernel.errors import NotFound
from lift.web.context import db, now, services

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(seconds=1)
"""How long a process trusts the content version that it read."""
KEPT_DAYS = 86_400
"""Seconds that a page stays in Valkey; its key has the day, so it is never asked for longer."""
PAUSE = timedelta(seconds=5)
"""How long Valkey is left alone after it failed, so that pages do not wait for it one by one."""
MOST_PAGES = 64
"""Company × role pages whose facts are kept in a process: some 40 kB each."""
MOST_ROWS = 5_000
"""Question rows whose markup is kept in a process: some 1.5 kB each."""
FIXED = ("ladder", "loop", "scored", "stack", "others")
"""Parts of a company × role page that the catalogue alone decides."""


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
    rows: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """(slug, provenance, company) → the question's row as markup."""
    away_until: datetime | None = None
    """Until when Valkey is left alone."""

    def refresh(self, open_session: Callable[[], Session], moment: datetime) -> None:
        """Read the version again when it may be old; forget everything when it changed."""
        if self.looked is not None and self.looked <= moment < self.looked + LOOK_AGAIN:
            return
        version = catalog.content_version(open_session())
        if version != self.version:
            self.names, self.facts, self.rows = None, OrderedDict(), {}
        self.version, self.looked = version, moment


def content() -> Content:
    """This process's memory of the content, at the current version."""
    kept: Content = current_app.extensions.setdefault("lift-content", Content())
    kept.refresh(db, now())
    return kept


def names() -> Names:
    """All names of the catalogue."""
    kept = content()
    found = kept.names
    if found is None:
        found = kept.names = catalog.names(db())
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
        parts = current_app.jinja_env.get_template("bank/_fixed.html").module
        found = PageFacts(facts, {name: getattr(parts, name)(facts, known) for name in FIXED})
        kept[company, role] = found
        while len(kept) > MOST_PAGES:
            kept.popitem(last=False)
    return found


def template_version() -> str:
    """A digest of all templates and the built assets, made once per app."""
    made: str | None = current_app.extensions.get("lift-template-version")
    if made is None:
        root = Path(current_app.root_path)
        total = hashlib.sha256()
        for path in sorted([*root.glob("templates/**/*.html"), *root.glob("static/dist/manifest.json")]):
            total.update(path.read_bytes())
        made = current_app.extensions["lift-template-version"] = total.hexdigest()[:16]
    return made


def cached_page(render: Callable[[], str]) -> Response:
    """A public page: out of the cache for a visitor without any cookie, else drawn for the person.

    The cache holds nothing that depends on a person: it is filled and read for requests without cookies only.
    """
    if request.cookies:
        response = make_response(render())
        response.headers["Vary"] = "Cookie"
        return response
    g.faceless = True
    kept = content()
    key = f"lift:page:{template_version()}:{kept.version[:24]}:{now():%Y%m%d}:{request.full_path}"
    stored = _fetch(kept, services().redis, key)
    if stored is None:
        body = render().encode()
        stored = hashlib.sha256(body).hexdigest()[:32].encode() + body
        _store(kept, services().redis, key, stored)
    response = Response(stored[32:], mimetype="text/html")
    response.set_etag(stored[:32].decode())
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie"
    response.make_conditional(request)
    return response


def _fetch(kept: Content, redis: Redis, key: str) -> bytes | None:
    if kept.away_until is not None and now() < kept.away_until:
        return None
    try:
        found = redis.get(key)
    except RedisError as error:
        log.warning("page_cache_away", error=type(error).__name__)
        kept.away_until = now() + PAUSE
        return None
    return found if isinstance(found, bytes) and len(found) > 32 else None


def _store(kept: Content, redis: Redis, key: str, value: bytes) -> None:
    if kept.away_until is not None and now() < kept.away_until:
        return
    try:
        redis.set(key, value, ex=KEPT_DAYS)
    except RedisError:
        kept.away_until = now() + PAUSE
