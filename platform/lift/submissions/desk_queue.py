"""Read side of the moderation desk: what waits for a reviewer, the oldest first. A reviewer's own reports are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from lift.questions.models import Question
from lift.submissions.desk_models import Assignment
from lift.submissions.ladder import Act, State
from lift.submissions.models import Report, ReportedQuestion, ReportEvent, Review

MOST = 100
"""Rows of a page: whoever has decided on these finds the next ones."""


class Shelf(StrEnum):
    """Where a report lies for a reviewer."""

    TO_DO = "to-do"
    """A second report stands beside it, or it is new and nobody has put it into house style."""
    GIVEN = "given"
    """The reviewer has an opinion on it, and a further reviewer is needed."""
    ALONE = "alone"
    """Nothing to do before a second person reports the same."""
    REFUSED = "refused"
    """The automatic checks refused it; a reviewer may overrule them."""
    DECIDED = "decided"


@dataclass(frozen=True)
class Waiting:
    """A report with what it counts for, and who looks at it."""

    report: Report
    question: Question | None
    reported: ReportedQuestion | None
    since: datetime
    opinions: int
    taken_by: UUID | None

    @property
    def title(self) -> str:
        """What was asked, in the best words there are."""
        if self.question is not None:
            return self.question.prompt
        return (self.reported.prompt if self.reported else None) or self.report.words

    @property
    def task(self) -> str:
        """What is to be done, in words."""
        if self.report.state == State.CORROBORATED:
            nth = {0: "Decide", 1: "Decide, as the second reviewer"}
            return nth.get(self.opinions, "Decide, as the third reviewer: the others disagree")
        return "New: merge it, or put it into house style"


_STANDING = and_(Review.report_id == Report.id, Review.undone_at.is_(None))
_OPINIONS = select(func.count()).where(_STANDING).correlate(Report).scalar_subquery()
_CORROBORATED_AT = (
    select(func.max(ReportEvent.at))
    .where(ReportEvent.report_id == Report.id, ReportEvent.act == Act.CORROBORATE)
    .correlate(Report)
    .scalar_subquery()
)
_SINCE = func.coalesce(_CORROBORATED_AT, Report.created_at)


def _condition(shelf: Shelf, reviewer_id: UUID) -> ColumnElement[bool]:
    given = select(Review.id).where(_STANDING, Review.reviewer_id == reviewer_id).correlate(Report).exists()
    unworded = and_(Report.question_id.is_(None), ReportedQuestion.prompt.is_(None))
    state, others = Report.state, Report.account_id != reviewer_id
    conditions: dict[Shelf, ColumnElement[bool]] = {
        Shelf.TO_DO: and_(others, ~given, or_(state == State.CORROBORATED, and_(state == State.SCREENED, unworded))),
        Shelf.GIVEN: and_(given, state.in_([State.CORROBORATED, State.SCREENED])),
        Shelf.ALONE: and_(others, ~given, state == State.SCREENED, ~unworded),
        Shelf.REFUSED: and_(others, state == State.REFUSED),
        Shelf.DECIDED: and_(others, state.in_([State.VERIFIED, State.DECLINED])),
    }
    return conditions[shelf]


def _rows(
    shelf: Shelf, reviewer_id: UUID, company: str, *, mine: bool
) -> Select[Report, Question, ReportedQuestion, datetime, int, UUID]:
    statement = (
        select(Report, Question, ReportedQuestion, _SINCE, _OPINIONS, Assignment.reviewer_id)
        .outerjoin(Question, Question.id == Report.question_id)
        .outerjoin(ReportedQuestion, ReportedQuestion.id == Report.reported_id)
        .outerjoin(Assignment, Assignment.report_id == Report.id)
        .where(_condition(shelf, reviewer_id))
    )
    if company:
        statement = statement.where(Report.company_slug == company)
    if mine:
        statement = statement.where(Assignment.reviewer_id == reviewer_id)
    newest_first = shelf in (Shelf.DECIDED, Shelf.REFUSED)
    return statement.order_by(*([Report.id.desc()] if newest_first else [_SINCE, Report.id]))


def queue(
    session: Session, reviewer_id: UUID, shelf: Shelf = Shelf.TO_DO, *, company: str = "", mine: bool = False
) -> Sequence[Waiting]:
    """The reports of a shelf; the oldest first where something is to be done."""
    rows = session.execute(_rows(shelf, reviewer_id, company, mine=mine).limit(MOST))
    return [
        Waiting(report, question, reported, since, opinions, taken_by)
        for report, question, reported, since, opinions, taken_by in rows
    ]


def counts(session: Session, reviewer_id: UUID, company: str = "") -> dict[Shelf, int]:
    """How many reports lie on each shelf."""
    columns = [func.count().filter(_condition(shelf, reviewer_id)) for shelf in Shelf]
    statement = (
        select(*columns).select_from(Report).outerjoin(ReportedQuestion, ReportedQuestion.id == Report.reported_id)
    )
    if company:
        statement = statement.where(Report.company_slug == company)
    found: tuple[int, ...] = tuple(session.execute(statement).one())
    return dict(zip(Shelf, found, strict=True))


def companies(session: Session) -> list[str]:
    """Slugs of the companies that somebody reported."""
    return list(session.execute(select(Report.company_slug).distinct().order_by(Report.company_slug)).scalars())


@dataclass(frozen=True)
class Place:
    """What comes before and after a report among those to do."""

    before: UUID | None
    after: UUID | None


def place_of(session: Session, reviewer_id: UUID, report_id: UUID) -> Place:
    """Its neighbours in the queue; of one that is not in it the first to do comes after."""
    ids = [one.report.id for one in queue(session, reviewer_id)]
    if report_id not in ids:
        return Place(None, ids[0] if ids else None)
    at = ids.index(report_id)
    return Place(ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)
