"""Reporting a problem from a question's page."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lift.kernel.clock import FixedClock
from lift.problems import queries
from lift.web.pages import problems as pages
from tests.web.practice_room import Candidate, words_of

PAGE = "/questions/idempotency-keys-01"
ADDRESS = f"{PAGE}/problems"


@pytest.fixture
def ada(app: Flask, session: Session, clock: FixedClock) -> Candidate:
    return Candidate(app, session, clock.now())


def test_a_report_is_thanked_for_noticed_and_shown_on_the_page(ada: Candidate, session: Session) -> None:
    reply = ada.post(ADDRESS, problem="unclear", details="It does not say\r\nwho retries.\x00")
    assert (reply.status_code, reply.location) == (303, PAGE)
    page = words_of(ada.get(PAGE).text)
    assert "Thank you: the report is with us." in page
    assert "You reported: it is unclear." in page
    assert "We have your report of a problem" in words_of(ada.get("/notices").text)
    (found,) = queries.open_problems(session)
    assert (found.kind, found.text) == ("unclear", "It does not say\nwho retries.")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"details": "It does not say who retries."}, "Choose what is wrong"),
        ({"problem": "unclear"}, "Say in a sentence what is wrong"),
        ({"problem": "spelling", "details": "It does not say."}, "Not a valid choice"),
        ({"problem": "fact", "details": "x" * 1001}, "A report may have 1,000 characters."),
    ],
)
def test_a_report_that_lacks_something_comes_back_filled_in(
    ada: Candidate, session: Session, fields: dict[str, str], why: str
) -> None:
    reply = ada.post(ADDRESS, **fields)
    assert reply.status_code == 422
    assert why in words_of(reply.text)
    assert fields.get("details", "") in reply.text
    assert '<details class="details" id="problem-report" open>' in reply.text
    assert queries.open_problems(session) == []


def test_reports_are_limited_by_account(ada: Candidate, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "REPORTS", pages.Limit(1, timedelta(days=1)))
    ada.post(ADDRESS, problem="unclear", details="It does not say who retries.")
    reply = ada.post(ADDRESS, problem="fact", details="The status is another.")
    assert reply.status_code == 429
    assert "Wait 24 hours" in words_of(reply.text)
    assert "The status is another." in reply.text
    assert queries.open_count(session) == 1


def test_a_mistake_in_one_form_says_nothing_in_the_other(ada: Candidate) -> None:
    page = ada.post(ADDRESS).text
    assert page.count('role="alert"') == 1
    assert 'id="sentence-error"' not in page
    page = ada.post(f"{PAGE}/sentence").text
    assert page.count('role="alert"') == 1
    assert 'id="details-error"' not in page
