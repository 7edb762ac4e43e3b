"""Use cases of practice: begin, save, submit, assess. The only writer of answers and assessments.

Beginning needs the right to practise. What was begun may be saved and submitted for as long as one may read what one
made, so that a trial that ends in mid-sentence takes nothing away; each beginning can be submitted once.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.interviews.models import ASKED, Answer, AssessmentRow, QuotaEntry
from lift.interviews.queries import correction_of, is_assessed, reading_key
from lift.interviews.text import MAX_ANSWER, cleaned
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.kernel.job_runner import Work
from lift.kernel.jobs import Job, enqueue, reopen
from lift.notifications.service import notify
from lift.questions import queries as questions
from lift.questions.models import Question
from lift.scoring.port import Scorer
from lift.scoring.types import Assessment, Rubric, Signal
from lift.shelf.service import mark_seen


def begin(session: Session, account_id: UUID, question: Question, now: datetime) -> Answer:
    """Show a question: an unfinished try at it is taken up again, else a new one starts."""
    mark_seen(session, account_id, question.id, now)
    previous = (
        select(Answer.id)
        .where(Answer.account_id == account_id, Answer.question_id == question.id, Answer.submitted_at.is_not(None))
        .order_by(Answer.submitted_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    # The index allows one unfinished try, so of two clicks at once the second finds the first one's row.
    session.execute(
        insert(Answer)
        .values(
            id=uuid7(), account_id=account_id, question_id=question.id, previous_id=previous, started_at=now, text=""
        )
        .on_conflict_do_nothing(index_elements=["account_id", "question_id"], index_where=Answer.submitted_at.is_(None))
    )
    return session.execute(
        select(Answer).where(
            Answer.account_id == account_id, Answer.question_id == question.id, Answer.submitted_at.is_(None)
        )
    ).scalar_one()


def own_answer(session: Session, account_id: UUID, answer_id: UUID, *, for_update: bool = False) -> Answer:
    """The account's own answer; anybody else's is not found."""
    statement = select(Answer).where(Answer.id == answer_id, Answer.account_id == account_id)
    if for_update:
        statement = statement.with_for_update()
    answer = session.execute(statement).scalar_one_or_none()
    if answer is None:
        raise NotFound("There is no such answer.")
    return answer


def _stored_text(text: str) -> str:
    stored = cleaned(text)
    if len(stored) > MAX_ANSWER:
        raise Invalid(f"An answer may have {MAX_ANSWER:,} characters; this one has {len(stored):,}.")
    return stored


def save(session: Session, account_id: UUID, answer_id: UUID, text: str, confidence: int | None) -> Answer:
    """Keep the draft. A submitted answer stays as it was submitted, whatever a page left open still sends."""
    answer = own_answer(session, account_id, answer_id, for_update=True)
    if answer.submitted_at is None:
        answer.text = _stored_text(text)
        answer.confidence = confidence
        session.flush()
    return answer


def submit(
    session: Session, account_id: UUID, answer_id: UUID, text: str, confidence: int | None, now: datetime
) -> Answer:
    """Store the answer and promise its assessment, in one transaction. Submitting twice changes nothing."""
    answer = own_answer(session, account_id, answer_id, for_update=True)
    if answer.submitted_at is not None:
        return answer
    answer.text = _stored_text(text)
    answer.confidence = confidence
    answer.submitted_at = now
    session.flush()
    _promise(session, answer.id, now)
    return answer


MOST_VERSIONS = 5
"""Texts of one try: as it was given, and as it was corrected."""


def correct(session: Session, account_id: UUID, answer_id: UUID, text: str, now: datetime) -> Answer:
    """Have the answer read with a corrected text; the text as it was and its reading are kept beside it.

    Raises ``Invalid`` for a text that says the same, ``Conflict`` for an answer that has no reading to compare with,
    was corrected already, or has been corrected often enough.
    """
    answer = own_answer(session, account_id, answer_id, for_update=True)
    if not is_assessed(session, answer_id):
        raise Conflict("This answer has not been read yet, so there is nothing to correct.")
    if correction_of(session, answer_id) is not None:
        raise Conflict("This text was corrected already. Correct the newer one.")
    if answer.version >= MOST_VERSIONS:
        raise Conflict(f"A text can be corrected {MOST_VERSIONS - 1} times. Answer the question again instead.")
    corrected = _stored_text(text)
    if corrected.split() == answer.text.split():
        raise Invalid("This is the text as it was. Change what was written down wrongly, then have it read.")
    made = Answer(
        id=uuid7(),
        account_id=account_id,
        question_id=answer.question_id,
        previous_id=answer.previous_id,
        corrects_id=answer.id,
        version=answer.version + 1,
        started_at=answer.started_at,
        submitted_at=now,
        text=corrected,
        confidence=answer.confidence,
    )
    session.add(made)
    session.flush()
    _promise(session, made.id, now)
    return made


def _promise(session: Session, answer_id: UUID, now: datetime) -> None:
    enqueue(session, Job.SCORE_ANSWER, reading_key(answer_id), {"answer_id": str(answer_id)}, now)


def read_again(session: Session, account_id: UUID, answer_id: UUID, now: datetime) -> Answer:
    """Promise the assessment anew where it was given up; nothing while it is promised or when it is there."""
    answer = own_answer(session, account_id, answer_id)
    if answer.submitted_at is None:
        raise Conflict("This answer has not been submitted.")
    if not is_assessed(session, answer_id) and not reopen(session, Job.SCORE_ANSWER, reading_key(answer_id), now):
        _promise(session, answer_id, now)
    return answer


def rubric_of(question: Question) -> Rubric:
    """The question's rubric as the scorer takes it."""
    return Rubric(
        question=question.prompt,
        signals=tuple(Signal(s["text"], s["weight"], s["level"], s["dimension"]) for s in question.signals),
        levels=tuple(question.levels),
        version=question.rubric_version,
    )


