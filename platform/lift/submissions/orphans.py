"""Reported questions that nothing speaks of any more."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lift.submissions.models import Merge, Report, ReportedQuestion


def forget_orphans(session: Session) -> int:
    """Delete reported questions without a report that no reviewer wrote or put into the bank; how many."""
    spoken_of = or_(
        select(Report.id)
        .where(or_(Report.sent_for_reported_id == ReportedQuestion.id, Report.reported_id == ReportedQuestion.id))
        .exists(),
        select(Merge.id).where(Merge.reported_id == ReportedQuestion.id).exists(),
    )
    gone = delete(ReportedQuestion).where(
        ~spoken_of, ReportedQuestion.prompt.is_(None), ReportedQuestion.question_id.is_(None)
    )
    return len(session.execute(gone.returning(ReportedQuestion.id)).all())
