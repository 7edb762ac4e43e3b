"""Public pages of companies, topics and competencies, and what all public pages of the bank have in common."""

import gzip
import json
import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from lift.catalog.models import Company, Competency, Role, Topic
from lift.kernel.clock import FixedClock
from lift.questions import subjects
from lift.questions.loops import loop_totals
from lift.questions.models import Question
from lift.questions.samples import SAMPLES
from lift.questions.subjects import Kind, subject_page, totals
from lift.web.listing import LEAST
from tests.web.test_bank import MICROSOFT, text_of

BASE = "http://127.0.0.1:8000"
EACH_KIND = (
    "/question-bank",
    "/question-bank/microsoft",
    MICROSOFT,
    "/question-bank/spotify/product-manager",
    "/question-bank/topics/api-design",
    "/question-bank/competencies/idempotency-keys",
)
HEAVIEST = 100_000
"""Bytes of a page with its style sheet and script, on the wire, besides the fonts: as a first visitor gets it, unpacked."""
STYLES_AND_SCRIPT = 35_000
"""The most that the two may have as they are sent, packed (test_assets)."""


def addresses(session: Session) -> Iterable[str]:
    """Every public page of the bank."""
    columns = (Company.slug, Role.slug, Topic.slug, Competency.slug)
    companies, roles, topics, competencies = (session.execute(select(column)).scalars().all() for column in columns)
    yield "/question-bank"
    yield from (f"/question-bank/{slug}" for slug in companies)
    yield from (f"/question-bank/{company}/{role}" for company in companies for role in roles)
    yield from (f"/question-bank/topics/{slug}" for slug in topics)
    yield from (f"/question-bank/competencies/{slug}" for slug in competencies)


