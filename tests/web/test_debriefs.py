"""The debrief over HTTP: waiting, given up, refused, read; drawn from what was assessed."""

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lift.interviews.models import AssessmentRow
from lift.kernel.clock import FixedClock
from lift.kernel.jobs import Job
from lift.questions.models import Question
from lift.wiring import Services
from tests.scoring.rubrics import SPOKEN
from tests.web.practice_room import TRIAL, AlwaysFails, Candidate, HearsTheFirst, Workers, words_of

SLUG = "idempotency-keys-01"
TEXT = (
    "Both nodes look the key up, both miss, and both charge, so a lookup decides nothing. I would insert the key under "
    "a unique constraint before the charge, so exactly one request wins and the loser waits for the stored result."
)


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime) -> Candidate:
    return Candidate(app, session, now)


@pytest.fixture
def workers(services: Services, clock: FixedClock) -> Workers:
    return Workers(services, clock)


def question(session: Session) -> Question:
    return session.execute(select(Question).where(Question.slug == SLUG)).scalar_one()


def read(ada: Candidate, workers: Workers, text: str = TEXT) -> str:
    """A debrief's address, after the workers have been at it."""
    debrief = ada.submits(ada.starts(SLUG), text)
    workers.work()
    return debrief


def test_without_javascript_the_waiting_page_looks_again_until_the_debrief_is_there(
    ada: Candidate, workers: Workers
) -> None:
    debrief = ada.submits(ada.starts(SLUG), TEXT)
    for _ in range(2):
        waiting = ada.get(debrief)
        assert waiting.status_code == 200
        assert "Reading your answer" in waiting.text
        assert TEXT in waiting.text
        assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in waiting.text
    workers.work()
    page = ada.get(debrief)
    assert "What an interviewer listened for" in page.text
    assert "http-equiv" not in page.text
    quotes = re.findall(r"<mark[^>]*>([^<]+)</mark>", page.text)
    assert quotes
    assert all(quote in TEXT for quote in quotes)


def test_with_javascript_no_header_reloads_the_page_under_its_stream(ada: Candidate) -> None:
    debrief = ada.submits(ada.starts(SLUG), TEXT)
    waiting = ada.get(debrief)
    assert "Refresh" not in waiting.headers
    assert f'data-follow="{debrief.replace("debriefs", "practice")}/events"' in waiting.text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("I don't know", "know"),
        ("asdf qwer zxcv lkjh poiu mnbv", "words"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_its_reason(
    ada: Candidate, workers: Workers, text: str, reason: str
) -> None:
    page = words_of(ada.get(read(ada, workers, text)).text)
    assert "This answer was not scored" in page
    assert reason in page
    assert "How the answer read" not in page


def test_a_note_on_a_valid_answer_is_shown(ada: Candidate, workers: Workers) -> None:
    page = words_of(ada.get(read(ada, workers, SPOKEN + " you know" * 700)).text)
    assert "Only the first 2,000 words were read." in page


def test_a_reading_that_was_given_up_says_so_and_can_be_asked_for_again(
    ada: Candidate, workers: Workers, services: Services, clock: FixedClock
) -> None:
    services.__dict__["scorer"] = AlwaysFails()
    debrief = read(ada, workers)
    workers.give_up()
    page = ada.get(debrief)
    assert "could not be read yet" in page.text
    assert TEXT in page.text
    assert "data-follow" not in page.text
    assert "Not read yet" in ada.get("/practice").text
    services.__dict__["scorer"] = HearsTheFirst()
    reply = ada.post(f"{debrief}/again")
    assert (reply.status_code, reply.location) == (303, debrief)
    assert "Reading your answer" in ada.get(debrief).text
    workers.work()
    assert "What an interviewer listened for" in ada.get(debrief).text


def test_a_stream_ends_when_the_reading_was_given_up(
    ada: Candidate, workers: Workers, services: Services, clock: FixedClock
) -> None:
    services.__dict__["scorer"] = AlwaysFails()
    debrief = read(ada, workers)
    workers.give_up()
    assert "event: done" in ada.get(f"{debrief.replace('debriefs', 'practice')}/events").text


def test_asking_again_changes_nothing_once_the_debrief_is_there(ada: Candidate, workers: Workers) -> None:
    debrief = read(ada, workers)
    ada.post(f"{debrief}/again")
    assert [job.done_at is not None for job in workers.promised(Job.SCORE_ANSWER)] == [True]
    assert "What an interviewer listened for" in ada.get(debrief).text


def test_asking_again_for_what_was_not_submitted_is_refused(ada: Candidate) -> None:
    address = ada.starts(SLUG)
    assert ada.post(f"{address.replace('practice', 'debriefs')}/again").status_code == 409


def test_a_debrief_shows_the_question_as_it_was_assessed_whatever_the_bank_says_now(
    ada: Candidate, workers: Workers, session: Session
) -> None:
    debrief = read(ada, workers)
    before = words_of(ada.get(debrief).text)
    session.execute(
        update(Question)
        .where(Question.slug == SLUG)
        .values(
            prompt="Something else altogether, which nobody was asked.",
            followups=[{"ask": "A new follow-up?", "deepen": "senior"}],
            pitfalls=["A new mistake"],
            by_level={"senior": "A new sentence", "mid": "A new sentence"},
            outline=["A new step"],
            companies=[],
        )
    )
    session.commit()
    assert words_of(ada.get(debrief).text) == before


def test_an_assessment_that_kept_no_question_is_shown_without_what_it_does_not_have(
    ada: Candidate, workers: Workers, session: Session
) -> None:
    debrief = read(ada, workers)
    session.execute(update(AssessmentRow).values(asked={}))
    session.commit()
    page = ada.get(debrief)
    assert page.status_code == 200
    assert question(session).prompt in page.text
    assert "A model answer" not in page.text


def test_a_missed_point_says_why_it_matters_in_the_words_of_its_question(
    ada: Candidate, workers: Workers, services: Services, session: Session
) -> None:
    services.__dict__["scorer"] = HearsTheFirst()
    asked = question(session)
    page = words_of(ada.get(read(ada, workers)).text)
    aimed = [f["ask"] for f in asked.followups if f.get("when_missed")]
    assert aimed
    for ask in aimed:
        assert f"It leaves them asking: “{ask}”" in page


def test_a_question_that_left_the_bank_is_not_offered_again(
    ada: Candidate, workers: Workers, session: Session, now: datetime
) -> None:
    debrief = read(ada, workers)
    assert "Answer again" in ada.get(debrief).text
    session.execute(update(Question).where(Question.slug == SLUG).values(retired_at=now))
    session.commit()
    page = ada.get(debrief)
    assert page.status_code == 200
    assert "Answer again" not in page.text
    assert "has left the bank" in page.text


def test_who_may_not_practise_reads_the_debrief_and_is_offered_nothing(
    ada: Candidate, workers: Workers, clock: FixedClock, now: datetime
) -> None:
    debrief = read(ada, workers)
    clock.moment = now + TRIAL
    page = ada.get(debrief)
    assert page.status_code == 200
    assert "Answer again" not in page.text


def test_a_second_try_shows_the_difference(ada: Candidate, workers: Workers) -> None:
    read(ada, workers, "Both nodes look the key up, both miss, and both charge the card of the customer twice.")
    assert "Against your last try" in words_of(ada.get(read(ada, workers)).text)


def test_an_answer_not_yet_submitted_leads_back_to_its_form(ada: Candidate) -> None:
    address = ada.starts(SLUG)
    page = ada.get(address.replace("practice", "debriefs"))
    assert "has not been submitted" in page.text
    assert f'href="{address}"' in page.text
