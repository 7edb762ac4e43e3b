"""A language model reads answers, or is away: what the candidate sees, and that no job fails or hangs for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from lift.interviews.model_calls import ModelCall
from lift.interviews.models import AssessmentRow
from lift.kernel.clock import FixedClock
from lift.kernel.jobs import Job
from lift.kernel.settings import Settings
from lift.operations.retention import TERMS, tidy
from lift.scoring.llm import scorer as notes
from lift.web.app import create_app
from lift.wiring import Services
from tests.factories import a_question
from tests.scoring.llm.model_server import ModelServer, says
from tests.web.practice_room import Candidate, Workers, words_of

AWAY_FROM_HERE = "models.example"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().running() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, server: ModelServer) -> Settings:
    """The tests' settings, with a model that answers here."""
    return settings.model_copy(
        update={
            "llm_provider": "openai",
            "llm_base_url": server.url,
            "llm_model": "reader-1",
            "llm_price_in": Decimal("2.50"),
            "llm_price_out": Decimal(10),
        }
    )


class Room:
    """A candidate, the workers, and the one question that is answered."""

    def __init__(self, app: Flask, services: Services, session: Session, clock: FixedClock) -> None:
        self.candidate = Candidate(app, session, clock.now())
        self.workers = Workers(services, clock)
        self.session = session
        self.question = a_question(session)
        self.text = " ".join(self.question.outline)

    def answered(self) -> str:
        """The debrief of the model answer, read by whoever could."""
        debrief = self.candidate.submits(self.candidate.starts(self.question.slug), self.text)
        self.workers.work()
        return words_of(self.candidate.get(debrief).text)

    def assessment(self) -> AssessmentRow:
        return self.session.execute(select(AssessmentRow)).scalar_one()

    def calls(self) -> list[ModelCall]:
        return list(self.session.execute(select(ModelCall).order_by(ModelCall.id)).scalars())


@pytest.fixture
def room(app: Flask, services: Services, session: Session, clock: FixedClock) -> Room:
    return Room(app, services, session, clock)


def test_the_debrief_says_which_model_read_and_what_it_cost_is_noted(room: Room, server: ModelServer) -> None:
    first = room.question.outline[0]
    server.hears = {signal["text"]: first for signal in room.question.signals}
    page = room.answered()
    assert "Read by a language model, version 1 reader-1" in page
    found = room.assessment()
    assert (found.scorer, found.scorer_version, found.reason) == ("llm", "1 reader-1", None)
    assert {call.outcome for call in room.calls()} == {"read"}
    assert {call.cost_micros for call in room.calls()} == {4500}
    assert [job.done_at is not None for job in room.workers.promised(Job.SCORE_ANSWER)] == [True]


def test_a_model_that_is_away_is_said_and_the_job_is_done(room: Room, server: ModelServer) -> None:
    server.usually = says(401)
    page = room.answered()
    assert notes.AWAY in page
    assert "Read by the embedded scorer" in page
    assert room.assessment().scorer == "embedded"
    assert [job.done_at is not None for job in room.workers.promised(Job.SCORE_ANSWER)] == [True]


def test_a_day_that_is_spent_is_said(room: Room, services: Services, server: ModelServer) -> None:
    services.settings = services.settings.model_copy(update={"llm_cap_account_day": Decimal(0)})
    assert notes.SPENT in room.answered()
    assert server.asked == []
    assert room.calls() == []


class OpenTransactions:
    """Counts the transactions of a factory's sessions that have not ended."""

    def __init__(self, factory: sessionmaker[Session]) -> None:
        self.count = 0
        event.listen(factory, "after_transaction_create", self._begun)
        event.listen(factory, "after_transaction_end", self._ended)

    def _begun(self, *_: object) -> None:
        self.count += 1

    def _ended(self, *_: object) -> None:
        self.count -= 1


def test_no_transaction_is_open_while_the_model_reads(room: Room, server: ModelServer, services: Services) -> None:
    counted, seen = OpenTransactions(services.session_factory), []

    def looks(*asked: Any) -> None:
        seen.append(counted.count)
        server.reads(*asked)

    server.usually = looks
    debrief = room.candidate.submits(room.candidate.starts(room.question.slug), room.text)
    before = counted.count
    room.workers.work()
    assert set(seen) == {before}
    assert "Read by a language model" in words_of(room.candidate.get(debrief).text)


def test_an_answer_that_is_refused_is_sent_to_nobody(room: Room, server: ModelServer) -> None:
    room.text = "I don't know."
    room.answered()
    assert server.asked == []
    assert not room.assessment().valid


def test_a_job_that_runs_twice_keeps_one_assessment(room: Room, server: ModelServer) -> None:
    room.answered()
    asked = len(server.asked)
    job = room.workers.promised(Job.SCORE_ANSWER)[0]
    job.done_at, job.lease_until = None, None
    room.session.merge(job)
    room.session.commit()
    room.workers.work()
    assert len(server.asked) == asked
    room.assessment()


def test_the_debrief_says_whom_the_answer_was_sent_to(room: Room, session: Session) -> None:
    assert "The answer was sent to" not in room.answered()  # to this machine
    for call in room.calls():
        call.host = AWAY_FROM_HERE
    session.commit()
    debrief = f"/debriefs/{room.assessment().answer_id}"
    assert f"The answer was sent to {AWAY_FROM_HERE}:" in words_of(room.candidate.get(debrief).text)


def pages(settings: Settings, services: Services, **changes: object) -> dict[str, str]:
    services.settings = settings.model_copy(update=changes)
    client = create_app(services.settings, services).test_client()
    return {address: words_of(client.get(address).text) for address in ("/privacy", "/scoring")}


def test_the_pages_say_that_nothing_is_sent_where_no_model_is_set(settings: Settings, services: Services) -> None:
    found = pages(settings, services, llm_provider="")
    assert "A program on our own server. Your answers are sent to nobody." in found["/privacy"]
    assert "language model" not in found["/scoring"]


def test_the_pages_say_that_a_model_of_our_own_reads(settings: Settings, services: Services) -> None:
    found = pages(settings, services)
    assert "A language model on our own server. Your answers are sent to nobody." in found["/privacy"]
    assert "When a language model reads" in found["/scoring"]


def test_the_pages_say_whom_answers_are_sent_to(settings: Settings, services: Services) -> None:
    found = pages(settings, services, llm_base_url=f"https://{AWAY_FROM_HERE}/v1")
    assert f"Each answer that you submit is sent to {AWAY_FROM_HERE} ," in found["/privacy"]
    assert "deleted after 90 days" in found["/privacy"]
    assert f"a language model at {AWAY_FROM_HERE} reads each answer" in found["/scoring"]


def test_calls_are_tidied_away_by_the_terms_on_the_page(room: Room, session: Session, now: datetime) -> None:
    room.answered()
    assert tidy(session, now + TERMS.model_calls)["model_calls"] == 0
    assert tidy(session, now + TERMS.model_calls + timedelta(seconds=1))["model_calls"] >= 1
