"""The question bank: public pages by company and role, and the search for people with access."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2.utils import htmlsafe_json_dumps

from lift.catalog.queries import CompanyRole, Names
from lift.interviews import queries as interviews
from lift.kernel.errors import NotFound
from lift.questions import facets
from lift.questions import queries as questions
from lift.questions.facets import Counts, Filters
from lift.questions.loops import SAMPLES, LoopHead, LoopPage, loop_head, loop_page
from lift.questions.models import Question
from lift.questions.queries import Found, QuestionLine
from lift.web.content import PageFacts, cached_page, drawn, macro, names
from lift.web.content import company_role as facts_of
from lift.web.context import current_account, db, now, required_account, services
from lift.web.forms.bank import PROVENANCE, search_form
from lift.web.forms.practice import StartForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("bank", __name__)

LEAST_OWN = SAMPLES
"""Own questions that a company × role page needs before it asks to be found: as many as it shows samples."""


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


def drawn_row(question: QuestionLine, company: str) -> str:
    """A question's row as markup."""
    key = ("row", question.slug, question.provenance, company)
    return drawn(key, lambda: macro("components.html", "question_row")(line(question, names(), company)))


def drawn_form(filters: Filters, counts: Counts) -> str:
    """The search form as markup, with the counts of this moment."""
    facts = tuple((facet, *found.items()) for facet, found in counts.facets.items())
    return drawn(
        ("form", filters, facts),
        lambda: macro("bank/_search_form.html", "search_form")(search_form(filters, counts, names()), filters),
    )


@blueprint.get("/question-bank")
@guard(Guard.PUBLIC)
def index() -> ResponseReturnValue:
    """All companies and roles, with what each really has."""
    known = names()
    role = request.args.get("role") or next(iter(known.roles), "")
    if role not in known.roles:
        raise NotFound("There is no such role in the bank.")

    def render() -> str:
        counted = facets.own_counts(db())
        own = {company: number for company, its_role, number in counted if its_role == role and company}
        general = {its_role: number for company, its_role, number in counted if not company}
        companies = sorted(known.companies.items(), key=lambda item: -own.get(item[0], 0))
        return render_template(
            "bank/index.html",
            names=known,
            role=role,
            own=own,
            general=general,
            companies=companies,
            totals=questions.bank_counts(db()),
            counted=now(),
            canonical=_address("bank.index", **_role_argument(role)),
        )

    return cached_page(render, reads=("role",))


def _role_argument(role: str) -> dict[str, str]:
    return {"role": role} if request.args.get("role") else {}


@blueprint.get("/question-bank/<company>")
@guard(Guard.PUBLIC)
def company(company: str) -> ResponseReturnValue:
    """A company alone leads to its first role."""
    known = names()
    if company not in known.companies:
        raise NotFound("There is no such company in the bank.")
    return redirect(url_for("bank.company_role", company=company, role=next(iter(known.roles))), 302)


@blueprint.get("/question-bank/<company>/<role>")
@guard(Guard.PUBLIC)
def company_role(company: str, role: str) -> ResponseReturnValue:
    """The public page of one loop, its counts computed now."""
    page = facts_of(company, role)
    facts = page.facts

    def render() -> str:
        with services().reading() as connection:
            head = loop_head(connection, company, role)
        canonical, linked = drawn(
            ("linked", company, role, now().date()),
            lambda: (_address("bank.company_role", company=company, role=role), linked_data(facts)),
        )
        return render_template(
            "bank/company_role.html",
            facts=facts,
            parts=drawn_parts(page, head, current_account() is not None),
            thin=head.own < LEAST_OWN or facts.role["content"] != "developed",
            canonical=canonical,
            linked_data=linked,
        )

    return cached_page(render)


def _address(endpoint: str, **values: str) -> str:
    """An absolute address on the site's own base, whatever host the request named."""
    return services().settings.base_url.rstrip("/") + url_for(endpoint, **values)  # type: ignore[arg-type]  # values of the route, never url_for's own options


def drawn_parts(page: PageFacts, head: LoopHead, signed_in: bool) -> Sequence[str]:
    """(description, body) of the page as markup: drawn again when PostgreSQL says that the counts are others."""
    facts = page.facts
    company, role = facts.company["slug"], facts.role["slug"]

    def draw() -> Sequence[str]:
        counts = loop_page(db(), company, role)
        rows = [drawn_row(question, company) for question in counts.samples]
        about = (facts, counts, page.fixed, rows, level_lines(facts, counts), topic_groups(facts), signed_in)
        return (
            macro("bank/_loop_page.html", "description")(facts, counts).strip(),
            macro("bank/_loop_page.html", "body")(*about),
        )

    return drawn(("loop", company, role, head.digest, f"{head.counted_at:%Y%m%d}", signed_in), draw)


