"""The question bank: public pages by company and role, and the search for people with access."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lift.catalog.queries import CompanyRole, Names
from lift.catalog.role_rounds import DEVELOPED
from lift.kernel.errors import NotFound
from lift.questions import loops
from lift.questions import queries as questions
from lift.questions.facets import ANY_COMPANY
from lift.questions.loops import LoopHead, loop_head, loop_page
from lift.questions.models import Question
from lift.questions.queries import QuestionLine
from lift.questions.samples import Sample
from lift.questions.subjects import totals
from lift.shelf.service import mark_seen
from lift.web import linked_data
from lift.web.content import PageFacts, cached_page, drawn, macro, names
from lift.web.content import company_role as facts_of
from lift.web.context import current_account, db, keep, now, required_account, services
from lift.web.forms.bank import PROVENANCE
from lift.web.guards import Guard, guard
from lift.web.listing import LEAST, absolute
from lift.web.question_page import question_page
from lift.web.search_page import search_page
from lift.web.suggestions import loop_not_found, not_found

blueprint = Blueprint("bank", __name__)


@dataclass(frozen=True)
class Line:
    """A question as ``question_row`` takes it."""

    href: str
    prompt: str
    chips: list[tuple[str, str]]


def line(question: QuestionLine | Question, known: Names, company: str | None = None) -> Line:
    """A question with its chips, in the words of ``company`` or of the one company that it names."""
    company = company or (question.companies[0] if len(question.companies) == 1 else None)
    levels = list(dict.fromkeys(known.level(slug, company) for slug in question.levels))
    chips = [(", ".join(levels), "plain"), (known.topics.get(question.topic_slug, question.topic_slug), "plain")]
    chips += [(known.org(slug, [company] if company else question.companies), "plain") for slug in question.orgs]
    chips += [(known.kinds.get(question.kind, question.kind), "plain"), (f"{question.minutes} min", "plain")]
    chips.append((PROVENANCE[question.provenance], "accent" if question.provenance == "verified" else "dashed"))
    return Line(url_for("bank.question", slug=question.slug), question.prompt, chips)


def drawn_row(question: QuestionLine | Question, company: str | None) -> str:
    """A question's row as markup."""
    key = ("row", question.slug, question.prompt, question.provenance, company)
    return drawn(key, lambda: macro("components.html", "question_row")(line(question, names(), company)))


def drawn_sample(sample: Sample, company: str | None = None) -> str:
    """A question in full as markup, in the words of ``company`` or of the one company that it names."""
    known = names()
    company = company or (sample.companies[0] if len(sample.companies) == 1 else None)
    row = line(sample, known, company)
    return drawn(
        ("sample", sample.key, company), lambda: macro("bank/_sample.html", "sample")(sample, row, known, company)
    )


def bars(
    known: Mapping[str, str], counts: Mapping[str, int], address: Callable[[str], str]
) -> Sequence[tuple[str, int, str]]:
    """(name, questions, address) of what has questions, in the order of the catalogue."""
    return [(name, counts[slug], address(slug)) for slug, name in known.items() if counts.get(slug)]


@blueprint.get("/question-bank")
@guard(Guard.PUBLIC)
def index() -> ResponseReturnValue:
    """All companies and roles, with what each really has."""
    known = names()
    role = request.args.get("role") or next(iter(known.roles), "")
    if role not in known.roles:
        raise not_found("There is no such role in the bank.", role, "role")

    def render() -> str:
        counted = loops.loop_totals(db())
        own = {line.company: line.own for line in counted if line.role == role}
        general = {line.role: line.general for line in counted}
        companies = sorted(known.companies.items(), key=lambda item: -own.get(item[0], 0))
        pages = [(name, absolute("bank.company_role", company=slug, role=role)) for slug, name in companies]
        crumbs = [("Question bank", absolute("bank.index"))]
        by_topic = totals(db(), "topic")
        counted_at = min((line.counted_at for line in counted), default=now())
        return render_template(
            "bank/index.html",
            names=known,
            role=role,
            own=own,
            general=general,
            companies=companies,
            # Each question has one topic.
            questions=sum(by_topic.values()),
            with_own=len({line.company for line in counted if line.own}),
            counted=counted_at,
            topics=bars(known.topics, by_topic, lambda slug: url_for("subjects.topic", topic=slug)),
            canonical=absolute("bank.index", **({"role": role} if role != next(iter(known.roles), "") else {})),
            linked_data=linked_data.collection(crumbs, counted_at, linked_data.page_list(pages)),
        )

    return cached_page(render, reads=("role",))


