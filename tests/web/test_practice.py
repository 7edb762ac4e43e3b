"""Practice over HTTP: begin, save, submit, follow."""

import gc
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from billing.models import TrialGrant
from lift.accounts.models import Account
from lift.interviews.models import Answer
from lift.interviews.text import MAX_ANSWER
from lift.kernel.clock import FixedClock
from lift.kernel.db import make_engine, make_session_factory
from lift.kernel.jobs import Job
from lift.questions.models import Question
from lift.questions.queries import next_question
from lift.web.app import create_app
from lift.web.events import Hub
from lift.wiring import Services
from tests.web.practice_room import TRIAL, Candidate, Workers

SLUG = "idempotency-keys-01"
TEXT = "I would put the key under a unique constraint and replay the stored response to the loser."


@pytest.fixture
def ada(app: Flask, session: Session, now: datetime) -> Candidate:
    return Candidate(app, session, now)


@pytest.fixture
def eve(app: Flask, session: Session, now: datetime) -> Candidate:
    return Candidate(app, session, now, "eve@example.org")


@pytest.fixture
def workers(services: Services, clock: FixedClock) -> Workers:
    return Workers(services, clock)


def stored(session: Session, address: str) -> Answer:
    """The answer whose page this is."""
    session.expire_all()
    return session.execute(select(Answer).where(Answer.id == UUID(address.split("/")[2]))).scalar_one()


def test_from_the_question_to_the_promise_of_a_debrief(ada: Candidate, session: Session, workers: Workers) -> None:
    address = ada.starts(SLUG)
    page = ada.get(address)
    assert page.status_code == 200
    assert "How sure are you" in page.text
    debrief = ada.submits(address, TEXT)
    assert debrief == address.replace("practice", "debriefs")
    answer = stored(session, address)
    assert (answer.text, answer.confidence) == (TEXT, 3)
    assert [job.payload for job in workers.promised(Job.SCORE_ANSWER)] == [{"answer_id": str(answer.id)}]
    assert ada.get(address).location == debrief


def test_a_form_without_a_confidence_comes_back_with_the_text(ada: Candidate) -> None:
    reply = ada.post(ada.starts(SLUG), text=TEXT)
    assert reply.status_code == 422
    assert TEXT in reply.text
    assert "Say how sure you are" in reply.text


def test_a_form_with_too_long_a_text_comes_back_with_the_text_and_the_confidence(ada: Candidate) -> None:
    reply = ada.post(ada.starts(SLUG), text="x" * (MAX_ANSWER + 1), confidence="4")
    assert reply.status_code == 422
    assert "x" * (MAX_ANSWER + 1) in reply.text
    assert 'checked id="confidence-3"' in reply.text
    assert "20,000 characters" in reply.text


