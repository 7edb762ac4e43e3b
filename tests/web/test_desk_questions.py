"""The bank at the desk: downloaded, uploaded, looked at, and imported once by who agrees to what was shown."""

import io
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from billing.models import Audit
from lift.accounts.people import make_admin
from lift.questions import exchange
from lift.questions.desk_models import QuestionImport
from lift.questions.exchange import Format
from lift.questions.models import Question
from tests.questions.sheets import a_file, a_row
from tests.web.practice_room import Candidate, words_of


@pytest.fixture
def boss(app: Flask, session: Session, now: datetime) -> Candidate:
    made = Candidate(app, session, now, "boss@example.org")
    make_admin(session, made.account, now)
    session.commit()
    return made


def upload(boss: Candidate, data: bytes, name: str = "bank.csv", **fields: str) -> TestResponse:
    return boss.post("/desk/questions/import", file=(io.BytesIO(data), name), **fields)


def uploaded(boss: Candidate, data: bytes, **fields: str) -> str:
    """The address of the report."""
    reply = upload(boss, data, **fields)
    assert reply.status_code == 303, reply.text
    return str(reply.location)


def shown(page: str) -> str:
    """The digest of what a report shows."""
    return page.split('name="shown"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def desk_questions(session: Session) -> list[str]:
    return list(session.execute(select(Question.slug).where(Question.origin == "desk")).scalars())


@pytest.mark.parametrize("form", list(Format))
def test_an_export_is_a_file_that_an_import_finds_nothing_to_do_with(boss: Candidate, form: Format) -> None:
    reply = boss.get(f"/desk/questions/export?format={form}")
    assert reply.headers["Content-Disposition"] == f'attachment; filename="questions-2026-11-24.{form}"'
    assert reply.mimetype == form.mimetype
    page = boss.get(uploaded(boss, reply.data)).text
    assert "Everything in it stands in the bank already." in page


def test_an_export_keeps_to_what_was_chosen(boss: Candidate) -> None:
    everything, some = (
        exchange.read(boss.get(f"/desk/questions/export?format=jsonl{more}").data).entries
        for more in ("", "&company=microsoft&topic=api-design&kind=debug")
    )
    assert 0 < len(some) < len(everything)
    assert boss.get("/desk/questions/export?format=jsonl&company=acme").status_code == 422
    assert boss.get("/desk/questions/export?format=xls").status_code == 422


def test_a_file_is_shown_row_by_row_and_written_only_when_agreed_to(boss: Candidate, session: Session) -> None:
    address = uploaded(boss, a_file(a_row(), a_row(91, retired=True), form=Format.CSV))
    page = boss.get(address).text
    assert "Nothing is written yet." in page
    assert "2 idempotency-keys-90 New" in words_of(page)
    assert desk_questions(session) == []
    for _ in range(2):
        assert boss.post(address, shown=shown(page), why="from the workshop").status_code == 303
    assert sorted(desk_questions(session)) == ["idempotency-keys-90", "idempotency-keys-91"]
    assert "2 new" in words_of(boss.get(address).text) or "new 2" in words_of(boss.get(address).text)
    (act,) = session.execute(select(Audit)).scalars()
    assert (act.who, act.what, act.why) == ("boss@example.org", "questions_imported", "from the workshop")
    assert act.detail == {"file": "bank.csv", "new": 2}
    assert "Questions imported bank.csv" in words_of(boss.get("/desk/audit").text)
    assert session.execute(select(QuestionImport.packed)).scalar_one() == b""


def test_a_file_with_a_problem_cannot_be_agreed_to(boss: Candidate, session: Session) -> None:
    address = uploaded(boss, a_file(a_row(), a_row(91, minutes=0), form=Format.CSV))
    page = boss.get(address).text
    assert "3 minutes input should be greater than or equal to 2" in words_of(page)
    assert 'name="shown"' not in page
    assert boss.post(address, shown="x", why="all the same").status_code == 409
    assert desk_questions(session) == []


def test_without_a_reason_nothing_is_imported(boss: Candidate, session: Session) -> None:
    address = uploaded(boss, a_file(a_row()))
    reply = boss.post(address, shown=shown(boss.get(address).text), why=" ")
    assert (reply.status_code, "Say why." in reply.text) == (422, True)
    assert desk_questions(session) == []


def test_what_changed_since_it_was_shown_is_shown_again(boss: Candidate, session: Session) -> None:
    first, second = (uploaded(boss, a_file(a_row(minutes=minutes))) for minutes in (10, 12))
    old = shown(boss.get(second).text)
    boss.post(first, shown=shown(boss.get(first).text), why="the first")
    reply = boss.post(second, shown=old, why="the second")
    assert reply.status_code == 409
    assert "The bank has changed since you looked" in reply.text
    assert boss.post(second, shown=shown(reply.text), why="the second").status_code == 303
    assert session.execute(select(Question.minutes).where(Question.origin == "desk")).scalar_one() == 12


def test_a_question_of_the_files_is_taken_over_where_that_was_ticked(boss: Candidate, session: Session) -> None:
    row = exchange.read(boss.get("/desk/questions/export?format=jsonl").data).entries[0].data | {"minutes": 33}
    assert "only they may change it" in boss.get(uploaded(boss, a_file(row))).text
    address = uploaded(boss, a_file(row), take_over="y")
    page = boss.get(address).text
    assert "taken over from the files" in page
    boss.post(address, shown=shown(page), why="ours is better")
    assert desk_questions(session) == [row["id"]]


def test_a_large_file_is_taken_from_who_runs_the_place_alone(
    app: Flask, session: Session, now: datetime, boss: Candidate
) -> None:
    large = a_file(a_row()) * 700
    assert len(large) > 1_000_000
    assert upload(boss, large).status_code == 303
    ada = Candidate(app, session, now)
    assert upload(ada, large).status_code in (404, 413)
    assert upload(boss, b"x" * (exchange.MOST_BYTES + 100_000)).status_code == 413


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff\xfe", b"PK\x03\x04", b"id\n" + b"x," * 50_000, b'{"id": "\\ud800"}', b'{"\\ud800": 1}']
)
def test_no_file_breaks_the_report(boss: Candidate, data: bytes) -> None:
    assert boss.get(uploaded(boss, data, name="x" * 300)).status_code == 200


def test_no_character_in_a_reason_breaks_an_import(boss: Candidate, session: Session) -> None:
    address = uploaded(boss, a_file(a_row()))
    assert boss.post(address, shown=shown(boss.get(address).text), why="a\x00b").status_code == 303
    assert session.execute(select(Audit.why)).scalar_one() == "ab"


def test_no_file_at_all_is_said(boss: Candidate) -> None:
    reply = boss.post("/desk/questions/import")
    assert (reply.status_code, "Choose a file." in reply.text) == (422, True)
