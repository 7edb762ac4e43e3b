"""Pages for anybody: the front page, the rules, and what search engines ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.catalog.queries import developed_roles
from lift.kernel.errors import NotFound
from lift.questions import queries as questions
from lift.questions.loops import loop_totals
from lift.questions.subjects import Kind, totals
from lift.scoring import bands, embedded, rounds
from lift.web import sitemaps
from lift.web.content import cached_page
from lift.web.context import db, now, services
from lift.web.guards import Guard, guard
from lift.web.listing import LEAST, absolute

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
        "/lists",
        "/practice",
        "/debriefs",
        "/account",
        "/home",
        "/notices",
        "/onboarding",
        "/billing",
        "/reports",
        "/take-down",
        "/dev/",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden), f"Sitemap: {base}{url_for('public.sitemap')}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/sitemap.xml")
@guard(Guard.PUBLIC)
def sitemap() -> ResponseReturnValue:
    """Pages that ask to be listed, or the index of the files that have them when they are many."""
    files = sitemaps.split(_listed())
    if len(files) == 1:
        return cached_page(lambda: sitemaps.file_of(files[0]), mimetype="application/xml")
    base = services().settings.base_url.rstrip("/")
    addresses = [f"{base}{url_for('public.sitemap_part', number=number)}" for number in range(1, len(files) + 1)]
    return cached_page(lambda: sitemaps.index_of(addresses), mimetype="application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
@guard(Guard.PUBLIC)
def sitemap_part(number: int) -> ResponseReturnValue:
    """One file of a sitemap that has several; the first is there always."""
    files = sitemaps.split(_listed())
    if not 1 <= number <= len(files):
        raise NotFound("The sitemap has no such part.")
    return cached_page(lambda: sitemaps.file_of(files[number - 1]), mimetype="application/xml")


def _listed() -> Sequence[str]:
    """Addresses of all pages that ask to be listed: those of the bank only with enough questions of their own."""
    developed = developed_roles(db())
    found = [
        absolute(name)
        for name in (
            "public.landing",
            "bank.index",
            "pricing.show",
            "public.scoring",
            "report_pages.how",
            "public.privacy",
            "public.terms",
        )
    ]
    for kind in get_args(Kind):
        counted = sorted(totals(db(), kind).items())
        found += [absolute(f"subjects.{kind}", **{kind: slug}) for slug, total in counted if total >= LEAST]
    found += [
        absolute("bank.company_role", company=line.company, role=line.role)
        for line in loop_totals(db())
        if line.own >= LEAST and line.role in developed
    ]
    return found
