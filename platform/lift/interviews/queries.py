"""Read side of practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

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


def _newest() -> ColumnElement[bool]:
    """Of each try the text that was corrected last."""
    corrected = aliased(Answer)
    return ~exists().where(corrected.corrects_id == Answer.id)


def recent(session: Session, account_id: UUID, limit: int = 10) -> Sequence[RecentAnswer]:
    """The account's latest answers, newest first."""
    rows = session.execute(
        select(Answer, Question.prompt, AssessmentRow.band, AssessmentRow.valid, JobRow.parked_at)
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(AssessmentRow, AssessmentRow.answer_id == Answer.id)
        .outerjoin(JobRow, and_(JobRow.job == Job.SCORE_ANSWER, JobRow.key == KEY_PREFIX + cast(Answer.id, Text)))
        .where(Answer.account_id == account_id, _newest())
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


def compared_with(session: Session, answer: Answer) -> AssessmentRow | None:
    """What a reading is compared with: that of the text before its correction, else that of the try before."""
    before = answer.corrects_id or answer.previous_id
    return assessment_of(session, before) if before else None


def correction_of(session: Session, answer_id: UUID) -> Answer | None:
    """The answer that corrects this one's text."""
    return session.execute(select(Answer).where(Answer.corrects_id == answer_id)).scalar_one_or_none()


LATELY = 30
"""Readings that are pooled: what somebody said long ago tells little of what they would say now."""


def latest_readings(session: Session, account_id: UUID) -> Sequence[AssessmentRow]:
    """The newest valid reading of each question that the account answered, the latest answer first."""
    newest = (
        select(AssessmentRow.id, Answer.submitted_at)
        .join(Answer, Answer.id == AssessmentRow.answer_id)
        .where(Answer.account_id == account_id, AssessmentRow.valid, _newest())
        .ext(distinct_on(Answer.question_id))
        .order_by(Answer.question_id, Answer.started_at.desc())
        .subquery()
    )
    statement = select(AssessmentRow).join(newest, newest.c.id == AssessmentRow.id)
    return session.execute(statement.order_by(newest.c.submitted_at.desc()).limit(LATELY)).scalars().all()


def answered_question_ids(session: Session, account_id: UUID) -> set[UUID]:
    """Questions that the account has answered at least once."""
    return set(
        session.execute(
            select(Answer.question_id)
            .where(Answer.account_id == account_id, Answer.submitted_at.is_not(None))
            .distinct()
        ).scalars()
    )


def has_submitted(session: Session, account_id: UUID, question_id: UUID) -> bool:
    """Whether the account has answered the question at least once."""
    found = select(Answer.id).where(
        Answer.account_id == account_id, Answer.question_id == question_id, Answer.submitted_at.is_not(None)
    )
    return session.execute(found.limit(1)).first() is not None


@dataclass(frozen=True)
class Attempt:
    """One try at a question in its newest text, with its reading."""

    answer: Answer
    state: str
    """As of ``RecentAnswer``."""
    reading: AssessmentRow | None


def attempts(session: Session, account_id: UUID, question_id: UUID) -> Sequence[Attempt]:
    """The account's tries at the question, newest first; one that is being written among them."""
    rows = session.execute(
        select(Answer, AssessmentRow, JobRow.parked_at)
        .outerjoin(AssessmentRow, AssessmentRow.answer_id == Answer.id)
        .outerjoin(JobRow, and_(JobRow.job == Job.SCORE_ANSWER, JobRow.key == KEY_PREFIX + cast(Answer.id, Text)))
        .where(Answer.account_id == account_id, Answer.question_id == question_id, _newest())
        .order_by(Answer.started_at.desc())
    ).all()
    return [
        Attempt(answer, _state(answer, reading.valid if reading else None, parked is not None), reading)
        for answer, reading, parked in rows
    ]


def answer_ids(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The ids of the account's answers."""
    return session.execute(select(Answer.id).where(Answer.account_id == account_id)).scalars().all()


def has_answered(account_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """For a query over accounts: whether an answer was ever submitted."""
    return exists().where(Answer.account_id == account_id, Answer.submitted_at.is_not(None))
