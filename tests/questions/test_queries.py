"""Counts of loops and the next question."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.orm import Session

from lift.catalog.models import RoleTopic
from lift.kernel.errors import NotFound
from lift.kernel.ids import uuid7
from lift.questions import loops, queries
from lift.questions.loops import loop_page
from lift.questions.models import Question


@pytest.fixture
def statements(session: Session) -> list[str]:
    """Every statement that the session sends."""
    sent: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    return sent


def live(session: Session, *conditions: object) -> int:
    statement = select(func.count()).select_from(Question).where(Question.retired_at.is_(None), *conditions)  # type: ignore[arg-type]  # column expressions
    return session.execute(statement).scalar_one()


def test_the_counts_of_a_loop_take_one_query_and_add_up(session: Session, statements: list[str]) -> None:
    counts = loop_page(session, "microsoft", "backend-engineer")
    assert len(statements) == 1
    assert counts.own == live(session, Question.companies.contains(["microsoft"]))
    of_role = select(RoleTopic.topic_slug).where(RoleTopic.role_slug == "backend-engineer")
    assert counts.general == live(session, Question.companies == [], Question.topic_slug.in_(of_role))
    assert sum(counts.topics.values()) == sum(counts.subtopics.values()) == counts.total
    assert counts.orgs["azure"] == live(
        session, Question.orgs.contains(["azure"]), Question.companies.contains(["microsoft"])
    )


def test_every_loop_is_counted_and_counting_again_on_the_same_day_writes_nothing(
    session: Session, now: datetime
) -> None:
    loops_there_are = session.execute(text("SELECT (SELECT count(*) FROM companies) * (SELECT count(*) FROM roles)"))
    assert loops.loops(session) == loops_there_are.scalar_one()
    assert loops.refresh(session, now) == 0
    assert loops.refresh(session, now + timedelta(days=1)) == loops.loops(session)


def test_the_counts_of_a_loop_follow_the_questions(session: Session, now: datetime) -> None:
    before = loop_page(session, "microsoft", "backend-engineer")
    one = session.execute(select(Question).where(Question.slug == before.samples[0].slug)).scalar_one()
    one.retired_at = now
    session.flush()
    later = now + timedelta(hours=1)
    assert loops.refresh(session, later) > 0
    after = loop_page(session, "microsoft", "backend-engineer")
    assert (after.own, after.counted_at) == (before.own - 1, later)
    assert one.slug not in [sample.slug for sample in after.samples]


def test_samples_are_the_companys_own_and_of_three_topics(session: Session) -> None:
    samples = loop_page(session, "microsoft", "backend-engineer").samples
    assert len(samples) == 3
    assert all("microsoft" in q.companies for q in samples)
    assert len({q.topic_slug for q in samples}) == 3
    general = loop_page(session, "sap", "data-engineer").samples
    assert len(general) == 3


def test_samples_are_the_best_proved_first(session: Session, now: datetime) -> None:
    last = select(Question).where(Question.companies == ["microsoft"], Question.topic_slug == "coding")
    one = session.execute(last.order_by(Question.slug.desc()).limit(1)).scalar_one()
    assert one.slug not in {q.slug for q in loop_page(session, "microsoft", "backend-engineer").samples}
    one.provenance, one.reports, one.last_reported = "verified", 2, date(2026, 10, 1)
    session.flush()
    loops.refresh(session, now)
    assert loop_page(session, "microsoft", "backend-engineer").samples[0].slug == one.slug


def test_a_company_without_own_questions_shows_general_ones(session: Session, now: datetime) -> None:
    session.execute(update(Question).where(Question.companies.contains(["sap"])).values(retired_at=now))
    loops.refresh(session, now)
    page = loop_page(session, "sap", "backend-engineer")
    assert page.own == 0
    assert all(q.companies == [] for q in page.samples)


def test_a_retired_question_is_in_no_list_but_can_be_read_by_its_id(session: Session, now: datetime) -> None:
    question = session.execute(select(Question).where(Question.slug == "idempotency-keys-01")).scalar_one()
    question.retired_at = now
    session.flush()
    assert queries.by_slug(session, question.slug) is None
    assert queries.by_id(session, question.id) is question
    with pytest.raises(NotFound):
        queries.by_id(session, uuid7())


def test_the_next_question_prefers_the_companys_own_and_fits(session: Session) -> None:
    for _ in range(5):
        found = queries.next_question(session, topic="api-design", level="senior", company="microsoft", exclude=set())
        assert found is not None
        assert found.topic_slug == "api-design"
        assert "senior" in found.levels
        assert "microsoft" in found.companies


def test_the_next_question_gives_up_level_then_company_then_repeats(session: Session) -> None:
    of_topic = select(Question.id).where(Question.topic_slug == "behavioural", Question.retired_at.is_(None))
    every = set(session.execute(of_topic).scalars())
    not_entry = set(session.execute(of_topic.where(Question.levels.contains(["entry"]))).scalars())
    other_level = queries.next_question(session, topic="behavioural", level="entry", company=None, exclude=not_entry)
    assert other_level is not None
    assert other_level.id not in not_entry
    assert queries.next_question(session, topic="behavioural", level="entry", company="sap", exclude=every) is not None
    assert queries.next_question(session, topic="no-such-topic", level=None, company=None, exclude=set()) is None


def test_topics_are_listed_only_when_they_have_questions(session: Session, now: datetime) -> None:
    topics = dict(queries.topics_with_questions(session))
    assert topics["api-design"] == "API design"
    assert len(topics) == 17
    session.execute(update(Question).where(Question.topic_slug == "coding").values(retired_at=now))
    assert "coding" not in dict(queries.topics_with_questions(session))