def test_the_form_counts_characters_as_the_browser_does_and_as_they_are_stored(
    ada: Candidate, session: Session
) -> None:
    address = ada.starts(SLUG)
    assert f'maxlength="{MAX_ANSWER}"' in ada.get(address).text
    lines = "a line of ten\n" * (MAX_ANSWER // 14)
    full = lines + "x" * (MAX_ANSWER - len(lines))
    ada.submits(address, full.replace("\n", "\r\n"))
    assert stored(session, address).text == full


def test_submitting_twice_promises_one_assessment_and_keeps_the_first_words(
    ada: Candidate, session: Session, workers: Workers
) -> None:
    address = ada.starts(SLUG)
    first = ada.submits(address, TEXT)
    assert ada.submits(address, "other words entirely", "1") == first
    assert stored(session, address).text == TEXT
    assert len(workers.promised(Job.SCORE_ANSWER)) == 1


def test_two_clicks_on_start_lead_to_one_unfinished_answer(ada: Candidate, session: Session) -> None:
    assert ada.starts(SLUG) == ada.starts(SLUG)
    assert session.execute(select(func.count()).select_from(Answer)).scalar_one() == 1


def test_what_is_saved_while_one_types_stands_in_the_form_on_any_browser(ada: Candidate, session: Session) -> None:
    address = ada.starts(SLUG)
    reply = ada.post(f"{address}/save", text="half a thought", confidence="2", autosave="1")
    assert (reply.status_code, reply.text) == (204, "")
    page = ada.get(address).text
    assert "half a thought" in page
    assert 'checked id="confidence-1"' in page
    assert stored(session, address).submitted_at is None


def test_save_for_later_needs_neither_a_confidence_nor_javascript(ada: Candidate) -> None:
    address = ada.starts(SLUG)
    assert f'formaction="{address}/save"' in ada.get(address).text
    reply = ada.post(f"{address}/save", text="half a thought")
    assert (reply.status_code, reply.location) == (303, address)
    page = ada.get(address).text
    assert "half a thought" in page
    assert "Saved." in page


def test_a_draft_that_is_too_long_is_refused_and_comes_back(ada: Candidate) -> None:
    reply = ada.post(f"{ada.starts(SLUG)}/save", text="x" * (MAX_ANSWER + 1))
    assert reply.status_code == 422
    assert "x" * (MAX_ANSWER + 1) in reply.text


def test_a_page_left_open_cannot_change_what_was_submitted(ada: Candidate, session: Session) -> None:
    address = ada.starts(SLUG)
    ada.submits(address, TEXT)
    ada.post(f"{address}/save", text="a late save", autosave="1")
    assert stored(session, address).text == TEXT


def test_an_answer_begun_in_the_trial_is_saved_and_submitted_after_it(
    ada: Candidate, session: Session, clock: FixedClock, now: datetime
) -> None:
    address = ada.starts(SLUG)
    clock.moment = now + TRIAL
    page = ada.get(address)
    assert page.status_code == 200
    assert "you may still finish and submit it" in page.text
    assert ada.post(f"{address}/save", text=TEXT, autosave="1").status_code == 204
    assert ada.submits(address, TEXT) == address.replace("practice", "debriefs")
    assert stored(session, address).submitted_at == now + TRIAL


def test_after_the_trial_nothing_new_is_begun_and_the_list_of_answers_stays(
    ada: Candidate, clock: FixedClock, now: datetime
) -> None:
    address = ada.starts(SLUG)
    clock.moment = now + TRIAL
    reply = ada.post("/practice/start", question=SLUG)
    assert (reply.status_code, reply.location) == (303, "/billing")
    page = ada.get("/practice")
    assert page.status_code == 200
    assert address in page.text
    assert "/practice/start" not in page.text


@pytest.mark.parametrize("path", ["/practice/{}", "/practice/{}/events", "/debriefs/{}"])
def test_what_belongs_to_somebody_else_is_not_found(ada: Candidate, eve: Candidate, path: str) -> None:
    answer_id = ada.starts(SLUG).rpartition("/")[2]
    assert eve.get(path.format(answer_id)).status_code == 404
    assert eve.get(path.format(uuid4())).status_code == 404


@pytest.mark.parametrize("path", ["/practice/{}", "/practice/{}/save", "/debriefs/{}/again"])
def test_nobody_writes_to_somebody_elses_answer(ada: Candidate, eve: Candidate, session: Session, path: str) -> None:
    address = ada.starts(SLUG)
    reply = eve.post(path.format(address.rpartition("/")[2]), text="mine now", confidence="1")
    assert reply.status_code == 404
    assert stored(session, address).text == ""


def test_only_a_page_that_proves_the_arrival_names_a_draft_as_done(ada: Candidate, workers: Workers) -> None:
    address = ada.starts(SLUG)
    name = f"answer-{address.rpartition('/')[2]}"
    form = ada.get(address).text
    assert f'data-draft="{name}"' in form
    refused = ada.post(address, text=TEXT).text
    for page in (form, refused, ada.get("/no-such-page").text, ada.get("/account").text, ada.get("/log-in").text):
        assert "data-draft-done" not in page
    debrief = ada.submits(address, TEXT)
    assert f'data-draft-done="{name}"' in ada.get(debrief).text
    workers.work()
    assert f'data-draft-done="{name}"' in ada.get(debrief).text


def test_a_question_that_is_given_belongs_to_the_role_one_prepares_for(ada: Candidate, session: Session) -> None:
    """A product manager's loop shares one topic with the bank."""
    session.execute(update(Account).where(Account.id == ada.account.id).values(target_role="product-manager"))
    session.commit()
    assert "Any topic of your role" in ada.get("/practice").text
    for _ in range(4):
        address = ada.starts("")
        given = session.get_one(Question, stored(session, address).question_id)
        assert given.topic_slug == "behavioural"
        ada.submits(address, TEXT)


def test_a_topic_that_one_picks_counts_more_than_the_role(ada: Candidate, session: Session) -> None:
    session.execute(update(Account).where(Account.id == ada.account.id).values(target_role="product-manager"))
    session.commit()
    reply = ada.post("/practice/start", topic="api-design")
    given = session.get_one(Question, stored(session, str(reply.location)).question_id)
    assert given.topic_slug == "api-design"


def test_within_the_role_questions_repeat_before_the_role_is_given_up(session: Session) -> None:
    answered = set(session.execute(select(Question.id).where(Question.topic_slug == "behavioural")).scalars())
    found = next_question(session, topic=None, level=None, company=None, role="product-manager", exclude=answered)
    assert found is not None
    assert found.id in answered


def test_a_role_without_any_question_gets_one_of_another(session: Session) -> None:
    found = next_question(session, topic=None, level="mid", company=None, role="no-such-role", exclude=set())
    assert found is not None


# -- the stream -----------------------------------------------------------------------------------------------------


def small_hub(app: Flask, services: Services, capacity: int = 1) -> Hub:
    hub: Hub = app.extensions.setdefault("lift-events", Hub(services.redis, capacity))
    return hub


def test_a_full_house_is_told_to_come_again_and_a_closed_stream_makes_room(
    ada: Candidate, app: Flask, services: Services
) -> None:
    small_hub(app, services)
    address = ada.starts(SLUG)
    ada.submits(address, TEXT)
    first = ada.client.get(f"{address}/events")
    assert first.mimetype == "text/event-stream"
    full = ada.client.get(f"{address}/events")
    assert (full.status_code, full.headers["Retry-After"]) == (503, "5")
    first.close()
    again = ada.client.get(f"{address}/events")
    assert again.status_code == 200
    again.close()


def test_asking_for_the_head_of_a_stream_takes_no_place(ada: Candidate, app: Flask, services: Services) -> None:
    hub = small_hub(app, services)
    address = ada.starts(SLUG)
    for _ in range(3):
        reply = ada.client.head(f"{address}/events")
        assert (reply.status_code, reply.mimetype) == (200, "text/event-stream")
    assert hub.try_enter()


def test_a_reader_who_goes_without_closing_leaves_no_place_taken(
    ada: Candidate, app: Flask, services: Services
) -> None:
    hub = small_hub(app, services)
    address = ada.starts(SLUG)
    dropped: Any = ada.client.get(f"{address}/events")
    del dropped
    gc.collect()
    assert hub.try_enter()


def test_a_stream_ends_when_the_debrief_is_there(ada: Candidate, workers: Workers) -> None:
    address = ada.starts(SLUG)
    ada.submits(address, TEXT)
    workers.work()
    assert "event: done" in ada.get(f"{address}/events").text


def test_a_stream_holds_no_database_connection_between_two_looks(
    services: Services, database_url: str, now: datetime
) -> None:
    """On a pool of one connection, in an app whose sessions are not the test's own."""
    engine = make_engine(database_url, connections=1)
    services.engine = engine
    services.session_factory = services.reading_factory = make_session_factory(engine)
    app = create_app(services.settings, services)
    app.config["WTF_CSRF_ENABLED"] = False
    with services.session_factory() as session:
        ada = Candidate(app, session, now, f"{uuid4().hex}@example.org")
    try:
        address = ada.starts(SLUG)
        stream = ada.client.get(f"{address}/events")
        lines = iter(stream.response)
        assert b"event: state" in next(lines)
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # the queue pool of make_engine has it
        stream.close()
    finally:
        with services.session_factory() as session:
            session.execute(delete(TrialGrant).where(TrialGrant.account_id == ada.account.id))
            session.execute(delete(Account).where(Account.id == ada.account.id))
            session.commit()
        engine.dispose()


def test_the_trial_of_these_tests_is_the_real_one() -> None:
    assert timedelta(hours=168) == TRIAL
