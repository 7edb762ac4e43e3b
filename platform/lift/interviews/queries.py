"""Read side of practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lift.interviews.models import Answer, AssessmentRow
from lift.kernel.jobs import Job, JobRow, is_parked
from lift.questions.models import Question

KEY_PREFIX = "answer:"


@dataclass(frozen=True)
class RecentAnswer:
    """A line of the list of one's answers."""

    href: str
    prompt: str
    state: str
    """``unfinished``, ``waiting``, ``given_up``, ``refused`` or ``assessed``."""
    band: int | None
    submitted_at: datetime | None
    started_at: datetime


def _state(answer: Answer, valid: bool | None, parked: bool) -> str:
    if answer.submitted_at is None:
        return "unfinished"
    if valid is None:
        return "given_up" if parked else "waiting"
    return "assessed" if valid else "refused"


def recent(session: Session, account_id: UUID, limit: int = 10) -> Sequence[RecentAnswer]:
    """The account's latest answers, newest first."""
    rows = session.execute(
        select(Answer, Question.prompt, AssessmentRow.band, AssessmentRow.valid, JobRow.parked_at)
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(AssessmentRow, AssessmentRow.answer_id == Answer.id)
        .outerjoin(JobRow, and_(JobRow.job == Job.SCORE_ANSWER, JobRow.key == KEY_PREFIX + cast(Answer.id, Text)))
        .where(Answer.account_id == account_id)
        .order_by(Answer.started_at.desc())
        .limit(limit)
    ).all()
    return [
        RecentAnswer(
            href=f"/debriefs/{answer.id}" if answer.submitted_at else f"/practice/{answer.id}",
            prompt=prompt,
            state=_state(answer, valid, parked_at is not None),
            band=band,
            submitted_at=answer.submitted_at,
            started_at=answer.started_at,
        )
        for answer, prompt, band, valid, parked_at in rows
    ]


def assessment_of(session: Session, answer_id: UUID) -> AssessmentRow | None:
    """The answer's assessment, if there is one."""
    return session.execute(select(AssessmentRow).where(AssessmentRow.answer_id == answer_id)).scalar_one_or_none()


def is_assessed(session: Session, answer_id: UUID) -> bool:
    """Whether the debrief can be shown."""
    return session.execute(select(AssessmentRow.id).where(AssessmentRow.answer_id == answer_id)).first() is not None


def reading_key(answer_id: UUID) -> str:
    """The key of the job that assesses the answer."""
    return f"{KEY_PREFIX}{answer_id}"


def is_given_up(session: Session, answer_id: UUID) -> bool:
    """Whether the assessment failed so often that no worker tries any more."""
    return is_parked(session, Job.SCORE_ANSWER, reading_key(answer_id))


def previous_assessed(session: Session, answer: Answer) -> AssessmentRow | None:
    """The assessment of the try before this one."""
    return assessment_of(session, answer.previous_id) if answer.previous_id else None


def answered_question_ids(session: Session, account_id: UUID) -> set[UUID]:
    """Questions that the account has answered at least once."""
    return set(
        session.execute(
            select(Answer.question_id)
            .where(Answer.account_id == account_id, Answer.submitted_at.is_not(None))
            .distinct()
        ).scalars()
    )


def answer_ids(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The ids of the account's answers."""
    return session.execute(select(Answer.id).where(Answer.account_id == account_id)).scalars().all()


def has_answered(account_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """For a query over accounts: whether an answer was ever submitted."""
    return exists().where(Answer.account_id == account_id, Answer.submitted_at.is_not(None))
