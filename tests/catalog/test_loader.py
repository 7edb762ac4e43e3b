"""Loading the content: all of it, once, and without touching what did not change."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lift.catalog import models, queries
from lift.catalog.files import CONTENT
from lift.catalog.loader import load_content
from lift.catalog.yaml_source import ContentError
from lift.kernel.errors import NotFound
from lift.questions.models import Question


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped content that a test may change."""
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy)
    return copy


def a_file(content: Path) -> Path:
    return content / "questions" / "api-design" / "idempotency-keys.yaml"


def test_all_of_the_catalogue_is_in_its_tables(session: Session) -> None:
    sizes = {
        model.__tablename__: session.execute(select(func.count()).select_from(model)).scalar_one()
        for model in (models.Company, models.Role, models.Topic, models.Competency, models.Dimension, models.RoundKind)
    }
    assert sizes == {
        "companies": 33,
        "roles": 12,
        "topics": 17,
        "competencies": 216,
        "dimensions": 35,
        "round_kinds": 33,
    }


def test_unchanged_content_is_skipped(session: Session, now: datetime) -> None:
    report = load_content(session, now)
    assert report.skipped
    assert report.written == 0


def test_a_second_load_that_looks_at_every_row_writes_none(session: Session, now: datetime) -> None:
    report = load_content(session, now, force=True)
    assert not report.skipped
    assert {count.table: count.written for count in report.tables if count.written} == {}


def test_a_changed_line_writes_one_row_and_moves_the_version(session: Session, content: Path, now: datetime) -> None:
    before = queries.content_version(session)
    path = content / "catalog" / "roles.yaml"
    path.write_text(path.read_text().replace("name: Backend Engineer", "name: Back-end Engineer", 1))
    report = load_content(session, now, content=content)
    assert {count.table: count.updated for count in report.tables if count.written} == {"roles": 1}
    assert queries.roles(session)[0] == ("backend-engineer", "Back-end Engineer")
    assert queries.content_version(session).startswith(report.digest)
    assert not before.startswith(report.digest)


def test_a_question_that_left_is_retired_and_comes_back_as_the_same(
    session: Session, content: Path, now: datetime
) -> None:
    slug = "idempotency-keys-01"
    known = session.execute(select(Question.id).where(Question.slug == slug)).scalar_one()
    text = a_file(content).read_text()
    a_file(content).unlink()
    later = now + timedelta(hours=1)
    load_content(session, later, content=content)
    session.expire_all()
    gone = session.execute(select(Question).where(Question.slug == slug)).scalar_one()
    assert gone.retired_at == later
    a_file(content).write_text(text)
    load_content(session, later + timedelta(hours=1), content=content)
    session.expire_all()
    back = session.execute(select(Question).where(Question.slug == slug)).scalar_one()
    assert (back.id, back.retired_at) == (known, None)


def test_a_faulty_question_stops_the_load_with_file_line_and_id(session: Session, content: Path, now: datetime) -> None:
    text = a_file(content).read_text()
    line = text[: text.index("round: api-design")].count("\n") + 1
    a_file(content).write_text(text.replace("round: api-design", "round: api-dessign", 1))
    before = queries.content_version(session)
    with pytest.raises(ContentError) as caught:
        load_content(session, now, content=content)
    assert caught.value.problems == [
        f"questions/api-design/idempotency-keys.yaml:{line}: idempotency-keys-01: round: 'api-dessign' is not in the catalogue"
    ]
    assert queries.content_version(session) == before


def test_a_new_rubric_has_a_new_version(session: Session, content: Path, now: datetime) -> None:
    slug = "idempotency-keys-01"
    before = session.execute(select(Question.rubric_version).where(Question.slug == slug)).scalar_one()
    a_file(content).write_text(a_file(content).read_text().replace("weight: bonus", "weight: should", 1))
    load_content(session, now, content=content)
    after = session.execute(select(Question.rubric_version).where(Question.slug == slug)).scalar_one()
    assert before != after


def test_levels_speak_the_companys_words(session: Session) -> None:
    assert queries.levels(session, None)[0] == ("entry", "Entry")
    own = dict(queries.levels(session, "microsoft"))
    assert own["senior"] == "Senior Software Engineer (63/64)"
    assert "staff" not in own
    assert queries.levels(session, "no-such-company") == queries.levels(session, None)


def test_a_dimension_has_four_anchors(session: Session) -> None:
    assert sorted(queries.dimension(session, "trade-off-articulation").anchors) == ["1", "2", "3", "4"]
    assert queries.dimension_names(session)["api-design-quality"] == "API design quality"
    with pytest.raises(NotFound):
        queries.dimension(session, "no-such-dimension")


def test_microsofts_short_ladder_stands_for_its_numbers(session: Session) -> None:
    page = queries.company_role(session, "microsoft", "backend-engineer")
    assert [(step.title, step.words) for step in page.ladder] == [
        ("SE", "59–62"),
        ("Senior SE", "63–64"),
        ("Principal", "65–67"),
        ("Partner", "68–69"),
    ]
    assert [d["separates"]["to"] for d in page.separating] == ["senior"]


def test_an_unknown_page_is_not_found(session: Session) -> None:
    for company, role in (("nobody", "backend-engineer"), ("microsoft", "no-such-role")):
        with pytest.raises(NotFound):
            queries.company_role(session, company, role)


def test_what_candidates_reported_outlives_a_load(session: Session, now: datetime) -> None:
    reported = {"provenance": "corroborated", "reports": 2, "last_reported": date(2026, 10, 1)}
    session.execute(update(Question).where(Question.slug == "idempotency-keys-01").values(reported))
    load_content(session, now, force=True)
    kept = session.execute(select(Question).where(Question.slug == "idempotency-keys-01")).scalar_one()
    assert {name: getattr(kept, name) for name in reported} == reported


def test_what_a_reviewer_wrote_is_neither_changed_nor_retired(session: Session, content: Path, now: datetime) -> None:
    first = session.execute(select(Question).where(Question.slug == "idempotency-keys-01")).scalar_one()
    first.origin, first.prompt = "desk", "As a reviewer put it."
    session.flush()
    a_file(content).unlink()
    load_content(session, now, content=content)
    session.expire_all()
    kept = session.execute(select(Question).where(Question.slug == "idempotency-keys-01")).scalar_one()
    assert (kept.prompt, kept.retired_at) == ("As a reviewer put it.", None)
    others = select(func.count()).where(Question.slug.like("idempotency-keys-%"), Question.retired_at.is_(None))
    assert session.execute(others).scalar_one() == 1
