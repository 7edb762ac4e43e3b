"""Loops over HTTP: plan, go through, read the committee."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lift.kernel.clock import FixedClock
from lift.wiring import Services
from tests.factories import a_loop, a_question
from tests.web.practice_room import TRIAL, Candidate, Workers, words_of

TEXT = "I would put the key under a unique constraint and replay the stored response to the loser."
NEW = "/loops/new?company=microsoft&role=backend-engineer"


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime) -> Candidate:
    return Candidate(app, session, now)


@pytest.fixture
def workers(services: Services, clock: FixedClock) -> Workers:
    return Workers(services, clock)


def test_a_loop_is_planned_in_the_companys_words(ada: Candidate) -> None:
    assert "Plan a loop" in ada.get("/practice").text
    assert 'action="/loops/new"' in ada.get("/loops").text
    plan = ada.get(NEW).text
    assert "Senior Software Engineer (63/64)" in plan
    assert "As-appropriate" in words_of(plan)
    assert "Nobody leads it" in words_of(plan)
    reply = ada.post(NEW, level="senior", scope="loop", org="azure", interview_on="", position="")
    assert reply.status_code == 303
    shown = words_of(ada.get(reply.location).text)
    assert "Begin the round" in shown
    assert "7 rounds" in shown
    assert "Loop" in ada.get("/loops").text


def test_a_wrong_plan_comes_back_filled_in(ada: Candidate) -> None:
    reply = ada.post(NEW, level="senior", scope="round", org="azure", interview_on="2020-01-01", position="")
    assert reply.status_code == 422
    assert "This day has passed" in reply.text
    assert "Say which round" in reply.text
    assert re.search(r'<option selected value="azure"', reply.text)
    assert ada.post(NEW, level="wizard", scope="loop").status_code == 422
    assert ada.post(NEW).status_code == 422


@pytest.mark.parametrize(
    "address", ["/loops/new", "/loops/new?company=nobody", "/loops/new?company=microsoft&role=king"]
)
def test_an_unknown_company_or_role_leads_back_to_the_choice(ada: Candidate, address: str) -> None:
    assert ada.get(address).location == "/loops"


def test_from_the_first_round_to_the_committee(
    ada: Candidate, session: Session, now: datetime, workers: Workers
) -> None:
    questions = [a_question(session, slug) for slug in ("idempotency-keys-01", "low-level-design-01")]
    loop = a_loop(session, ada.account, now, *([question] for question in questions))
    session.commit()
    here = f"/loops/{loop.id}"
    for number in (1, 2):
        address = ada.post(f"{here}/rounds/{number}").location
        shown = ada.get(address)
        assert f"Round {number} of 2, question 1 of 1" in words_of(shown.text)
        assert f'href="{here}"' in shown.text
        debrief = ada.submits(address, TEXT)
        assert f'href="{here}"' in ada.get(debrief).text
        assert "The committee" not in ada.get(here).text
    workers.work()
    assert "Back to the loop" in ada.get(debrief).text
    page = words_of(ada.get(here).text)
    assert "The committee" in page
    assert page.count("The write-up") == 2
    assert ada.post(f"{here}/rounds/1").location == here


def test_after_the_trial_a_loop_is_readable_and_goes_on_no_more(
    ada: Candidate, session: Session, now: datetime, clock: FixedClock
) -> None:
    loop = a_loop(session, ada.account, now, [a_question(session)])
    session.commit()
    clock.moment = now + TRIAL + timedelta(seconds=1)
    page = ada.get(f"/loops/{loop.id}")
    assert page.status_code == 200
    assert "Begin the round" not in page.text
    assert "1 question left" in words_of(page.text)
    assert ada.post(f"/loops/{loop.id}/rounds/1").location == "/billing"
    assert "Plan a loop" not in ada.get("/loops").text


def test_somebody_elses_loop_is_not_found(app: Flask, ada: Candidate, session: Session, now: datetime) -> None:
    loop = a_loop(session, ada.account, now, [a_question(session)])
    session.commit()
    eve = Candidate(app, session, now, "eve@example.org")
    assert eve.get(f"/loops/{loop.id}").status_code == 404
    assert eve.post(f"/loops/{loop.id}/rounds/1").status_code == 404