def linked_data(page: str) -> dict[str, dict[str, Any]]:
    """The parts of a page's schema.org data by type."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return {part["@type"]: part for part in json.loads(found[1])["@graph"]}


def test_every_public_page_of_the_bank_answers_is_light_and_says_where_it_is(
    client: FlaskClient, session: Session
) -> None:
    own = {f"/question-bank/{line.company}/{line.role}": line.own for line in loop_totals(session)}
    places: dict[Kind, str] = {"company": "", "topic": "topics/", "competency": "competencies/"}
    for kind, place in places.items():
        own |= {f"/question-bank/{place}{slug}": total for slug, total in totals(session, kind).items()}
    headings: dict[str, str] = {}
    for address in addresses(session):
        reply = client.get(address)
        assert reply.status_code == 200, address
        assert len(reply.data) + STYLES_AND_SCRIPT <= HEAVIEST, (address, len(reply.data))
        assert f'<link rel="canonical" href="{BASE}{address}">' in reply.text
        thin = '<meta name="robots" content="noindex, follow">' in reply.text
        if own.get(address, LEAST) < LEAST:
            assert thin, address
        title = re.search(r"<title>(.*?)</title>", reply.text)
        assert title is not None
        assert headings.setdefault(title[1], address) == address, title[1]
        assert reply.text.count("<h1") == 1


@pytest.mark.parametrize("address", EACH_KIND)
def test_linked_data_says_where_the_page_stands_and_what_it_lists(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    parts = linked_data(page)
    crumbs = parts["BreadcrumbList"]["itemListElement"]
    assert [crumb["position"] for crumb in crumbs] == list(range(1, len(crumbs) + 1))
    assert crumbs[0]["item"] == f"{BASE}/question-bank"
    assert crumbs[-1]["item"] == f"{BASE}{address}" == parts["CollectionPage"]["url"]
    assert parts["CollectionPage"]["dateModified"] == "2026-11-24"
    listed = parts["ItemList"]
    assert listed["numberOfItems"] == len(listed["itemListElement"]) > 0
    for item in listed["itemListElement"]:
        place, _, anchor = item["url"].removeprefix(BASE).partition("#")
        if address == "/question-bank":
            assert f'href="{place}"' in page
        else:
            assert place == address
            assert f'<article class="card sample" id="{anchor}">' in page
            assert item["name"].removesuffix(" …") in " ".join(unescape(page).split())
    assert "acceptedAnswer" not in page


@pytest.mark.parametrize("address", EACH_KIND)
def test_a_link_to_the_page_shows_a_card(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    cards = dict(re.findall(r'<meta property="og:([a-z:]+)" content="([^"]+)">', page))
    assert cards["title"] in page.split("<title>")[1]
    assert cards["url"] == f"{BASE}{address}"
    assert cards["image"].startswith(f"{BASE}/static/dist/card")
    assert cards["description"] != ""
    assert "\n" not in cards["description"]


@pytest.mark.parametrize("address", EACH_KIND)
def test_a_page_needs_no_session_and_is_not_sent_again_unchanged(
    client: FlaskClient, session: Session, address: str
) -> None:
    first = client.get(address)
    assert "Set-Cookie" not in first.headers
    sent: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    assert client.get(address).data == first.data
    assert sent == []
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_kept_page_is_sent_packed_to_whoever_takes_it(client: FlaskClient) -> None:
    plain = client.get(MICROSOFT)
    packed = client.get(MICROSOFT, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert "Accept-Encoding" in packed.headers["Vary"]
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        for takes in ("gzip", ""):
            again = client.get(MICROSOFT, headers={"If-None-Match": tag, "Accept-Encoding": takes})
            assert (again.status_code, again.data) == (304, b"")
            assert "Content-Encoding" not in again.headers
    for takes in ("", "gzip;q=0", "gzip; q=0.0, br", "identity"):
        assert client.get(MICROSOFT, headers={"Accept-Encoding": takes}).data == plain.data


def test_a_persons_page_is_never_packed(client: FlaskClient) -> None:
    client.get(MICROSOFT)
    client.set_cookie("seen", "1")
    assert "Content-Encoding" not in client.get(MICROSOFT, headers={"Accept-Encoding": "gzip"}).headers


def test_a_companys_page_has_its_facts_and_its_roles(client: FlaskClient, session: Session) -> None:
    page = client.get("/question-bank/microsoft").text
    words = text_of(page)
    counts = subject_page(session, "company", "microsoft")
    for wanted in (
        "63–64",
        "Growth mindset",
        "Azure Cosmos DB",
        "As-appropriate",
        "60 min",
        "not affiliated with Microsoft",
    ):
        assert wanted in words, wanted
    assert f"<dd>{counts.total}</dd>" in page
    assert len(set(re.findall(r'href="(/question-bank/microsoft/[a-z-]+)"', page))) == 12
    assert page.count('<article class="card sample"') == SAMPLES
    assert len(re.findall(r'href="/question-bank/(?!topics|competencies)[a-z]+"', page)) == 32


def test_a_company_without_questions_says_so(client: FlaskClient, session: Session, now: datetime) -> None:
    session.execute(update(Question).where(Question.companies.contains(["sap"])).values(retired_at=now))
    subjects.refresh(session, now)
    session.commit()
    page = client.get("/question-bank/sap").text
    assert "No questions of its own yet." in page
    assert "not affiliated with SAP" in page
    assert "noindex" in page


def test_a_topic_leads_to_each_of_its_competencies_with_live_counts(client: FlaskClient, session: Session) -> None:
    page = client.get("/question-bank/topics/api-design").text
    slugs = set(totals(session, "competency"))
    linked = set(re.findall(r'href="/question-bank/competencies/([a-z0-9-]+)"', page))
    assert len(linked) >= 24
    assert linked <= slugs
    assert f"<dd>{subject_page(session, 'topic', 'api-design').total}</dd>" in page
    assert "API design quality" in page


def test_a_competency_says_what_a_strong_answer_has_at_each_level(client: FlaskClient, session: Session) -> None:
    row = session.get(Competency, "idempotency-keys")
    assert row is not None
    words = unescape(text_of(client.get("/question-bank/competencies/idempotency-keys").text))
    for wanted in (row.name, row.definition, row.strong_answer[0], row.common_mistakes[0], row.levels["senior"]):
        assert " ".join(str(wanted).split()) in words


def test_a_sample_is_shown_whole_without_its_answer(client: FlaskClient, session: Session) -> None:
    page = unescape(client.get(MICROSOFT).text)
    slugs = re.findall(r'<article class="card sample" id="([a-z0-9-]+)">', page)
    assert len(slugs) == SAMPLES
    for slug in slugs:
        question = session.execute(select(Question).where(Question.slug == slug)).scalar_one()
        shown = page.split(f'id="{slug}">')[1].split("</article>")[0]
        open_part, _, folded = shown.partition("<details")
        assert question.prompt in open_part
        assert question.context is None or question.context in open_part
        assert all(words in open_part for words in question.by_level.values())
        assert all(followup["ask"] in folded for followup in question.followups)
        assert not any(step in shown for step in question.outline)
        assert not any(signal["text"] in shown for signal in question.signals)


def test_an_outlined_role_says_what_is_the_companys_and_what_is_the_roles(client: FlaskClient) -> None:
    words = text_of(client.get("/question-bank/microsoft/product-manager").text)
    assert "described for engineers of back ends" in words
    assert "Product judgement" in words
    assert "Other rounds that Product Manager loops have" in words
    assert "not affiliated with Microsoft" in words
    loop = words.split("described for engineers of back ends")[1].split("Other rounds")[0]
    assert "System design" not in loop


def test_a_page_with_few_questions_says_how_few(client: FlaskClient, session: Session) -> None:
    total = subject_page(session, "competency", "iac-modules-and-environments").total
    assert total < LEAST
    words = text_of(client.get("/question-bank/competencies/iac-modules-and-environments").text)
    assert f"Only {total} question" in words


def test_the_counts_follow_the_bank(client: FlaskClient, session: Session, now: datetime) -> None:
    before = subject_page(session, "topic", "api-design").total
    one = session.execute(select(Question).where(Question.topic_slug == "api-design").limit(1)).scalar_one()
    one.retired_at = now
    session.flush()
    subjects.refresh(session, now)
    session.commit()
    client.set_cookie("seen", "1")
    assert f"<dd>{before - 1}</dd>" in client.get("/question-bank/topics/api-design").text


def test_no_company_or_role_is_called_like_a_place_of_topics(session: Session, clock: FixedClock) -> None:
    """/question-bank/topics/… and /question-bank/<company>/… must never mean the same."""
    taken = {"topics", "competencies"}
    assert not taken & set(session.execute(select(Company.slug)).scalars())


def test_a_competency_says_of_every_kind_of_question_how_many_there_are(client: FlaskClient, session: Session) -> None:
    kinds = subject_page(session, "competency", "idempotency-keys").of("kinds")
    said = text_of(client.get("/question-bank/competencies/idempotency-keys").text)
    _, _, after = said.partition("How it is asked")
    counted = [int(number) for number in re.findall(r"\b(\d+)\b", after.partition("To read")[0])]
    assert sum(counted) == sum(kinds.values()) > 0
