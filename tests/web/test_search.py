"""The search as a page: every address gives a result or a plain word, and what is chosen can be seen and taken back."""

import re
from datetime import date, datetime
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from billing.access import Access, State
from lift.accounts.models import Account
from lift.questions import broad, counts
from lift.questions.filters import FACETS, MOST_VALUES
from lift.questions.models import Question
from lift.shelf import queries, service
from tests.factories import SignedIn, a_question, an_account

SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime) -> Account:
    """Somebody with access, signed in."""
    account = an_account(session, now)
    session.commit()

    @app.before_request
    def _sign_in() -> None:
        g.access = Access(State.TRIALING, "trial", None)
        g._login_user = SignedIn(account)

    return account


@pytest.fixture
def client(app: Flask, ada: Account) -> FlaskClient:
    made = app.test_client()
    made.set_cookie(app.config["SESSION_COOKIE_NAME"], "theirs")
    return made


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def chips(html: str) -> dict[str, str]:
    """What is chosen, with the address that takes it back."""
    found = re.findall(r'<a class="chip" id="[^"]*" href="([^"]*)"[^>]*>(.*?) <span', html)
    return {unescape(label): unescape(href) for href, label in found}


# -- any address -----------------------------------------------------------------------------------------------------

WORDS = st.text(max_size=40) | st.sampled_from(
    [
        "' OR 1=1 --", "'; DROP TABLE questions; --", "a & | ! b:*", "<-> (x", '"unclosed', "\\", "%_", "%%s %(x)s", ":words",
        "\x00", "\x1b[31m", "\ud800", "\udfff\ud83d", "\u202e", "-", "--x", "-database", "the of and", "x" * 10_000,
        "9" * 400, "{{7*7}}", "<script>alert(1)</script>", "a:b:c:*", "or or or", "not not", "ﷺ" * 50, "🙂",
    ]
)  # fmt: skip
KNOWN = st.sampled_from(
    [
        "microsoft", "any", "senior", "63", "L5", "microsoft:63", "api-design", "azure", "under-10", "verified", "24m", "30d", "yes",
        "no", "00000000-0000-0000-0000-000000000000", "99999999999999999999", "-1", "1e400", "NaN", "null", "[]", "", " ",
    ]
)  # fmt: skip
NAMES = st.sampled_from([*FACETS, "q", "after", "before", "page", "limit", "search"]) | st.text(max_size=8)
PAIRS = st.lists(st.tuples(NAMES, KNOWN | WORDS), max_size=12)


def encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, errors="surrogatepass")


