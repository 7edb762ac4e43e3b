"""Reporting over HTTP: the form, its draft, the look before sending, the trail; and asking to take a question down."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from billing.models import CompRow
from lift.kernel.clock import FixedClock
from lift.submissions import upkeep
from lift.submissions.models import Report, ReportDraft, Takedown
from lift.submissions.reviewing import Verdict
from lift.web.forms.reports import LONGEST
from lift.wiring import Services
from tests.factories import a_question
from tests.submissions.reporting import Reporters
from tests.submissions.test_near import PARAPHRASES
from tests.web.practice_room import Candidate, Workers

SLUG = "retry-policy-and-backoff-01"
WORDS = PARAPHRASES[SLUG]
FIELDS: dict[str, str] = {
    "question": "",
    "company": "microsoft",
    "role": "backend-engineer",
    "round": "system-design",
    "level": "63/64",
    "org": "azure",
    "month": "2026-10",
    "outcome": "offer",
    "words": WORDS,
    "tested": "Whether one sees the storm coming.",
}
LIVE = {"HX-Request": "true"}


@pytest.fixture
def ada(app: Flask, session: Session, clock: FixedClock) -> Candidate:
    """Somebody who may read and no more: reporting is open whatever the plan."""
    made = Candidate(app, session, clock.now())
    clock.advance(timedelta(days=1))
    return made


def text_of(reply: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", reply.text).split())


def write(person: Candidate, **changes: str) -> TestResponse:
    """Fill the form in and go on."""
    return person.post("/reports/check", **{**FIELDS, **changes})


def send(person: Candidate, **changes: str) -> str:
    """From the form to the page of the report."""
    assert write(person, **changes).location == "/reports/check"
    reply = person.post("/reports/send", allowed="y")
    assert reply.status_code == 303, text_of(reply)
    return str(reply.location)


def test_from_the_form_to_the_trail(ada: Candidate, session: Session) -> None:
    address = send(ada, words=f"Jane asked me this. {WORDS}")
    page = text_of(ada.get(address))
    assert "Passed the checks" in page
    assert "It counts until 30 September 2028" in page
    assert "As thanks everything is open to you until 2 Dec 2026" in page
    (report,) = session.execute(select(Report)).scalars()
    assert report.words.startswith("[name] asked me this.")
    assert (report.level, report.level_code, report.org_slug, report.outcome) == ("senior", "63/64", "azure", "offer")
    assert report.network is not None
    assert session.execute(select(CompRow)).scalars().one().until is not None
    assert "Passed the checks" in text_of(ada.get("/reports"))


def test_who_has_no_plan_reports_too_and_is_let_in_for_it(
    app: Flask, session: Session, clock: FixedClock, ada: Candidate
) -> None:
    clock.advance(timedelta(days=8))
    assert ada.get("/questions").status_code == 303
    assert ada.get("/reports/new").status_code == 200
    send(ada)
    assert ada.get("/questions").status_code == 200


def test_first_comes_the_company_and_then_its_own_words(ada: Candidate) -> None:
    assert "First the company" in ada.get("/reports/new").text
    page = ada.get("/reports/new?company=microsoft&role=backend-engineer").text
    assert "Senior Software Engineer (63/64)" in page
    assert "Azure" in page
    google = ada.get("/reports/new?company=google").text
    assert "Senior Software Engineer (63/64)" not in google
    assert "First the company" in ada.get("/reports/new?company=no-such").text


def test_a_question_that_was_picked_brings_what_is_known_of_it(ada: Candidate) -> None:
    page = ada.get("/reports/new?question=online-schema-migration-01&company=github&role=backend-engineer").text
    assert "A gh-ost migration adds a column" in page
    assert "You were asked this" in page


def test_a_draft_of_another_question_is_not_mixed_in_and_is_named(ada: Candidate) -> None:
    ada.post("/reports/draft", **FIELDS)
    page = ada.get("/reports/new?question=online-schema-migration-01").text
    assert WORDS[:40] not in page
    assert "You have begun a report of another question" in page
    assert WORDS[:40] in ada.get("/reports/new").text


def test_what_is_near_is_shown_while_one_writes_and_the_draft_is_kept(ada: Candidate, session: Session) -> None:
    reply = ada.client.post("/reports/draft", data=FIELDS, headers=LIVE)
    assert reply.status_code == 200
    assert f'value="{SLUG}"' in reply.text
    assert "Draft kept" in reply.text
    assert "<html" not in reply.text
    assert WORDS[:40] in ada.get("/reports/new").text
    assert session.execute(select(ReportDraft.fields)).scalar_one()["month"] == "2026-10"


def test_without_javascript_a_button_keeps_the_draft_and_the_next_page_shows_what_is_near(ada: Candidate) -> None:
    assert ada.post("/reports/draft", **FIELDS).location == "/reports/new"
    assert write(ada).location == "/reports/check"
    page = ada.get("/reports/check").text
    assert "Is it one of these?" in page
    assert f'value="{SLUG}"' in page


def test_it_is_one_of_these(ada: Candidate, session: Session) -> None:
    write(ada)
    assert ada.post("/reports/pick", pick=SLUG, check="1").location == "/reports/check"
    page = ada.get("/reports/check").text
    assert "Is it one of these?" not in page
    assert "A mobile app calls a gateway" in page
    ada.post("/reports/send", allowed="y")
    (report,) = session.execute(select(Report)).scalars()
    question = a_question(session, SLUG)
    session.refresh(question)
    assert report.question_id == question.id
    assert (question.provenance, question.reports) == ("reported", 1)


def test_none_of_these_after_all_keeps_the_words(ada: Candidate) -> None:
    assert ada.post("/reports/pick", **{**FIELDS, "question": SLUG, "pick": ""}).location == "/reports/new"
    page = ada.get("/reports/new").text
    assert WORDS[:40] in page
    assert "You were asked this" not in page


def test_what_will_be_masked_is_shown_before_sending(ada: Candidate) -> None:
    words = f"My interviewer Jane Doe (jane@contoso.com) asked this. {WORDS}"
    live = ada.client.post("/reports/draft", data={**FIELDS, "words": words}, headers=LIVE)
    assert "This will be masked" in live.text
    write(ada, words=words)
    page = text_of(ada.get("/reports/check"))
    assert "My interviewer [name] ([e-mail address]) asked this." in page
    assert "Jane Doe (a name)" in page
    assert "jane@contoso.com (e-mail address)" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"words": "too short"}, "5 words or more"),
        ({"words": "word " * 130}, "at most 120 words"),
        ({"words": "x" * (LONGEST + 1)}, "Shorten it a little"),
        ({"tested": "```\ncode\n```"}, "Leave the code out"),
        ({"level": ""}, "Choose the level"),
        ({"level": "L99"}, "Not a valid choice"),
        ({"month": "2019-01"}, "Not a valid choice"),
        ({"round": "\x00"}, "Not a valid choice"),
        ({"org": "pretzels"}, "Not a valid choice"),
    ],
)
def test_bad_input_comes_back_filled_in_with_what_is_wrong(
    ada: Candidate, changes: dict[str, str], message: str
) -> None:
    reply = write(ada, **changes)
    assert reply.status_code == 422
    assert message in text_of(reply)
    assert "Whether one sees the storm" in reply.text or "tested" in changes


def test_it_is_not_sent_without_the_word_that_it_may_be_told(ada: Candidate, session: Session) -> None:
    write(ada)
    reply = ada.post("/reports/send")
    assert reply.status_code == 422
    assert "Send it only if this is so" in reply.text
    assert session.execute(select(Report)).first() is None


def test_pressing_send_twice_sends_once(ada: Candidate, session: Session) -> None:
    send(ada)
    assert ada.post("/reports/send", allowed="y").location == "/reports/new"
    assert len(session.execute(select(Report)).all()) == 1


def test_after_too_many_the_draft_stays_and_the_wait_is_said(ada: Candidate, session: Session) -> None:
    for number in range(5):
        send(ada, words=f"How does a cache with {number} shards lose one of them?")
    write(ada)
    reply = ada.post("/reports/send", allowed="y")
    assert reply.status_code == 429
    assert "Your draft is kept" in reply.text
    assert session.execute(select(ReportDraft)).first() is not None


def test_the_draft_is_thrown_away(ada: Candidate, session: Session) -> None:
    ada.post("/reports/draft", **FIELDS)
    assert "Go on with your draft" in ada.get("/reports").text
    assert ada.post("/reports/draft/drop").location == "/reports"
    assert "Go on with your draft" not in ada.get("/reports").text


def test_strange_drafts_break_nothing(ada: Candidate) -> None:
    strange = {**FIELDS, "words": "\x00" * 20 + "é" * 9000, "company": "\x00", "question": "\x00"}
    assert ada.client.post("/reports/draft", data=strange, headers=LIVE).status_code == 200
    assert ada.get("/reports/new").status_code == 200
    assert ada.get("/reports/check").status_code == 303
    assert ada.get("/reports/new?question=%00&company=%00&role=%00").status_code == 200


def test_a_report_is_taken_back(ada: Candidate, session: Session) -> None:
    address = send(ada)
    assert ada.post(f"{address}/withdraw").location == address
    page = text_of(ada.get(address))
    assert "You took it back. Its text was deleted." in page
    assert "Take the report back" not in page
    assert ada.post(f"{address}/withdraw").status_code == 409


def test_somebody_elses_report_is_not_there(ada: Candidate, app: Flask, session: Session, clock: FixedClock) -> None:
    address = send(ada)
    eve = Candidate(app, session, clock.now(), "eve@example.org")
    assert eve.get(address).status_code == 404
    assert eve.post(f"{address}/withdraw").status_code == 404
    assert ada.get(f"/reports/{uuid4()}").status_code == 404


def test_the_card_says_what_reports_say_and_sinks_with_them(
    ada: Candidate, session: Session, clock: FixedClock, services: Services
) -> None:
    question = a_question(session, SLUG)
    reporters = Reporters(session, clock.now())
    first, _ = reporters.pair(question)
    session.commit()
    card = text_of(ada.get(f"/questions/{SLUG}"))
    assert "Corroborated · 2 reports · last seen October 2026" in card
    reporters.decide(first, Verdict.VERIFY)
    session.commit()
    assert "Verified · 2 reports · last seen October 2026" in text_of(ada.get(f"/questions/{SLUG}"))
    upkeep.age(session, clock.now() + timedelta(days=760))
    session.commit()
    card = text_of(ada.get(f"/questions/{SLUG}"))
    assert "Editorial · Reported until October 2026; no report of the last 24 months" in card
    assert "was verified until its reports were older" in card


def test_the_public_page_follows_the_report_within_a_moment(
    client: FlaskClient, session: Session, clock: FixedClock, services: Services
) -> None:
    page = "/question-bank/competencies/retry-policy-and-backoff"
    before = client.get(page)
    assert "2 reports" not in before.text
    Reporters(session, clock.now()).pair(a_question(session, SLUG))
    session.commit()
    Workers(services, clock).work()
    clock.advance(timedelta(seconds=2))
    assert "Corroborated · 2 reports · last seen October 2026" in text_of(client.get(page))


def test_anybody_asks_for_a_question_to_be_taken_down(client: FlaskClient, session: Session) -> None:
    page = client.get(f"/take-down/{SLUG}")
    assert "A mobile app calls a gateway" in page.text
    fields = {"name": "Jo", "email": "jo@contoso.example", "on_behalf_of": "Contoso", "why": "It is our sheet."}
    assert client.post(f"/take-down/{SLUG}", data={**fields, "email": "no address"}).status_code == 422
    assert client.post(f"/take-down/{SLUG}", data=fields).status_code == 303
    (asked,) = session.execute(select(Takedown)).scalars()
    assert (asked.name, asked.state, asked.why) == ("Jo", "open", "It is our sheet.")
    assert client.get("/take-down/no-such-question").status_code == 404


def test_asking_again_and_again_has_an_end(client: FlaskClient, session: Session) -> None:
    fields = {"name": "Jo", "email": "jo@contoso.example", "why": "It is our sheet."}
    replies = [client.post(f"/take-down/{SLUG}", data=fields).status_code for _ in range(6)]
    assert replies == [303] * 5 + [429]


def test_how_reports_are_checked_is_public(client: FlaskClient) -> None:
    page = client.get("/provenance").text
    assert "24 months" in page
    assert "How reports are checked" in page
