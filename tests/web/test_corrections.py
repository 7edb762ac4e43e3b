"""A text that was written down wrongly is corrected and read again; both versions stay."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lift.interviews.models import Answer, AssessmentRow
from lift.interviews.service import MOST_VERSIONS
from lift.kernel.clock import FixedClock
from lift.wiring import Services
from tests.web.practice_room import TRIAL, Candidate, Workers

SLUG = "idempotency-keys-01"
WRITTEN = (
    "Both nodes look the key up, both miss, and both charge, so a lookup decides nothing. I would insert the key under "
    "a unique constrained before the charge, so exactly one request wins and the loser waits for the stored result."
)
MEANT = WRITTEN.replace("unique constrained", "unique constraint")


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime) -> Candidate:
    return Candidate(app, session, now)


@pytest.fixture
def workers(services: Services, clock: FixedClock) -> Workers:
    return Workers(services, clock)


@pytest.fixture
def debrief(ada: Candidate, workers: Workers) -> str:
    address = ada.submits(ada.starts(SLUG), WRITTEN)
    workers.work()
    return address


def count(session: Session, table: type) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_both_texts_and_both_readings_are_kept_and_compared(
    ada: Candidate, workers: Workers, debrief: str, session: Session
) -> None:
    form = ada.get(f"{debrief}/correct")
    assert WRITTEN in form.text
    sent = ada.post(f"{debrief}/correct", text=MEANT)
    assert sent.status_code == 303
    assert "Reading your answer" in ada.get(sent.location).text
    workers.work()
    after = ada.get(sent.location).text
    assert "Version 2: you corrected the text" in after
    assert "Against the text before its correction" in after
    assert "<del>constrained </del><ins>constraint </ins>" in after
    before = ada.get(debrief).text
    assert "You corrected this text." in before
    assert sent.location in before
    assert (count(session, Answer), count(session, AssessmentRow)) == (2, 2)


def test_the_list_shows_the_newest_version_alone(ada: Candidate, workers: Workers, debrief: str) -> None:
    made = ada.post(f"{debrief}/correct", text=MEANT).location
    workers.work()
    practise = ada.get("/practice").text
    assert made in practise
    assert debrief not in practise


def test_a_text_that_says_the_same_comes_back_with_the_reason(ada: Candidate, debrief: str) -> None:
    reply = ada.post(f"{debrief}/correct", text=WRITTEN.replace(" ", "  "))
    assert reply.status_code == 422
    assert "This is the text as it was." in reply.text
    assert "Both  nodes  look" in reply.text


def test_a_text_that_is_too_long_comes_back_whole(ada: Candidate, debrief: str) -> None:
    reply = ada.post(f"{debrief}/correct", text="word " * 5000)
    assert reply.status_code == 422
    assert "An answer may have 20,000 characters." in reply.text
    assert reply.text.count("word") >= 5000


def test_what_was_corrected_is_corrected_in_its_newest_version(ada: Candidate, workers: Workers, debrief: str) -> None:
    made = ada.post(f"{debrief}/correct", text=MEANT).location
    workers.work()
    assert ada.get(f"{debrief}/correct").location == made
    assert ada.post(f"{debrief}/correct", text=f"{MEANT} And more.").status_code == 409


def test_a_text_is_corrected_four_times_at_most(ada: Candidate, workers: Workers, debrief: str) -> None:
    at = debrief
    for number in range(MOST_VERSIONS - 1):
        at = ada.post(f"{at}/correct", text=f"{MEANT} And {number}.").location
        workers.work()
    assert "Correct the text" not in ada.get(at).text
    assert ada.post(f"{at}/correct", text=f"{MEANT} And once more.").status_code == 409


def test_an_answer_without_a_reading_has_nothing_to_correct(ada: Candidate) -> None:
    waiting = ada.submits(ada.starts(SLUG), WRITTEN)
    assert ada.get(f"{waiting}/correct").location == waiting
    assert ada.post(f"{waiting}/correct", text=MEANT).status_code == 409


def test_after_the_trial_texts_stay_readable_and_are_read_no_more(
    ada: Candidate, debrief: str, clock: FixedClock
) -> None:
    clock.advance(TRIAL)
    assert "Correct the text" not in ada.get(debrief).text
    assert ada.post(f"{debrief}/correct", text=MEANT).status_code == 303
    assert ada.get(debrief).status_code == 200


def test_nobody_corrects_somebody_elses_words(app: Flask, session: Session, now: datetime, debrief: str) -> None:
    mallory = Candidate(app, session, now, "mallory@example.org")
    assert mallory.get(f"{debrief}/correct").status_code == 404
    assert mallory.post(f"{debrief}/correct", text=MEANT).status_code == 404


def test_two_answers_show_where_somebody_stands(ada: Candidate, workers: Workers, debrief: str) -> None:
    assert "What your answers show so far" not in ada.get("/practice").text
    ada.submits(ada.starts("idempotency-keys-02"), MEANT)
    workers.work()
    assert "What your answers show so far" in ada.get("/practice").text
