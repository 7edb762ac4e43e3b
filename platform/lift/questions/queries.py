"""Read side of the bank."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text, true
from sqlalchemy.orm import Session

from lift.catalog.models import RoleTopic, Topic
from lift.kernel.errors import NotFound
from lift.questions.models import Question


def by_id(session: Session, question_id: UUID) -> Question:
    """A question, retired or not: answers to it stay readable. NotFound."""
    found = session.get(Question, question_id)
    if found is None:
        raise NotFound("There is no such question.")
    return found


def by_slug(session: Session, slug: str, *, retired_too: bool = False) -> Question | None:
    """A live question, or one that was retired as well."""
    # PostgreSQL takes no NUL in a text, and no slug has one.
    if "\x00" in slug:
        return None
    statement = select(Question).where(Question.slug == slug)
    if not retired_too:
        statement = statement.where(Question.retired_at.is_(None))
    return session.execute(statement).scalar_one_or_none()


def by_ids(session: Session, ids: Sequence[UUID]) -> list[Question]:
    """Questions, retired or not, in the order of ``ids``."""
    found = {each.id: each for each in session.execute(select(Question).where(Question.id.in_(ids))).scalars()}
    return [found[each] for each in ids if each in found]


def any_by_slug(session: Session, slug: str) -> Question | None:
    """A question, retired or not."""
    if "\x00" in slug:
        return None
    return session.execute(select(Question).where(Question.slug == slug)).scalar_one_or_none()


def counts_by_origin(session: Session) -> dict[str, tuple[int, int]]:
    """(live, retired) questions of the files and of the desk."""
    live = func.count().filter(Question.retired_at.is_(None))
    rows = session.execute(select(Question.origin, live, func.count() - live).group_by(Question.origin))
    return {"content": (0, 0), "desk": (0, 0)} | {origin: (alive, retired) for origin, alive, retired in rows}


def topics_with_questions(session: Session) -> list[tuple[str, str]]:
    """(slug, name) of the topics that have a live question."""
    has_one = select(Question.id).where(Question.topic_slug == Topic.slug, Question.retired_at.is_(None)).exists()
    rows = session.execute(select(Topic.slug, Topic.name).where(has_one).order_by(Topic.position))
    return [(slug, name) for slug, name in rows]


# (keep to the level, keep to the company, only unanswered), from the closest fit to the loosest.
_RELAXED = ((True, True, True), (False, True, True), (False, False, True), (True, True, False), (False, False, False))


def next_question(
    session: Session,
    *,
    topic: str | None,
    level: str | None,
    company: str | None,
    exclude: set[UUID],
    role: str | None = None,
) -> Question | None:
    """A random question that was not answered yet. The company's own come before general ones.

    Without a topic it is one of the role's topics. When nothing is left the level is given up, then the company, then
    questions repeat; a role none of whose topics has a question is given up last. None when the topic is empty.
    """
    if role and not topic:
        of_role = select(RoleTopic.topic_slug).where(RoleTopic.role_slug == role)
        found = _next(session, Question.topic_slug.in_(of_role), level, company, exclude)
        if found is not None:
            return found
    return _next(session, Question.topic_slug == topic if topic else true(), level, company, exclude)


def _next(
    session: Session, about: ColumnElement[bool], level: str | None, company: str | None, exclude: set[UUID]
) -> Question | None:
    """A question that ``about`` lets in, down the ladder of ``_RELAXED``."""
    applies = or_(Question.companies.contains([company]), Question.companies == []) if company else None
    for use_level, use_company, skip in _RELAXED:
        statement = select(Question).where(Question.retired_at.is_(None), about)
        if level and use_level:
            statement = statement.where(Question.levels.contains([level]))
        if applies is not None and use_company:
            statement = statement.where(applies)
        if skip and exclude:
            statement = statement.where(Question.id.not_in(exclude))
        if company:
            statement = statement.order_by(Question.companies.contains([company]).desc())
        found = session.execute(statement.order_by(func.random()).limit(1)).scalar_one_or_none()
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class QuestionLine:
    """What a list shows of a question."""

    slug: str
    prompt: str
    levels: list[str]
    topic_slug: str
    companies: list[str]
    orgs: list[str]
    round_kind: str
    kind: str
    minutes: int
    provenance: str
    reports: int
    """People whose reports count now."""
    last_reported: date | None
    """First day of the month in which it was last seen."""
    provenance_was: str | None
    """The higher provenance that it once had."""


LINE = ", ".join(field.name for field in fields(QuestionLine))
"""SQL: only these columns, since the rubric is most of a row, and a list shows none of it."""


@dataclass(frozen=True)
class BankCounts:
    """The bank as a whole."""

    questions: int
    companies: int
    """Companies with at least one question of their own."""
    roles: int
    """Roles with at least one question in their topics."""


_BANK = text(
    "SELECT (SELECT coalesce(sum(total), 0)::bigint FROM subject_counts WHERE kind = 'topic'),"
    " (SELECT count(*) FROM subject_counts WHERE kind = 'company' AND total > 0),"
    " (SELECT count(DISTINCT role_slug) FROM role_topics JOIN subject_counts ON kind = 'topic' AND slug = topic_slug"
    "   WHERE total > 0)"
)


def bank_counts(session: Session) -> BankCounts:
    """Counts for the front page, of the roll-ups and in one query: each question has one topic."""
    return BankCounts(*session.execute(_BANK).one())
