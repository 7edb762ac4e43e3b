"""Public pages of the bank by company, topic and competency: facts of the catalogue with counts of the bank."""

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.catalog import subjects as catalog
from lift.questions import loops
from lift.questions.subjects import Kind, SubjectPage, subject_page, totals
from lift.web import linked_data
from lift.web.content import cached_page, drawn, macro, names
from lift.web.content import company_role as facts_of
from lift.web.context import current_account, db
from lift.web.guards import Guard, guard
from lift.web.linked_data import Crumb
from lift.web.listing import LEAST, absolute
from lift.web.pages.bank import bars, drawn_sample, level_bars
from lift.web.suggestions import not_found

blueprint = Blueprint("subjects", __name__)

Draw = Callable[[SubjectPage, bool], tuple[str, str]]
"""(description, body) as markup, of the counts and whether somebody is signed in."""


def page_of(kind: Kind, slug: str, title: str, crumbs: Sequence[Crumb], draw: Draw) -> ResponseReturnValue:
    """A page whose markup is drawn again when its counts, or the day they are of, are others."""

    def render() -> str:
        counts = subject_page(db(), kind, slug)
        signed_in = current_account() is not None

        def parts() -> tuple[str, str, str]:
            listed = linked_data.question_list(counts.samples, crumbs[-1][1])
            return *draw(counts, signed_in), linked_data.collection(crumbs, counts.counted_at, listed)

        return render_template(
            "bank/public.html",
            title=title,
            parts=drawn(("subject", kind, slug, counts.digest, f"{counts.counted_at:%Y%m%d}", signed_in), parts),
            thin=counts.total < LEAST,
            canonical=crumbs[-1][1],
        )

    return cached_page(render)


def _markup(template: str, facts: object, counts: SubjectPage, *others: object) -> tuple[str, str]:
    """What a page's template draws of it: (description, body)."""
    return (
        macro(template, "description")(facts, counts).strip(),
        macro(template, "body")(facts, counts, *others),
    )


def _bank() -> Crumb:
    return "Question bank", absolute("bank.index")


@blueprint.get("/question-bank/<company>")
@guard(Guard.PUBLIC)
def company(company: str) -> ResponseReturnValue:
    """A company: its ladder, orgs and loop, and what the bank has of it for each role."""
    known = names()
    if company not in known.companies:
        # A word too few in the address is as likely as a slip.
        raise not_found("There is no such company in the bank.", company, "company", "role", "topic")
    title = f"{known.companies[company]} interview questions"

    def draw(counts: SubjectPage, signed_in: bool) -> tuple[str, str]:
        # The rounds of a company are described for the first role, which has them all.
        page = facts_of(company, next(iter(known.roles)))
        by_role = {line.role: line for line in loops.loop_totals(db(), company)}
        roles = [(name, by_role[slug]) for slug, name in known.roles.items() if slug in by_role]
        samples = [drawn_sample(sample, company) for sample in counts.samples]
        search = url_for("bank.search", company=company)
        levels = level_bars(page.facts, counts.of("levels"), search)
        topics = bars(known.topics, counts.of("topics"), lambda slug: f"{search}&topic={slug}")
        others = (page.fixed, samples, roles, levels, topics, known, LEAST, signed_in)
        return _markup("bank/_company_page.html", page.facts, counts, *others)

    crumbs = [_bank(), (title, absolute("subjects.company", company=company))]
    return page_of("company", company, title, crumbs, draw)


@blueprint.get("/question-bank/topics/<topic>")
@guard(Guard.PUBLIC)
def topic(topic: str) -> ResponseReturnValue:
    """A topic: its sub-topics and competencies, who is asked about it and what answers are scored on."""
    known = names()
    if topic not in known.topics:
        raise not_found("There is no such topic in the bank.", topic, "topic", "competency")
    title = f"{known.topics[topic]} interview questions"

    def draw(counts: SubjectPage, signed_in: bool) -> tuple[str, str]:
        facts = catalog.topic_facts(db(), topic)
        samples = [drawn_sample(sample) for sample in counts.samples]
        search = url_for("bank.search", topic=topic)
        companies = bars(known.companies, counts.of("companies"), lambda slug: f"{search}&company={slug}")
        levels = bars(known.levels, counts.of("levels"), lambda slug: f"{search}&level={slug}")
        kinds = bars(known.kinds, counts.of("kinds"), lambda slug: f"{search}&kind={slug}")
        others = (samples, companies, levels, kinds, totals(db(), "topic"), known, LEAST, signed_in)
        return _markup("bank/_topic_page.html", facts, counts, *others)

    crumbs = [_bank(), (title, absolute("subjects.topic", topic=topic))]
    return page_of("topic", topic, title, crumbs, draw)


@blueprint.get("/question-bank/competencies/<competency>")
@guard(Guard.PUBLIC)
def competency(competency: str) -> ResponseReturnValue:
    """A competency: what strong answers have, what goes wrong, what each level says."""
    known = names()
    if competency not in known.competencies:
        raise not_found("There is no such competency in the bank.", competency, "competency", "topic")
    title = f"{known.competencies[competency]}: interview questions"

    def facts() -> tuple[catalog.CompetencyFacts, list[Crumb]]:
        found = catalog.competency_facts(db(), competency)
        above = (found.topic["name"], absolute("subjects.topic", topic=found.topic["slug"]))
        return found, [_bank(), above, (title, absolute("subjects.competency", competency=competency))]

    found, crumbs = drawn(("competency", competency), facts)

    def draw(counts: SubjectPage, signed_in: bool) -> tuple[str, str]:
        samples = [drawn_sample(sample) for sample in counts.samples]
        others = (samples, totals(db(), "competency"), known, LEAST, signed_in)
        return _markup("bank/_competency_page.html", found, counts, *others)

    return page_of("competency", competency, title, crumbs, draw)
