"""The roll-up of companies, topics and competencies: equal to what the questions say, dated, written only when it differs."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lift.catalog.models import Company, Competency, Topic
from lift.questions import subjects
from lift.questions.loops import loop_page, loop_totals
from lift.questions.models import Question, SubjectRow
from lift.questions.samples import SAMPLES
from lift.questions.subjects import subject_page, totals


def live(session: Session, *conditions: ColumnElement[bool]) -> int:
    statement = select(func.count()).select_from(Question).where(Question.retired_at.is_(None), *conditions)
    return session.execute(statement).scalar_one()


def test_every_company_topic_and_competency_is_counted(session: Session) -> None:
    there_are = sum(
        session.execute(select(func.count()).select_from(model)).scalar_one() for model in (Company, Topic, Competency)
    )
    assert subjects.subjects(session) == there_are


def test_the_counts_are_those_of_the_questions(session: Session) -> None:
    topic = subject_page(session, "topic", "api-design")
    assert topic.total == live(session, Question.topic_slug == "api-design")
    assert sum(topic.of("subtopics").values()) == topic.total
    assert sum(topic.of("kinds").values()) == topic.total
    assert topic.of("companies")["microsoft"] == live(
        session, Question.topic_slug == "api-design", Question.companies.contains(["microsoft"])
    )
    assert topic.of("levels")["senior"] == live(
        session, Question.topic_slug == "api-design", Question.levels.contains(["senior"])
    )
    company = subject_page(session, "company", "microsoft")
    assert company.total == live(session, Question.companies.contains(["microsoft"]))
    assert company.of("orgs")["azure"] == live(session, Question.orgs.contains(["azure"]))
    for slug, total in totals(session, "competency").items():
        assert total == live(session, Question.competencies.contains([slug])), slug


def test_counting_again_on_the_same_day_writes_nothing_and_the_next_day_dates_all(
    session: Session, now: datetime
) -> None:
    assert subjects.refresh(session, now) == 0
    assert subjects.refresh(session, now + timedelta(days=1)) == subjects.subjects(session)


def test_the_counts_follow_the_questions_and_only_what_changed_is_written(session: Session, now: datetime) -> None:
    before = subject_page(session, "topic", "api-design")
    one = session.execute(select(Question).where(Question.topic_slug == "api-design").limit(1)).scalar_one()
    one.retired_at = now
    session.flush()
    written = subjects.refresh(session, now)
    assert 0 < written < 20
    after = subject_page(session, "topic", "api-design")
    assert after.total == before.total - 1
    assert after.digest != before.digest
    assert subject_page(session, "topic", "observability").counted_at == now


def test_a_subject_that_left_the_catalogue_is_counted_no_more(session: Session, now: datetime) -> None:
    session.add(SubjectRow(kind="topic", slug="astrology", total=1, digest="", counts={}, samples=[], counted_at=now))
    session.flush()
    subjects.refresh(session, now)
    assert "astrology" not in totals(session, "topic")


@pytest.mark.parametrize(("kind", "slug"), [("company", "microsoft"), ("topic", "caching-strategies")])
def test_samples_are_whole_questions_of_different_parts(session: Session, kind: subjects.Kind, slug: str) -> None:
    samples = subject_page(session, kind, slug).samples
    assert len(samples) == SAMPLES
    if kind == "company":
        assert len({sample.topic_slug for sample in samples}) == SAMPLES
    for sample in samples:
        row = session.execute(select(Question).where(Question.slug == sample.slug)).scalar_one()
        assert (sample.prompt, sample.context, sample.by_level) == (row.prompt, row.context, row.by_level)
        assert sample.followups == row.followups
        assert not hasattr(sample, "signals")
        assert not hasattr(sample, "outline")


def test_totals_of_loops_are_those_of_their_pages(session: Session) -> None:
    for line in loop_totals(session, "microsoft"):
        page = loop_page(session, "microsoft", line.role)
        assert (line.own, line.general) == (page.own, page.general), line
    assert len(loop_totals(session)) == 33 * 12