def assess(session: Session, answer_id: UUID, scorer: Scorer, now: datetime) -> None:
    """Assess a submitted answer: one assessment, one quota line and one notice, however often it is called."""
    due = _due(session, answer_id)
    if due is not None:
        answer, question = due
        _keep(session, answer, question, scorer.assess(rubric_of(question), answer.text), now)


def assess_outside(
    work: Work, answer_id: UUID, scorer_for: Callable[[Work, Answer, datetime], Scorer], now: datetime
) -> None:
    """The same with a scorer that asks somebody else: no transaction is open while it reads."""
    with work() as session:
        due = _due(session, answer_id)
    if due is None:
        return
    answer, question = due
    found = scorer_for(work, answer, now).assess(rubric_of(question), answer.text)
    with work() as session:
        # Deleted while it was read, with its account: there is nothing to keep.
        if session.get(Answer, answer_id) is not None:
            _keep(session, answer, question, found, now)


def _due(session: Session, answer_id: UUID) -> tuple[Answer, Question] | None:
    """The answer with its question, when it is there and has no assessment yet."""
    answer = session.get(Answer, answer_id)
    if answer is None:
        return None
    if answer.submitted_at is None:
        raise Conflict("This answer has not been submitted.")
    if is_assessed(session, answer_id):
        return None
    return answer, questions.by_id(session, answer.question_id)


def _keep(session: Session, answer: Answer, question: Question, found: Assessment, now: datetime) -> None:
    """Store the assessment with its quota line and its notice, unless another worker was first."""
    if not _store(session, answer, question, found, now):
        return
    session.execute(
        insert(QuotaEntry)
        .values(
            id=uuid7(),
            account_id=answer.account_id,
            effect_key=f"assessed:{answer.id}",
            kind="assessed_answer",
            amount=1,
            at=now,
        )
        .on_conflict_do_nothing(index_elements=["effect_key"])
    )
    notify(
        session,
        account_id=answer.account_id,
        kind="answer_assessed",
        effect_key=f"assessed:{answer.id}",
        text="Your answer has been read. The debrief is ready.",
        href=f"/debriefs/{answer.id}",
        now=now,
    )


def _store(session: Session, answer: Answer, question: Question, found: Assessment, now: datetime) -> bool:
    """Insert the assessment unless another worker was first."""
    values: dict[str, Any] = {
        "id": uuid7(),
        "answer_id": answer.id,
        "created_at": now,
        "scorer": found.scorer,
        "scorer_version": found.version,
        "rubric_version": question.rubric_version,
        "valid": found.valid,
        "reason": found.reason,
        "band": found.band,
        "highest_level": found.highest_level,
        "followup_signal": found.followup_signal,
        "rubric": question.signals,
        "asked": {name: getattr(question, name) for name in ASKED},
        "signals": [asdict(s) for s in found.signals],
        "dimensions": [asdict(d) for d in found.dimensions],
    }
    stored = session.execute(
        insert(AssessmentRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["answer_id"])
        .returning(AssessmentRow.id)
    ).scalar_one_or_none()
    return stored is not None