@blueprint.get("/question-bank/<company>/<role>")
@guard(Guard.PUBLIC)
def company_role(company: str, role: str) -> ResponseReturnValue:
    """The public page of one loop, its counts computed now."""
    known = names()
    if company not in known.companies or role not in known.roles:
        raise loop_not_found(company, role)
    page = facts_of(company, role)
    facts = page.facts

    def render() -> str:
        with services().reading() as connection:
            head = loop_head(connection, company, role)
        return render_template(
            "bank/public.html",
            title=f"{facts.company['name']} {facts.role['name']} interview questions",
            parts=drawn_parts(page, head, current_account() is not None),
            thin=head.own < LEAST or facts.role["content"] != DEVELOPED,
            canonical=absolute("bank.company_role", company=company, role=role),
        )

    return cached_page(render)


def drawn_parts(page: PageFacts, head: LoopHead, signed_in: bool) -> Sequence[str]:
    """(description, body, linked data) of the page as markup: drawn again when PostgreSQL says that the counts are others."""
    facts = page.facts
    company, role = facts.company["slug"], facts.role["slug"]

    def draw() -> Sequence[str]:
        counts = loop_page(db(), company, role)
        samples = [drawn_sample(question, company) for question in counts.samples]
        # What is counted here: the company's own questions and general ones, in the topics of the role.
        search = url_for("bank.search", company=[company, ANY_COMPANY], role=role)
        levels = level_bars(facts, counts.levels, search)
        about = (facts, counts, page.fixed, samples, levels, topic_groups(facts), LEAST, signed_in, search)
        own = absolute("bank.company_role", company=company, role=role)
        crumbs = [
            ("Question bank", absolute("bank.index")),
            (facts.company["name"], absolute("subjects.company", company=company)),
            (f"{facts.company['name']} {facts.role['name']} interview questions", own),
        ]
        return (
            macro("bank/_loop_page.html", "description")(facts, counts).strip(),
            macro("bank/_loop_page.html", "body")(*about),
            linked_data.collection(crumbs, counts.counted_at, linked_data.question_list(counts.samples, own)),
        )

    return drawn(("loop", company, role, head.digest, f"{head.counted_at:%Y%m%d}", signed_in), draw)


def level_bars(facts: CompanyRole, counts: Mapping[str, int], search: str) -> list[tuple[str, int, str]]:
    """(level in the company's words, questions, link) of each common level that has questions.

    ``search`` is the address of the search for all that is counted.
    """
    labels: dict[str, list[str]] = {}
    for level in facts.levels:
        labels.setdefault(level["common_level"], []).append(f"{level['title']} · {level['code']}")
    return [
        (", ".join(titles), counts[level], f"{search}&level={level}")
        for level, titles in labels.items()
        if counts.get(level)
    ]


def topic_groups(facts: CompanyRole) -> tuple[Sequence[dict[str, object]], Sequence[dict[str, object]]]:
    """(the role's own subject topics, the topics of whole rounds such as coding or behavioural)."""
    subject = [t for t in facts.topics if t["kind"] != "round-level"]
    return subject, [t for t in facts.topics if t["kind"] == "round-level"]


@blueprint.get("/questions")
@guard(Guard.ACCESS)
def search() -> ResponseReturnValue:
    """Search with facets."""
    shown = search_page(drawn_row)
    response = make_response(render_template("bank/search.html", **shown.values))
    if request.headers.get("HX-Target", "").endswith("#search"):
        # A form sends its empty fields along; the address that is kept has none.
        response.headers["HX-Push-Url"] = shown.address
    return response


@blueprint.get("/questions/<slug>")
@guard(Guard.ACCESS)
def question(slug: str) -> ResponseReturnValue:
    """One question. What would spoil it stays folded until the person has answered it."""
    found = questions.by_slug(db(), slug)
    if found is None:
        raise NotFound("There is no such question in the bank.")
    mark_seen(db(), required_account().id, found.id, now())
    keep()
    return question_page(found, line)