def level_lines(facts: CompanyRole, counts: LoopPage) -> list[tuple[str, int, str]]:
    """(level in the company's words, questions, link) of each common level that has questions."""
    labels: dict[str, list[str]] = {}
    for level in facts.levels:
        labels.setdefault(level["common_level"], []).append(f"{level['title']} · {level['code']}")
    search = f"{url_for('bank.search')}?company={facts.company['slug']}"
    return [
        (", ".join(titles), counts.levels[level], f"{search}&level={level}")
        for level, titles in labels.items()
        if counts.levels.get(level)
    ]


def topic_groups(facts: CompanyRole) -> tuple[Sequence[dict[str, object]], Sequence[dict[str, object]]]:
    """(the role's own subject topics, the topics of whole rounds such as coding or behavioural)."""
    subject = [t for t in facts.topics if t["kind"] != "round-level"]
    return subject, [t for t in facts.topics if t["kind"] == "round-level"]


def linked_data(facts: CompanyRole) -> str:
    """Schema.org data of the page: what it is and where it stands. No answers are claimed, so no Q&A type."""
    name = f"{facts.company['name']} {facts.role['name']} interview questions"
    own = _address("bank.company_role", company=facts.company["slug"], role=facts.role["slug"])
    crumbs = [("Question bank", _address("bank.index")), (name, own)]
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "CollectionPage", "name": name, "url": own, "dateModified": f"{now():%Y-%m-%d}"},
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {"@type": "ListItem", "position": place, "name": text, "item": address}
                    for place, (text, address) in enumerate(crumbs, 1)
                ],
            },
        ],
    }
    return htmlsafe_json_dumps(data)


@dataclass(frozen=True)
class Pager:
    """What the pager component takes."""

    number: int
    pages: int
    filters: Filters

    def url_for(self, number: int) -> str:
        """The address of another page of the same search."""
        return f"{url_for('bank.search')}?{urlencode(self.filters.arguments() | {'page': str(number)})}"


@blueprint.get("/questions")
@guard(Guard.ACCESS)
def search() -> ResponseReturnValue:
    """Search with facets."""
    known = names()
    filters = Filters.of(request.args)
    found = questions.search(db(), filters, request.args.get("page", 1, type=int))
    return render_template(
        "bank/search.html",
        form=drawn_form(filters, found.counts),
        found=found,
        filters=filters,
        rows=[drawn_row(q, filters.company) for q in found.questions],
        chosen=chosen_chips(filters, known),
        pager=Pager(found.number, found.pages, filters),
        shown=shown_range(found),
    )


def shown_range(found: Found) -> tuple[int, int]:
    """First and last place of the questions on this page, from 1."""
    first = (found.number - 1) * questions.PAGE
    return first + min(1, len(found.questions)), first + len(found.questions)


def chosen_chips(filters: Filters, known: Names) -> list[tuple[str, str]]:
    """(label, address without it) of each choice."""
    labels = {
        "company": known.companies.get(filters.company),
        "topic": known.topics.get(filters.topic),
        "level": known.level(filters.level, filters.company),
        "org": known.org(filters.org, [filters.company] if filters.company else list(known.companies)),
        "round": known.rounds.get(filters.round),
        "kind": known.kinds.get(filters.kind),
        "provenance": PROVENANCE.get(filters.provenance),
        "role": known.roles.get(filters.role),
    }
    return [
        (label or getattr(filters, name), f"{url_for('bank.search')}?{urlencode(filters.arguments(**{name: ''}))}")
        for name, label in labels.items()
        if getattr(filters, name)
    ]


@blueprint.get("/questions/<slug>")
@guard(Guard.ACCESS)
def question(slug: str) -> ResponseReturnValue:
    """One question. What would spoil it stays folded until the person has answered it."""
    found = questions.by_slug(db(), slug)
    if found is None:
        raise NotFound("There is no such question in the bank.")
    known = names()
    return render_template(
        "bank/question.html",
        question=found,
        line=line(found, known),
        names=known,
        company=found.companies[0] if len(found.companies) == 1 else None,
        answered=found.id in interviews.answered_question_ids(db(), required_account().id),
        start=StartForm(formdata=None, question=found.slug),
    )
