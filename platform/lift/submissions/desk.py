"""What reviewers do at the desk besides deciding: take reports, decline several, and make questions of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.files import CatalogFiles
from lift.kernel.errors import LiftError
from lift.questions import desk as bank_desk
from lift.questions import house_text
from lift.questions.house_text import Checked
from lift.questions.loading import row_of
from lift.submissions import reviews, wordings
from lift.submissions.desk_models import Assignment
from lift.submissions.kappa import Measured, first_pairs, measure
from lift.submissions.models import Report, Review
from lift.submissions.reviewing import Opinion, Verdict

UNDO_WITHIN = timedelta(minutes=10)
"""How long the last decision is offered to be taken back; on the report's own page it may be at any time."""


@dataclass(frozen=True)
class Declined:
    """What became of several reports that were to be declined at once."""

    done: int
    waiting: int
    """A second reviewer is needed."""
    refused: Sequence[str]
    """Why the others were not."""


def take(session: Session, report_ids: Collection[UUID], reviewer_id: UUID, now: datetime) -> int:
    """Take reports that nobody has taken; how many."""
    known = session.execute(select(Report.id).where(Report.id.in_(report_ids), Report.account_id != reviewer_id))
    rows = [{"report_id": each, "reviewer_id": reviewer_id, "at": now} for each in known.scalars()]
    if not rows:
        return 0
    taken = insert(Assignment).values(rows).on_conflict_do_nothing().returning(Assignment.report_id)
    return len(session.execute(taken).all())


def let_go(session: Session, report_ids: Collection[UUID], reviewer_id: UUID) -> int:
    """Let others look at what one has taken; how many."""
    gone = delete(Assignment).where(Assignment.report_id.in_(report_ids), Assignment.reviewer_id == reviewer_id)
    return len(session.execute(gone.returning(Assignment.report_id)).all())


def taken_by(session: Session, report_id: UUID) -> UUID | None:
    """Which reviewer has taken it."""
    return session.execute(select(Assignment.reviewer_id).where(Assignment.report_id == report_id)).scalar_one_or_none()


def decline_all(
    session: Session, report_ids: Sequence[UUID], reviewer_id: UUID, reason: str, now: datetime, *, base_url: str
) -> Declined:
    """Decline each for the same reason; one that cannot be leaves the others alone."""
    done, waiting, refused = 0, 0, []
    # In the order of their ids, so that two reviewers who hold several do not wait for each other.
    for report_id in sorted(set(report_ids)):
        try:
            with session.begin_nested():
                decided = reviews.review(
                    session, report_id, reviewer_id, Verdict.DECLINE, [reason], now, base_url=base_url
                )
        except LiftError as error:
            refused.append(error.message)
        else:
            done, waiting = done + (decided is not None), waiting + (decided is None)
    return Declined(done, waiting, refused)


def last_decision(session: Session, reviewer_id: UUID, now: datetime) -> Review | None:
    """The reviewer's newest opinion, while it is offered to be taken back."""
    statement = (
        select(Review)
        .where(Review.reviewer_id == reviewer_id, Review.undone_at.is_(None), Review.at > now - UNDO_WITHIN)
        .order_by(Review.id.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def agreement(session: Session) -> Measured:
    """How far reviewers agree, over all reports with two opinions that stand."""
    statement = select(Review).where(Review.undone_at.is_(None)).order_by(Review.report_id, Review.id)
    by_report: dict[UUID, list[Opinion]] = {}
    for row in session.execute(statement).scalars():
        opinion = Opinion(row.reviewer_id or row.id, Verdict(row.verdict), row.experience)
        by_report.setdefault(row.report_id, []).append(opinion)
    return measure(first_pairs(by_report.values()))


def make_question(
    session: Session, reported_id: UUID, text: str, files: CatalogFiles, *, who: str, reviewer_id: UUID, now: datetime
) -> Checked:
    """Make a question of the bank of a reported one: its reports count for that from then on. Faults change nothing."""
    wordings.reported(session, reported_id)
    checked = house_text.check(session, text, files)
    if checked.question is not None:
        row = row_of(checked.question, files)
        made = bank_desk.write(session, row, retired=False, who=who, how="report", now=now)
        bank_desk.promised(session, now)
        reviews.adopt(session, reported_id, made.id, reviewer_id, now)
    return checked
