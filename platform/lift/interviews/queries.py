"""Read side of practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.interviews.models import Answer, AssessmentRow
from lift.questions.models import Question


@dataclass(frozen=True)
class RecentAnswer:
    """A line of the list of one's answers."""

    href: str
    prompt: str
    state: str
    """``unfinished``, ``waiting``, ``refused`` or ``assessed``."""
    band: int | None
    submitted_at: datetime | None
    started_at: datetime


def _state(answer: Answer, valid: bool | None) -> str:
    if answer.submitted_at is None:
        return "unfinished"
    if valid is None:
        return "waiting"
    return "assessed" if valid else "refused"


def recent(session: Session, account_id: UUID, limit: int = 10) -> Sequence[RecentAnswer]:
    """The account's latest answers, newest first."""
    rows = session.execute(
        select(Answer, Question.prompt, AssessmentRow.band, AssessmentRow.valid)
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(AssessmentRow, AssessmentRow.answer_id == Answer.id)
        .where(Answer.account_id == account_id)
        .order_by(Answer.started_at.desc())
        .limit(limit)
    ).all()
    return [
        RecentAnswer(
            href=f"/debriefs/{answer.id}" if answer.submitted_at else f"/practice/{answer.id}",
            prompt=prompt,
            state=_state(answer, valid),
            band=band,
            submitted_at=answer.submitted_at,
            started_at=answer.started_at,
        )
        for answer, prompt, band, valid in rows
    ]


def assessment_of(session: Session, answer_id: UUID) -> AssessmentRow | None:
    """The answer's assessment, if there is one."""
    return session.execute(select(AssessmentRow).where(AssessmentRow.answer_id == answer_id)).scalar_one_or_none()


def is_assessed(session: Session, answer_id: UUID) -> bool:
    """Whether the debrief can be shown."""
    return session.execute(select(AssessmentRow.id).where(AssessmentRow.answer_id == answer_id)).first() is not None


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
