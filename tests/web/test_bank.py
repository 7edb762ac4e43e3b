"""The bank's pages: honest counts, a cache that knows no person, search for people with access."""

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event, select, text, update
from sqlalchemy.orm import Session

from billing.access import Access, State
from lift.kernel.clock import FixedClock
from lift.kernel.settings import Settings
from lift.questions import loops, subjects
from lift.questions.loops import loop_page, refresh
from lift.questions.models import Question, QuestionVector
from lift.web.app import create_app
from lift.web.page_cache import PageCache
from lift.wiring import Services
from tests.factories import SignedIn, an_account

MICROSOFT = "/question-bank/microsoft/backend-engineer"


@pytest.fixture
def trialing(app: Flask, session: Session, now: datetime) -> FlaskClient:
    """A client of a person whose trial runs. It sends a cookie, as a browser would."""
    account = an_account(session, now)
    session.commit()

    @app.before_request
    def _sign_in() -> None:
        g.access = Access(State.TRIALING, "trial", None)
        g._login_user = SignedIn(account)

    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], "theirs")
    return client


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_of_a_loop_has_everything_that_is_promised(client: FlaskClient, session: Session) -> None:
    reply = client.get(MICROSOFT)
    assert reply.status_code == 200
    page = text_of(reply.text)
    counts = loop_page(session, "microsoft", "backend-engineer")
    for words in (
        "Microsoft Backend Engineer interview questions",
        "59–62",
        "63–64",
        "65–67",
        "68–69",
        "Azure Cosmos DB",
        "Service Fabric",
        "Azure Kubernetes Service",
        "Azure Front Door",
        "Growth mindset",
        "API design quality",
        "Database-tier reasoning",
        "Scalability anchoring",
        "Operational maturity",
        "As-appropriate",
        "Trade-off articulation separates Senior from Mid",
        "counted, 2026",
        "24 Nov",
        "no card",
        "Data Engineer",
        "Spotify",
        f"Azure {counts.orgs['azure']} question",
        "Xbox",
        "LinkedIn",
        "Bing",
        "GitHub",
        "Microsoft 365",
    ):
        assert words in page, words
    assert f"<dd>{counts.own}</dd>" in reply.text
    for topic in ("API design", "Database design", "Caching strategies", "Observability"):
        assert topic in page
    assert reply.text.count('<article class="card sample"') == 3
    assert reply.text.count("Editorial</span>") == 3
    assert "noindex" not in reply.text


def test_every_company_and_role_is_linked_and_its_page_exists(client: FlaskClient) -> None:
    page = client.get(MICROSOFT).text
    linked = set(re.findall(r'href="(/question-bank/[^"/]+/[^"/]+)"', page))
    assert len([href for href in linked if href.endswith("/backend-engineer")]) == 32
    assert len([href for href in linked if href.startswith("/question-bank/microsoft/")]) == 11
    assert {href for href in linked if href.startswith("/question-bank/topics/")} >= {"/question-bank/topics/coding"}
    for href in sorted(linked)[::5]:
        assert client.get(href).status_code == 200, href


def without_own(session: Session, company: str, now: datetime) -> None:
    session.execute(update(Question).where(Question.companies.contains([company])).values(retired_at=now))
    loops.refresh(session, now)
    subjects.refresh(session, now)
    session.commit()


def test_a_company_without_questions_says_so_and_asks_not_to_be_found(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    without_own(session, "sap", now)
    general = loop_page(session, "sap", "backend-engineer").general
    reply = client.get("/question-bank/sap/backend-engineer")
    assert f"No questions of its own yet; {general} general ones apply." in text_of(reply.text)
    assert '<meta name="robots" content="noindex, follow">' in reply.text
    assert "/question-bank/sap/" not in client.get("/sitemap.xml").text
    assert MICROSOFT in client.get("/sitemap.xml").text


def test_an_unknown_company_or_role_is_not_found(client: FlaskClient) -> None:
    for address in (
        "/question-bank/nobody",
        "/question-bank/nobody/backend-engineer",
        "/question-bank/microsoft/no-such-role",
        "/question-bank?role=no-such-role",
        "/question-bank/%00/%00",
        "/question-bank/%00",
    ):
        assert client.get(address).status_code == 404, address


def test_the_counts_follow_the_bank_when_the_page_is_drawn_afresh(
    app: Flask, client: FlaskClient, session: Session, now: datetime
) -> None:
    before = loop_page(session, "microsoft", "backend-engineer").own
    one = session.execute(select(Question).where(Question.companies.contains(["microsoft"])).limit(1)).scalar_one()
    one.retired_at = now
    session.flush()
    refresh(session, now)
    session.commit()
    client.set_cookie("seen", "1")
    assert f"<dd>{before - 1}</dd>" in client.get(MICROSOFT).text


def test_linked_data_is_json_and_claims_no_answers(client: FlaskClient) -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(MICROSOFT).text, re.DOTALL)
    assert found is not None
    kinds = [part["@type"] for part in json.loads(found[1])["@graph"]]
    assert kinds == ["CollectionPage", "BreadcrumbList", "ItemList"]