@SOME
@given(pairs=PAIRS)
def test_every_address_of_the_grammar_gives_a_page(client: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    reply = client.get(f"/questions?{encoded(pairs)}")
    assert reply.status_code == 200
    assert "<script>" not in reply.text


@SOME
@given(raw=st.binary(max_size=80) | st.text(alphabet="%&=;+?#[]ab0\x7f", max_size=60).map(str.encode))
def test_so_does_any_row_of_bytes(client: FlaskClient, raw: bytes) -> None:
    reply = client.get(f"/questions?{quote(raw, safe='%&=;+?[]')}")
    assert reply.status_code == 200


@pytest.mark.parametrize("facet", FACETS)
def test_a_thousand_values_are_too_many_and_the_page_says_so(client: FlaskClient, facet: str) -> None:
    reply = client.get(f"/questions?{urlencode([(facet, f'value-{n}') for n in range(1_000)])}")
    assert reply.status_code == 200
    assert f"only the first {MOST_VALUES} choices are read" in text_of(reply.text)
    assert len(chips(reply.text)) == MOST_VALUES


def test_ten_thousand_characters_are_cut_and_the_page_says_so(client: FlaskClient) -> None:
    reply = client.get("/questions", query_string={"q": "idempotency " * 900})
    assert reply.status_code == 200
    assert "Only the first 200 characters of the words are searched for." in text_of(reply.text)
    assert "/questions/idempotency-keys-01" in reply.text


@pytest.mark.parametrize("facet", FACETS)
def test_a_choice_that_does_not_exist_is_shown_explained_and_can_be_taken_back(client: FlaskClient, facet: str) -> None:
    page = client.get(f"/questions?{facet}=no-such-thing&q=design").text
    assert "finds nothing." in text_of(page)
    assert chips(page)["no-such-thing"] == "/questions?q=design"
    assert "No question matches" in page


# -- what it shows ---------------------------------------------------------------------------------------------------


def test_every_choice_is_a_chip_that_leads_to_the_search_without_it(client: FlaskClient) -> None:
    page = client.get("/questions?company=microsoft&level=senior&level=principal&q=cache&reported=3m").text
    assert chips(page) == {
        "“cache”": "/questions?company=microsoft&level=senior&level=principal&reported=3m",
        "Microsoft": "/questions?q=cache&level=senior&level=principal&reported=3m",
        "Senior SE · 63/64": "/questions?q=cache&company=microsoft&level=principal&reported=3m",
        "Principal · 65/66/67": "/questions?q=cache&company=microsoft&level=senior&reported=3m",
        "Reported within 3 months": "/questions?q=cache&company=microsoft&level=senior&level=principal",
    }


def test_a_companys_own_code_is_taken_for_a_common_level_and_the_page_says_so(client: FlaskClient) -> None:
    page = client.get("/questions?company=microsoft&level=63").text
    assert "63 at Microsoft is compared with other companies as Senior." in text_of(page)
    assert chips(page)["Senior SE · 63/64"] == "/questions?company=microsoft"
    plain = client.get("/questions?company=microsoft&level=senior").text
    assert re.findall(r"\d+ questions match", page) == re.findall(r"\d+ questions match", plain)


def test_a_code_that_differs_between_companies_asks_for_one(client: FlaskClient) -> None:
    page = text_of(client.get("/questions?level=L5").text)
    assert "L5 is not the same level everywhere" in page
    assert "such a choice" not in page
    page = text_of(client.get("/questions?level=L5&company=google").text)
    assert "L5 at Google is compared with other companies as Senior." in page


def test_sub_topics_and_competencies_unfold_below_their_topic(client: FlaskClient) -> None:
    assert 'name="subtopic"' not in client.get("/questions").text
    page = client.get("/questions?topic=api-design").text
    assert 'name="subtopic"' in page
    assert 'name="competency"' in page
    page = client.get("/questions?competency=idempotency-keys").text
    assert re.search(r'name="competency" value="idempotency-keys" [^>]*checked', page)


def test_a_search_that_finds_nothing_says_without_which_choice_it_would(client: FlaskClient) -> None:
    page = client.get("/questions?company=microsoft&level=senior&reported=3m").text
    assert "No question matches" in page
    assert "Without" not in page
    page = client.get("/questions?company=noone&company=nobody&topic=api-design").text
    ways = re.findall(r'<a href="([^"]+)"[^>]*>Without ([^<]+)</a>', page)
    assert ways == [("/questions?topic=api-design", "company (2 choices)")]
    assert "No question matches" not in client.get(ways[0][0]).text


def test_old_addresses_still_mean_what_they_meant(client: FlaskClient) -> None:
    page = client.get(
        "/questions?company=microsoft&level=senior&topic=api-design&q=resource&role=backend-engineer&page=2"
    )
    assert page.status_code == 200
    assert len(chips(page.text)) == 5
    assert 'class="question-row"' in page.text


def test_pages_lead_on_and_back(client: FlaskClient) -> None:
    first = client.get("/questions?kind=design").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    assert 'rel="prev"' not in first
    second = client.get(unescape(following[1])).text
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back is not None
    again = client.get(unescape(back[1])).text
    rows = r'href="(/questions/[a-z0-9-]+)"'
    assert re.findall(rows, again) == re.findall(rows, first)
    assert not set(re.findall(rows, second)) & set(re.findall(rows, first))


def test_a_broken_place_gives_the_first_page_and_says_so(client: FlaskClient) -> None:
    page = client.get("/questions?after=rubbish")
    assert page.status_code == 200
    assert "so this is its first page." in text_of(page.text)


def test_the_address_that_is_kept_holds_no_empty_fields(client: FlaskClient) -> None:
    asked = "/questions?q=&company=microsoft&level=&level=63"
    assert "HX-Push-Url" not in client.get(asked).headers
    reply = client.get(asked, headers={"HX-Request": "true", "HX-Target": "div#search"})
    assert reply.headers["HX-Push-Url"] == "/questions?company=microsoft&level=senior"


def test_a_facet_that_tells_that_nothing_is_there_yet_says_zero(client: FlaskClient) -> None:
    page = text_of(client.get("/questions").text)
    assert "Verified 0" in page
    assert "Within 24 months 0" in page
    assert "A month counts when any of its days falls into the window: 3 months reach back to August 2026." in page


def test_a_reported_question_says_how_often_and_when_last(client: FlaskClient, session: Session) -> None:
    slug = a_question(session).slug
    for reports, words in ((2, "2 reports, last in August 2026"), (1, "1 report, in August 2026")):
        values = {"provenance": "verified", "reports": reports, "last_reported": date(2026, 8, 1)}
        session.execute(update(Question).where(Question.slug == slug).values(**values))
        session.commit()
        page = client.get("/questions?provenance=verified&reported=3m").text
        assert words in text_of(page)
        assert len(re.findall('class="question-row"', page)) == 1


# -- lists -----------------------------------------------------------------------------------------------------------


def test_a_question_is_saved_from_the_search_and_found_by_its_list(
    client: FlaskClient, session: Session, ada: Account
) -> None:
    slug = a_question(session).slug
    form = client.get(f"/questions/{slug}/lists?next=/questions?kind=design")
    assert form.status_code == 200
    saved = client.post(f"/questions/{slug}/lists", data={"name": "To review", "next": "/questions?kind=design"})
    assert (saved.status_code, saved.location) == (303, "/questions?kind=design")
    (made,) = queries.lists(session, ada.id)
    assert (made.name, made.questions) == ("To review", 1)
    page = client.get(f"/questions?list={made.id}")
    assert "1 question matches" in text_of(page.text)
    assert chips(page.text) == {"To review": "/questions"}
    assert "In To review" in text_of(page.text)
    emptied = client.post(f"/questions/{slug}/lists", data={"name": ""})
    assert emptied.location == f"/questions/{slug}"
    assert queries.lists(session, ada.id)[0].questions == 0


def test_where_saving_leads_is_a_page_of_ours(client: FlaskClient, session: Session) -> None:
    slug = a_question(session).slug
    for elsewhere in ("https://example.org/", "//example.org", "/\t/example.org", "x" * 9_000):
        reply = client.post(f"/questions/{slug}/lists", data={"name": "", "next": elsewhere})
        assert reply.location == f"/questions/{slug}", elsewhere


def test_a_name_that_is_taken_comes_back_filled_in_and_nothing_is_saved(
    client: FlaskClient, session: Session, ada: Account, now: datetime
) -> None:
    mine = service.make_list(session, ada.id, "To review", now)
    slug = a_question(session).slug
    reply = client.post(f"/questions/{slug}/lists", data={"name": "to review", "lists": str(mine)})
    assert reply.status_code == 422
    assert 'value="to review"' in reply.text
    assert "You have a list “to review” already." in reply.text
    assert queries.lists(session, ada.id)[0].questions == 0


@pytest.mark.parametrize("wrong", ["no-uuid", "\x00", "' OR 1=1", "9" * 500])
def test_wrong_lists_are_passed_over(client: FlaskClient, session: Session, wrong: str) -> None:
    reply = client.post(f"/questions/{a_question(session).slug}/lists", data={"lists": wrong})
    assert reply.status_code == 303


def test_a_list_is_made_renamed_emptied_and_deleted(client: FlaskClient, session: Session, ada: Account) -> None:
    address = client.post("/lists", data={"name": "Mine"}).location
    assert client.post("/lists", data={"name": "mine"}).status_code == 422
    assert client.post("/lists", data={"name": "x" * 61}).status_code == 422
    assert client.post(address, data={"name": "<b>Ours</b>"}).location == address
    question = a_question(session)
    client.post(f"/questions/{question.slug}/lists", data={"lists": address.rpartition("/")[2]})
    page = client.get(address).text
    assert "&lt;b&gt;Ours&lt;/b&gt;" in page
    assert f'href="/questions/{question.slug}"' in page
    assert client.post(f"{address}/questions/{question.slug}/take-out").location == address
    assert "Nothing in it yet" in client.get(address).text
    assert client.post(f"{address}/delete").location == "/lists"
    assert client.get(address).status_code == 404


def test_a_list_of_somebody_else_is_not_found(client: FlaskClient, session: Session, now: datetime) -> None:
    stranger = an_account(session, now, "stranger@example.org")
    theirs = service.make_list(session, stranger.id, "Secret plans", now)
    question = a_question(session)
    service.add(session, theirs, question.id, now)
    session.commit()
    assert client.get(f"/lists/{theirs}").status_code == 404
    for act in ("", "/delete", f"/questions/{question.slug}/take-out"):
        assert client.post(f"/lists/{theirs}{act}", data={"name": "Mine now"}).status_code == 404, act
    page = client.get(f"/questions?list={theirs}").text
    assert "Secret plans" not in page
    assert "A list that was chosen is not yours, or is gone" in text_of(page)


def test_opening_a_question_is_to_have_seen_it(client: FlaskClient, session: Session) -> None:
    assert "0 questions match" in text_of(client.get("/questions?seen=yes").text)
    slug = a_question(session).slug
    for _ in range(2):
        assert client.get(f"/questions/{slug}").status_code == 200
    page = client.get("/questions?seen=yes").text
    assert "1 question matches" in text_of(page)
    assert f"/questions/{slug}" in page


@pytest.mark.parametrize(
    "address", ["/question-bank/topics/api-design", "/question-bank/competencies/idempotency-keys"]
)
def test_public_pages_lead_into_the_search_by_facet(client: FlaskClient, address: str) -> None:
    linked = {unescape(href) for href in re.findall(r'href="(/questions\?[^"]+)"', client.get(address).text)}
    assert linked
    for href in sorted(linked)[:5]:
        assert "q=" not in href
        assert "No question matches" not in client.get(href).text, href


@pytest.mark.parametrize(
    "address",
    [
        "/question-bank/microsoft",
        "/question-bank/microsoft/backend-engineer",
        "/question-bank/sap/backend-engineer",
        "/question-bank/topics/api-design",
    ],
)
def test_a_number_beside_a_link_of_a_public_page_is_what_the_search_then_finds(
    client: FlaskClient, address: str
) -> None:
    counted = re.findall(
        r'<a href="(/questions\?[^"]+)">[^<]*</a><span class="bar-count">([\d,]+)', client.get(address).text
    )
    assert counted
    for href, number in counted:
        found = re.search(r"([\d,]+) questions? match", text_of(client.get(unescape(href)).text))
        assert found is not None
        assert found[1] == number, href


def test_counts_that_are_kept_say_of_when_they_are(
    client: FlaskClient, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST_COUNTED", 100_000)
    assert "renewed by the hour" not in client.get("/questions").text
    broad.refresh(session, now)
    session.commit()
    monkeypatch.setattr(counts, "MOST_COUNTED", 20)
    page = text_of(client.get("/questions").text)
    assert "questions are renewed by the hour, these at 24 Nov 2026, 09:30 UTC." in page
    page = text_of(client.get("/questions?level=mid&level=senior&kind=design&seen=no").text)
    assert "20 questions or more match." in page
    assert "+ questions" in page


def test_general_questions_are_a_choice_of_their_own(client: FlaskClient, session: Session) -> None:
    general = select(func.count()).select_from(Question).where(Question.companies == [], Question.retired_at.is_(None))
    page = client.get("/questions?company=any").text
    assert f"{session.execute(general).scalar_one()} questions match" in text_of(page)
    assert chips(page) == {"Any company": "/questions"}
    assert "Senior SE · 63/64" in client.get("/questions?company=any&company=microsoft").text
