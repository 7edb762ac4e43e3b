"""Pages for anybody: the front page, the rules, and what search engines ask for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.questions import facets
from lift.questions import queries as questions
from lift.scoring import bands, embedded, rounds
from lift.web.content import cached_page, content, names
from lift.web.context import db, now, services
from lift.web.guards import Guard, guard
from lift.web.pages.bank import LEAST_OWN

blueprint = Blueprint("public", __name__)


@dataclass(frozen=True)
class DatedCounts:
    """The bank's size with the moment of counting."""

    questions: int
    companies: int
    roles: int
    counted_on: datetime


@blueprint.get("/")
@guard(Guard.PUBLIC)
def landing() -> ResponseReturnValue:
    def render() -> str:
        counted = questions.bank_counts(db())
        counts = DatedCounts(counted.questions, counted.companies, counted.roles, now())
        return render_template("public/landing.html", counts=counts)

    return cached_page(render)


def _model() -> dict[str, Any]:
    """The host of the language model that reads answers, if one does, and whether answers leave this machine for it."""
    settings = services().settings
    return {"llm_host": settings.llm_host, "llm_leaves": settings.llm_leaves}


@blueprint.get("/scoring")
@guard(Guard.PUBLIC)
def scoring() -> ResponseReturnValue:
    """The published rules, with the numbers that the code uses."""
    return cached_page(
        lambda: render_template(
            "public/scoring.html",
            points=bands.POINTS,
            band_from=[(band, round(100 * least)) for band, least in bands.BAND_FROM],
            least_points=bands.LEAST_POINTS,
            thin=bands.THIN,
            covered=embedded.COVERED,
            partly=embedded.PARTLY,
            max_words=embedded.MAX_WORDS,
            most_without=rounds.MOST_WITHOUT_EVIDENCE,
            capped_band=rounds.CAPPED_BAND,
            capped_level=rounds.CAPPED_LEVEL,
            **_model(),
        )
    )


@blueprint.get("/privacy")
@guard(Guard.PUBLIC)
def privacy() -> ResponseReturnValue:
    return cached_page(lambda: render_template("public/privacy.html", **_model()))


@blueprint.get("/terms")
@guard(Guard.PUBLIC)
def terms() -> ResponseReturnValue:
    return cached_page(lambda: render_template("public/terms.html"))


@blueprint.get("/robots.txt")
@guard(Guard.PUBLIC)
def robots() -> ResponseReturnValue:
    base = services().settings.base_url.rstrip("/")
    hidden = (
        "/questions",
        "/practice",
        "/debriefs",
        "/account",
        "/home",
        "/notices",
        "/onboarding",
        "/billing",
        "/dev/",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden), f"Sitemap: {base}{url_for('public.sitemap')}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/sitemap.xml")
@guard(Guard.PUBLIC)
def sitemap() -> ResponseReturnValue:
    """Pages that want to be found: a company × role page only when it has enough questions of its own."""
    content()
    base = services().settings.base_url.rstrip("/")
    paths = [
        url_for(name)
        for name in ("public.landing", "bank.index", "pricing.show", "public.scoring", "public.privacy", "public.terms")
    ]
    paths += [
        url_for("bank.company_role", company=company, role=role)
        for company, role, own in sorted(facets.own_counts(db(), developed_only=True))
        if company in names().companies and own >= LEAST_OWN
    ]
    entries = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Response(body, mimetype="application/xml")