def test_a_second_visit_asks_the_database_nothing_and_an_unchanged_page_is_not_sent_again(
    client: FlaskClient, session: Session
) -> None:
    first = client.get(MICROSOFT)
    sent: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    second = client.get(MICROSOFT)
    assert second.data == first.data
    assert sent == []
    unchanged = client.get(MICROSOFT, headers={"If-None-Match": second.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_a_page_drawn_afresh_takes_at_most_four_queries(
    client: FlaskClient, session: Session, trialing: FlaskClient
) -> None:
    sent: list[str] = []
    trialing.get(MICROSOFT)
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    for address in (MICROSOFT, "/questions", "/questions?q=idempotency&level=senior", "/question-bank"):
        sent.clear()
        assert trialing.get(address).status_code == 200
        asked = [statement for statement in sent if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
        assert len(asked) <= 4, sent


def test_the_cache_never_holds_what_a_signed_in_person_was_shown(
    app: Flask, trialing: FlaskClient, services: Services
) -> None:
    personal = trialing.get(MICROSOFT)
    assert "Log out" in personal.text
    assert "ETag" not in personal.headers
    assert "Cookie" in personal.headers["Vary"]
    anonymous = app.test_client().get(MICROSOFT)
    assert "Log out" not in anonymous.text
    assert "csrf_token" not in anonymous.text
    assert "Set-Cookie" not in anonymous.headers
    assert "Log out" in trialing.get(MICROSOFT).text


def test_made_up_arguments_are_answered_and_fill_no_cache(app: Flask, client: FlaskClient) -> None:
    assert isinstance(app.wsgi_app, PageCache)
    for number in range(3):
        assert client.get(f"{MICROSOFT}?utm={number}").status_code == 200
        assert client.get("/question-bank", query_string={"role": "sre", "x": str(number)}).status_code in (200, 404)
    assert app.wsgi_app.addresses() == []
    client.get(MICROSOFT)
    client.get("/question-bank?role=backend-engineer")
    assert app.wsgi_app.addresses() == [MICROSOFT, "/question-bank?role=backend-engineer"]


def test_another_host_is_never_given_a_page_that_was_kept_for_ours(settings: Settings, services: Services) -> None:
    client = create_app(settings.model_copy(update={"trusted_hosts": ["ours.example"]}), services).test_client()
    assert client.get(MICROSOFT, base_url="http://ours.example").status_code == 200
    assert client.get(MICROSOFT, base_url="http://ours.example").status_code == 200
    foreign = client.get(MICROSOFT, base_url="http://theirs.example")
    assert (foreign.status_code, foreign.mimetype) == (400, "text/plain")
    assert foreign.headers["X-Request-ID"] in foreign.text


def test_a_kept_page_has_a_request_id_of_its_own_and_all_security_headers(client: FlaskClient) -> None:
    first, second = client.get(MICROSOFT), client.get(MICROSOFT)
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert {**first.headers, "X-Request-ID": ""} == {**second.headers, "X-Request-ID": ""}


def test_a_kept_page_is_drawn_anew_the_next_day(client: FlaskClient, session: Session, clock: FixedClock) -> None:
    assert "24 Nov" in client.get(MICROSOFT).text
    clock.advance(timedelta(days=1))
    refresh(session, clock.now())
    session.commit()
    assert "25 Nov" in client.get(MICROSOFT).text


def test_a_new_content_version_is_seen_within_a_second(
    client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    from lift.catalog.models import Company, ContentVersion

    assert "Microsoft Backend Engineer" in client.get(MICROSOFT).text
    session.execute(update(Company).where(Company.slug == "microsoft").values(name="Macrosoft"))
    session.execute(update(ContentVersion).values(digest="another"))
    session.commit()
    clock.advance(timedelta(seconds=1))
    assert "Macrosoft Backend Engineer" in client.get(MICROSOFT).text


def test_the_index_counts_what_each_company_has(client: FlaskClient, session: Session, now: datetime) -> None:
    without_own(session, "sap", now)
    page = client.get("/question-bank").text
    own = loop_page(session, "microsoft", "backend-engineer").own
    assert f'<a href="{MICROSOFT}">Microsoft</a><span class="bar-count">{own}</span>' in page
    assert "No questions of their own yet" in page
    assert "/question-bank/sap/data-scientist" in client.get("/question-bank?role=data-scientist").text


def test_search_works_as_a_plain_form_and_keeps_what_was_typed(trialing: FlaskClient) -> None:
    reply = trialing.get("/questions?q=idempotency&company=microsoft&level=senior")
    assert reply.status_code == 200
    assert 'value="idempotency"' in reply.text
    assert re.search(
        r'name="company" value="microsoft" id="company-microsoft" checked><span>Microsoft</span>', reply.text
    )
    assert 'class="question-row"' in reply.text
    assert 'aria-label="Chosen filters"' in reply.text


@pytest.mark.parametrize(
    "query", ["page=99999", "page=x", "level=%00", "company=nobody&org=none", "q=%22%27%3Cscript%3E"]
)
def test_a_strange_search_is_answered_and_nothing_of_it_becomes_markup(trialing: FlaskClient, query: str) -> None:
    reply = trialing.get(f"/questions?{query}")
    assert reply.status_code == 200
    assert "<script>" not in reply.text


def test_a_search_turns_away_whoever_has_no_access(client: FlaskClient) -> None:
    reply = client.get("/questions?q=idempotency")
    assert (reply.status_code, reply.location.split("?")[0]) == (303, "/log-in")


def test_a_question_page_shows_its_provenance_and_the_way_to_practise(trialing: FlaskClient) -> None:
    reply = trialing.get("/questions/idempotency-keys-01")
    assert "never called real or verified" in reply.text
    assert '<form method="post" action="/practice/start"' in reply.text
    assert 'name="question" type="hidden" value="idempotency-keys-01"' in reply.text
    assert "Try first" in reply.text
    assert trialing.get("/questions/no-such-question").status_code == 404


def test_text_of_a_question_is_escaped_and_its_code_keeps_its_lines(trialing: FlaskClient, session: Session) -> None:
    values = {"prompt": "Is <b>this</b> & that safe?", "context": "if a < b:\n    return '<script>'"}
    session.execute(update(Question).where(Question.slug == "idempotency-keys-01").values(**values))
    session.commit()
    page = trialing.get("/questions/idempotency-keys-01").text
    assert "Is &lt;b&gt;this&lt;/b&gt; &amp; that safe?" in page
    assert "if a &lt; b:\n    return &#39;&lt;script&gt;&#39;</pre>" in page
    assert "<b>this</b>" not in trialing.get("/questions?q=safe").text


def test_robots_are_kept_out_of_what_needs_an_account(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text
    assert "Disallow: /questions" in robots
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots


@pytest.mark.parametrize("address", ["/", "/scoring", "/privacy", "/terms"])
def test_public_pages_answer_anybody(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_the_published_rules_name_the_numbers_that_the_code_uses(client: FlaskClient) -> None:
    from lift.scoring import bands

    page = text_of(client.get("/scoring").text)
    assert f"A must counts {bands.POINTS['must']}, a should {bands.POINTS['should']}" in page
    for band, least in bands.BAND_FROM:
        assert f"at least {round(100 * least)} in 100" in page, band


def test_the_bank_has_a_question_to_show(session: Session) -> None:
    assert session.execute(select(Question.id).limit(1)).first() is not None


def test_a_question_shows_those_that_mean_nearly_the_same_or_no_such_section(
    trialing: FlaskClient, session: Session, now: datetime
) -> None:
    if session.execute(text("SELECT to_regtype('halfvec')")).scalar_one() is None:
        pytest.skip("this PostgreSQL has no pgvector")
    one, near, far = session.execute(select(Question).order_by(Question.slug).limit(3)).scalars()
    assert "Similar questions" not in trialing.get(f"/questions/{one.slug}").text
    for question, place in ((one, 0), (near, 0), (far, 1)):
        numbers = [float(n == place) for n in range(384)]
        session.add(QuestionVector(question_id=question.id, digest="", numbers=numbers, made_at=now))
    session.commit()
    section = trialing.get(f"/questions/{one.slug}").text.partition("Similar questions")[2]
    assert f'href="/questions/{near.slug}"' in section
    assert far.slug not in section
    assert "Similar questions" not in trialing.get(f"/questions/{far.slug}").text
