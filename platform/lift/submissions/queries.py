"""Read side of reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lift.kernel.errors import NotFound
from lift.questions.models import Question
from lift.submissions.ladder import OPEN
from lift.submissions.models import Merge, Report, ReportedQuestion, Review
from lift.submissions.placing import Place


@dataclass(frozen=True)
class Line:
    """A report with the question of the bank that it counts for, or the reported question."""

    report: Report
    question: Question | None
    reported: ReportedQuestion | None

    @property
    def title(self) -> str:
        """What was asked, in the best words there are."""
        if self.question is not None:
            return self.question.prompt
        return (self.reported.prompt if self.reported else None) or self.report.words


_LINES = (
    select(Report, Question, ReportedQuestion)
    .outerjoin(Question, Question.id == Report.question_id)
    .outerjoin(ReportedQuestion, ReportedQuestion.id == Report.reported_id)
)


def _lines(session: Session, statement: object) -> list[Line]:
    return [Line(*row) for row in session.execute(statement)]  # type: ignore[call-overload]  # a select of three models


def mine(session: Session, account_id: UUID, limit: int = 200) -> Sequence[Line]:
    """A person's reports, the newest first."""
    return _lines(session, _LINES.where(Report.account_id == account_id).order_by(Report.id.desc()).limit(limit))


def own(session: Session, account_id: UUID, report_id: UUID) -> Line:
    """One's own report; NotFound for anybody else's."""
    found = _lines(session, _LINES.where(Report.id == report_id, Report.account_id == account_id))
    if not found:
        raise NotFound("There is no such report.")
    return found[0]


def by_id(session: Session, report_id: UUID) -> Line:
    """Anybody's report, for reviewers; NotFound."""
    found = _lines(session, _LINES.where(Report.id == report_id))
    if not found:
        raise NotFound("There is no such report.")
    return found[0]


def waiting(session: Session, limit: int = 200) -> Sequence[Line]:
    """Reports that nobody has decided on, the oldest first."""
    return _lines(session, _LINES.where(Report.state.in_(OPEN)).order_by(Report.created_at, Report.id).limit(limit))


def beside(session: Session, place: Place) -> Sequence[Line]:
    """All reports that count for one question, the oldest first."""
    here = Report.question_id == place.question_id if place.question_id else Report.reported_id == place.reported_id
    return _lines(session, _LINES.where(here).order_by(Report.created_at, Report.id))


def reviews_of(session: Session, report_id: UUID) -> Sequence[Review]:
    """Every opinion on a report, those taken back too, in the order of time."""
    return session.execute(select(Review).where(Review.report_id == report_id).order_by(Review.id)).scalars().all()


def merges_of(session: Session, report_id: UUID) -> Sequence[Merge]:
    """Every merge of a report, the undone ones too, in the order of time."""
    return session.execute(select(Merge).where(Merge.report_id == report_id).order_by(Merge.id)).scalars().all()


def alike(session: Session, reported: ReportedQuestion, limit: int = 20) -> Sequence[ReportedQuestion]:
    """Other questions that are not in the bank, of the same company or role and round, the newest first."""
    statement = select(ReportedQuestion).where(
        ReportedQuestion.id != reported.id,
        ReportedQuestion.question_id.is_(None),
        ReportedQuestion.round_kind == reported.round_kind,
        or_(ReportedQuestion.company_slug == reported.company_slug, ReportedQuestion.role_slug == reported.role_slug),
    )
    return session.execute(statement.order_by(ReportedQuestion.id.desc()).limit(limit)).scalars().all()
