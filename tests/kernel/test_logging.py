"""What is logged: JSON with the ids of request and job, and nothing about people."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from lift.kernel.clock import FixedClock
from lift.kernel.ids import new_token, uuid7
from lift.kernel.job_runner import Handler, JobRunner
from lift.kernel.jobs import Job, JobRow
from lift.kernel.logging import configure_logging
from lift.kernel.privacy import scrubbed
from lift.wiring import Services
from tests.kernel.test_job_runner import LEASE, promise

ADDRESS = "ada.lovelace+lift@example.org"
ANSWER = "I would insert the key under a unique constraint"


class Lines:
    """What was logged, line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    found = Lines()
    root = logging.getLogger()
    handlers, level, settled = root.handlers[:], root.level, structlog.get_config()
    configure_logging(as_json=True, to=found.stream)
    # Loggers of modules that spoke before keep what they were bound to.
    structlog.configure(cache_logger_on_first_use=False)
    yield found
    structlog.configure(**settled)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()


def failing(message: str) -> Handler:
    def handler(session: Session, payload: dict[str, Any], now: datetime) -> None:
        logging.getLogger("somebody.else").info("on the way")
        raise ValueError(message)

    return handler


def run(factory: sessionmaker[Session], clock: FixedClock, handler: Handler, job_id: Any) -> None:
    JobRunner(factory, clock, {Job.SEND_MAIL: handler}, LEASE).run(job_id)


def test_an_error_of_the_standard_librarys_loggers_keeps_its_trace(lines: Lines) -> None:
    try:
        raise KeyError("missing")
    except KeyError:
        logging.getLogger("somebody.else").exception("it broke")
    (line,) = lines.read()
    assert (line["event"], line["level"], line["logger"]) == ("it broke", "error", "somebody.else")
    assert line["exception"].startswith("Traceback")
    assert "KeyError: 'missing'" in line["exception"]


def test_every_line_of_a_job_carries_its_ids_whoever_logs_it(
    lines: Lines, session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now())
    run(session_factory, clock, failing("no"), job_id)
    found = lines.read()
    assert [line["event"] for line in found] == ["on the way", "job_failed"]
    assert {(line["job_id"], line["job"], line["attempt"]) for line in found} == {(str(job_id), "send_mail", 1)}
    logging.getLogger("somebody.else").info("after it")
    assert "job_id" not in lines.read()[-1]


def test_a_job_that_is_parked_says_so(
    lines: Lines, session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    job_id = promise(session, clock.now(), give_up_at=clock.now() + LEASE / 10)
    run(session_factory, clock, failing("no"), job_id)
    last = lines.read()[-1]
    assert (last["event"], last["level"], last["job_id"]) == ("job_parked", "error", str(job_id))


def test_a_request_is_logged_by_its_route_with_the_id_that_its_answer_names(lines: Lines, app: Flask) -> None:
    token = new_token()
    answer = app.test_client().get(f"/reset/{token}")
    (line,) = [line for line in lines.read() if line["event"] == "request"]
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["route"] == "/reset/<token>"
    assert token not in lines.text


def test_what_is_named_a_secret_is_not_written(lines: Lines) -> None:
    structlog.get_logger("x").info("e", password="open sesame", answer=ANSWER, transcript=ANSWER, kept="yes")
    (line,) = lines.read()
    assert (line["password"], line["answer"], line["transcript"], line["kept"]) == (*["[redacted]"] * 3, "yes")


def test_a_failed_job_leaves_no_address_and_no_token_in_the_log_or_beside_it(
    lines: Lines, session: Session, session_factory: sessionmaker[Session], clock: FixedClock
) -> None:
    token = new_token()
    job_id = promise(session, clock.now())
    run(session_factory, clock, failing(f"550 <{ADDRESS}> refused: http://h/verify/{token}"), job_id)
    assert lines.read()[-1]["event"] == "job_failed"
    session.expire_all()
    kept = session.get_one(JobRow, job_id).last_error or ""
    assert kept.startswith("ValueError: 550 <[address]> refused")
    for where in (lines.text, kept):
        assert "example.org" not in where
        assert token not in where


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("INSERT INTO job_words (word) VALUES (:a), (:a)", IntegrityError),
        ("INSERT INTO job_words (word, checked) VALUES (:a, -1)", IntegrityError),
        ("SELECT CAST(:a AS json)", DataError),
    ],
)
def test_an_error_of_the_database_quotes_no_row_and_no_value(
    lines: Lines, engine: Engine, statement: str, kind: type[Exception]
) -> None:
    with engine.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE job_words (word text UNIQUE, checked int CHECK (checked > 0))"))
        for value in (ADDRESS, ANSWER):
            with pytest.raises(kind) as refused, connection.begin_nested():
                connection.execute(text(statement), {"a": value})
            structlog.get_logger("x").error("e", exc_info=refused.value)
            assert value not in str(refused.value)
            assert value not in str(refused.value.__cause__)
    assert lines.read()[0]["exception"]
    assert ADDRESS not in lines.text
    assert ANSWER not in lines.text


def test_ids_and_long_names_are_no_tokens() -> None:
    name = "test_a_poisonous_job_is_parked_after_its_last_try"
    kept = f"{uuid7()} {name} a@ @b 5 @ 3"
    assert scrubbed(kept) == kept


def test_an_address_goes_wherever_it_stands() -> None:
    for around in ("<{}>", "to={}", "{},", "'{}'", "{}: 550", "x {} y", "mailto:{}"):
        assert ADDRESS.split("@")[1] not in scrubbed(around.format(ADDRESS))


def test_the_nudge_of_a_broker_that_is_away_is_logged_without_its_password(services: Services, lines: Lines) -> None:
    from lift.providers.queue import CeleryQueue

    CeleryQueue("redis://:hunter2@127.0.0.1:1/0").nudge(Job.SEND_MAIL, uuid7())
    assert [line["event"] for line in lines.read()] == ["nudge_lost"]
    assert "hunter2" not in lines.text


class Pipe(io.StringIO):
    """Keeps what was written at once together, as a file that several processes share does."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, said: str) -> int:
        self.writes.append(said)
        return super().write(said)


def test_a_line_is_written_whole_so_that_processes_do_not_join_their_lines(lines: Lines) -> None:
    pipe = Pipe()
    configure_logging(to=pipe)
    structlog.get_logger("whole").info("request")
    assert [written[-1] for written in pipe.writes] == ["\n"]
