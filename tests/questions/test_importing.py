"""Imports: everything or nothing, what the desk owns, and an export that comes back as it went."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lift.catalog.files import read_catalog
from lift.catalog.loader import load_content
from lift.catalog.queries import content_version
from lift.kernel.errors import NotFound
from lift.questions import exchange, exporting, importing, uploads
from lift.questions.desk_models import QuestionRevision
from lift.questions.exchange import Format
from lift.questions.exporting import Selection
from lift.questions.importing import Fate, Plan
from lift.questions.loops import loop_page
from lift.questions.models import Question
from lift.questions.near_twins import twins
from lift.questions.rows import COLUMNS, Record
from tests.questions.sheets import a_file, a_row

CATALOG = read_catalog()
WHO = "rita@example.org"


def planned(session: Session, *rows: Record, take_over: bool = False) -> Plan:
    return importing.plan(session, a_file(*rows), CATALOG, take_over=take_over)


def imported(session: Session, now: datetime, *rows: Record, take_over: bool = False) -> dict[str, Any]:
    plan = planned(session, *rows, take_over=take_over)
    assert list(plan.problems) == []
    return importing.apply(session, plan, CATALOG, who=WHO, now=now)


def question(session: Session, slug: str = "idempotency-keys-90") -> Question:
    return session.execute(select(Question).where(Question.slug == slug)).scalar_one()


def row_of_bank(session_factory: sessionmaker[Session], **changes: Any) -> Record:
    """A question of the shipped files, as an export writes it."""
    return next(exporting.records(session_factory, Selection())) | changes


def fates(plan: Plan) -> dict[str, int]:
    return {fate: count for fate, count in plan.counts.items() if count}


@pytest.mark.parametrize("form", list(Format))
def test_an_export_comes_back_without_a_change(
    session: Session, session_factory: sessionmaker[Session], now: datetime, form: Format
) -> None:
    imported(session, now, a_row(), a_row(91, retired=True))
    session.commit()
    everything = list(exporting.records(session_factory, Selection(retired=True)))
    assert len(everything) == session.execute(select(func.count()).select_from(Question)).scalar_one()
    plan = importing.plan(session, a_file(*everything, form=form), CATALOG, take_over=True)
    assert list(plan.problems) == []
    assert fates(plan) == {Fate.SAME: len(everything)}


def test_a_selection_keeps_to_what_was_chosen(session_factory: sessionmaker[Session]) -> None:
    chosen = Selection(company="microsoft", topic="api-design", level="senior", kind="debug", origin="content")
    found = list(exporting.records(session_factory, chosen))
    assert found
    for each in found:
        assert "microsoft" in each["companies"]
        assert "senior" in each["levels"]
        assert each["kind"] == "debug"
    assert list(exporting.records(session_factory, Selection(origin="desk"))) == []


def test_a_new_question_is_the_desks_and_is_counted_at_once(session: Session, now: datetime) -> None:
    before, version = loop_page(session, "microsoft", "backend-engineer").own, content_version(session)
    assert imported(session, now, a_row())["new"] == 1
    made = question(session)
    assert (made.origin, made.provenance, made.topic_slug) == ("desk", "editorial", "api-design")
    assert loop_page(session, "microsoft", "backend-engineer").own == before + 1
    assert content_version(session) != version


def test_what_a_file_says_of_provenance_is_passed_over(session: Session, now: datetime) -> None:
    imported(session, now, a_row(provenance="verified", reports=40, last_reported="2026-11-01", origin="content"))
    made = question(session)
    assert (made.provenance, made.reports, made.last_reported, made.origin) == ("editorial", 0, None, "desk")


def test_a_load_of_the_files_leaves_imported_questions_alone(session: Session, now: datetime) -> None:
    imported(session, now, a_row())
    load_content(session, now, force=True)
    assert question(session).retired_at is None


def test_a_question_is_changed_retired_and_brought_back_with_what_stood_there_kept(
    session: Session, now: datetime
) -> None:
    imported(session, now, a_row())
    step = planned(session, a_row(minutes=12, companies=[])).steps[0]
    assert (step.fate, step.changes) == (Fate.CHANGED, ("minutes", "companies"))
    imported(session, now, a_row(minutes=12, companies=[]))
    assert imported(session, now, a_row(minutes=12, companies=[], retired=True))["retired"] == 1
    assert question(session).retired_at == now
    later = now + timedelta(days=1)
    assert imported(session, later, a_row(minutes=15, companies=[]))["brought back"] == 1
    assert (question(session).retired_at, question(session).minutes) == (None, 15)
    kept = session.execute(select(QuestionRevision).order_by(QuestionRevision.id)).scalars().all()
    assert [(each.before["minutes"], each.before["retired"]) for each in kept] == [(10, False), (12, False), (12, True)]
    assert {each.who for each in kept} == {WHO}


def test_a_question_of_the_files_is_only_changed_when_it_is_taken_over(
    session: Session, session_factory: sessionmaker[Session], now: datetime
) -> None:
    row = row_of_bank(session_factory, minutes=29)
    (problem,) = planned(session, row).problems
    assert str(problem) == (
        "row 1, id: is a question of the shipped files, and only they may change it, unless it is taken over"
    )
    assert imported(session, now, row, take_over=True)["taken over"] == 1
    assert (question(session, row["id"]).origin, question(session, row["id"]).minutes) == ("desk", 29)
    load_content(session, now, force=True)
    assert question(session, row["id"]).minutes == 29


def test_taking_over_takes_nothing_that_does_not_differ(
    session: Session, session_factory: sessionmaker[Session], now: datetime
) -> None:
    row = row_of_bank(session_factory)
    assert imported(session, now, row, take_over=True)["unchanged"] == 1
    assert question(session, row["id"]).origin == "content"


def test_one_wrong_row_stops_the_whole_file(session: Session, now: datetime) -> None:
    plan = planned(session, a_row(), a_row(91, minutes=0))
    assert [str(problem) for problem in plan.problems] == ["row 2, minutes: input should be greater than or equal to 2"]
    with pytest.raises(ValueError, match="a plan with problems is not done"):
        importing.apply(session, plan, CATALOG, who=WHO, now=now)
    assert session.execute(select(Question).where(Question.origin == "desk")).first() is None


def test_manners_of_the_house_are_asked_of_new_and_changed_rows(session: Session) -> None:
    row = a_row()
    row["signals"] = [{**signal, "weight": "must"} for signal in row["signals"]]
    assert "row 1, signals: 4 musts, not 2 or 3" in map(str, planned(session, row).problems)


def test_a_question_that_the_bank_has_in_other_words_is_found(
    session: Session, session_factory: sessionmaker[Session], now: datetime
) -> None:
    known = row_of_bank(session_factory)
    (problem,) = planned(session, a_row(prompt=known["prompt"] + " Start at once.")).problems
    assert (problem.column, problem.message) == ("prompt", f"says nearly the same words as {known['id']}")
    (problem,) = planned(session, a_row(), a_row(91)).problems
    assert str(problem) == "row 2, prompt: says nearly the same words as idempotency-keys-90"


def test_the_same_question_with_other_names_is_found() -> None:
    ask = "Move {} orders from {} to {} while {} keeps writing and {} keeps reading. What breaks first?"
    one = ask.format("40", "Kafka", "Redis", "Azure", "Uber")
    other = ask.format("900", "Spanner", "S3", "Meta", "Google")
    names = ("Kafka", "Redis", "Azure", "Uber", "Spanner", "S3", "Meta", "Google")
    assert list(twins({"new-01": other}, [("old-01", one)], names)) == [("new-01", "old-01", "old-01 with other names")]


def test_what_was_shown_and_what_is_done_are_the_same_or_known_to_differ(session: Session, now: datetime) -> None:
    before = planned(session, a_row())
    assert planned(session, a_row()).digest == before.digest
    imported(session, now, a_row(minutes=12))
    assert planned(session, a_row()).digest != before.digest


def test_an_upload_waits_a_day_and_a_note_of_an_import_a_year(session: Session, now: datetime) -> None:
    waiting = uploads.keep(session, b"a file", name="a\x00b.csv", take_over=False, who=WHO, now=now)
    done = uploads.keep(session, b"another", name="", take_over=True, who=WHO, now=now)
    uploads.mark_done(done, {"new": 1}, now)
    assert (waiting.name, done.name) == ("ab.csv", "a file")
    assert uploads.content_of(uploads.find(session, waiting.id)) == b"a file"
    assert uploads.content_of(done) == b""
    assert [each.id for each in uploads.latest(session, 5)] == [done.id]
    before = now + timedelta(seconds=1)
    assert uploads.forget(session, waiting_before=before, done_before=now) == 1
    with pytest.raises(NotFound):
        uploads.find(session, waiting.id)
    assert uploads.forget(session, waiting_before=before, done_before=before) == 1


def test_a_file_of_ten_megabytes_is_read_within_the_limit() -> None:
    lines = a_file(a_row()) * 7000
    assert 10_000_000 < len(lines) < exchange.MOST_BYTES
    assert len(exchange.read(lines).entries) == 7000


def test_the_example_of_the_documentation_is_imported(session: Session, now: datetime) -> None:
    text = (Path(__file__).parents[2] / "docs" / "questions-import.md").read_text()
    example = text.partition("```json\n")[2].partition("```")[0]
    plan = importing.plan(session, example.encode(), CATALOG, take_over=False)
    assert (list(plan.problems), fates(plan)) == ([], {Fate.NEW: 1})


def test_the_documentation_names_every_column() -> None:
    text = (Path(__file__).parents[2] / "docs" / "questions-import.md").read_text()
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
