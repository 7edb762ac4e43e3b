"""Answers: begun, submitted once, assessed once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lift.interviews import queries, service
from lift.interviews.models import ASKED, Answer, AssessmentRow, QuotaEntry
from lift.kernel.db import make_session_factory
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.jobs import Job, JobRow
from lift.notifications.models import Notice
from lift.scoring.types import Assessment, DimensionBand, Rubric, SignalResult
from tests.factories import a_question, a_submitted_answer, an_account

TEXT = "I would put the key under a unique constraint and replay the stored response to the loser."


class HearsTheStart:
    """A scorer that hears the first signal in the first twenty characters."""

    def __init__(self) -> None:
        self.calls = 0

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        self.calls += 1
        heard = SignalResult(0, "covered", answer[:20], 0, 20, 0.9)
        missed = tuple(SignalResult(i, "missed", None, None, None, 0.8) for i in range(1, len(rubric.signals)))
        return Assessment(
            valid=True,
            reason=None,
            signals=(heard, *missed),
            dimensions=(DimensionBand(rubric.signals[0].dimension, 2, 3),),
            band=2,
            highest_level=None,
            followup_signal=1,
            scorer="fake",
            version="1",
        )


def test_an_unfinished_try_is_taken_up_again(session: Session, now: datetime) -> None:
    account, question = an_account(session, now), a_question(session)
    first = service.begin(session, account.id, question, now)
    assert service.begin(session, account.id, question, now + timedelta(hours=1)).id == first.id


def test_a_new_try_remembers_the_one_before(session: Session, now: datetime) -> None:
    account, question = an_account(session, now), a_question(session)
    first = a_submitted_answer(session, account, question, TEXT, now)
    assert service.begin(session, account.id, question, now).previous_id == first.id


def test_submitting_stores_the_words_and_promises_one_assessment(session: Session, now: datetime) -> None:
    account, question = an_account(session, now), a_question(session)
    answer = a_submitted_answer(session, account, question, TEXT, now)
    service.submit(session, account.id, answer.id, "other words", 1, now + timedelta(seconds=1))
    assert (answer.text, answer.confidence, answer.submitted_at) == (TEXT, 3, now)
    promised = session.execute(select(JobRow).where(JobRow.job == Job.SCORE_ANSWER)).scalars().all()
    assert [row.payload for row in promised] == [{"answer_id": str(answer.id)}]


def test_somebody_elses_answer_is_not_found(session: Session, now: datetime) -> None:
    account, other = an_account(session, now), an_account(session, now, "eve@example.org")
    answer = service.begin(session, account.id, a_question(session), now)
    with pytest.raises(NotFound):
        service.own_answer(session, other.id, answer.id)
    with pytest.raises(NotFound):
        service.submit(session, other.id, answer.id, TEXT, 1, now)


def test_an_answer_too_long_is_refused_with_both_lengths(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    answer = service.begin(session, account.id, a_question(session), now)
    with pytest.raises(Invalid, match=r"20,000 characters; this one has 20,001"):
        service.submit(session, account.id, answer.id, "x" * 20_001, 1, now)


def test_a_nul_in_an_answer_is_dropped_and_the_rest_kept(session: Session, now: datetime) -> None:
    answer = a_submitted_answer(session, an_account(session, now), a_question(session), "a\x00b", now)
    assert answer.text == "ab"


def test_an_answer_is_assessed_once_with_one_effect_however_often_the_task_runs(
    session: Session, now: datetime
) -> None:
    answer = a_submitted_answer(session, an_account(session, now), a_question(session), TEXT, now)
    scorer = HearsTheStart()
    for _ in range(3):
        service.assess(session, answer.id, scorer, now)
    counts = [
        session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (AssessmentRow, QuotaEntry, Notice)
    ]
    assert counts == [1, 1, 1]
    assert scorer.calls == 1


def test_the_assessment_keeps_the_rubric_it_was_made_with(session: Session, now: datetime) -> None:
    question = a_question(session)
    answer = a_submitted_answer(session, an_account(session, now), question, TEXT, now)
    service.assess(session, answer.id, HearsTheStart(), now)
    found = queries.assessment_of(session, answer.id)
    assert found is not None
    assert found.rubric == question.signals
    assert found.signals[0]["quote"] == TEXT[:20]


def test_an_unsubmitted_answer_is_not_assessed(session: Session, now: datetime) -> None:
    answer = service.begin(session, an_account(session, now).id, a_question(session), now)
    with pytest.raises(Conflict):
        service.assess(session, answer.id, HearsTheStart(), now)


def test_the_list_of_answers_tells_their_states(session: Session, now: datetime) -> None:
    account, question = an_account(session, now), a_question(session)
    answer = a_submitted_answer(session, account, question, TEXT, now)
    assert [item.state for item in queries.recent(session, account.id)] == ["waiting"]
    service.assess(session, answer.id, HearsTheStart(), now)
    service.begin(session, account.id, question, now + timedelta(minutes=1))
    assert [item.state for item in queries.recent(session, account.id)] == ["unfinished", "assessed"]


def test_a_draft_is_kept_and_is_no_submission(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    answer = service.begin(session, account.id, a_question(session), now)
    service.save(session, account.id, answer.id, "half\r\na thought", 2)
    assert (answer.text, answer.confidence, answer.submitted_at) == ("half\na thought", 2, None)


def test_a_new_line_counts_once_against_the_limit(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    answer = service.begin(session, account.id, a_question(session), now)
    service.submit(session, account.id, answer.id, "\r\n" * 20_000, 1, now)
    assert answer.text == "\n" * 20_000


def test_the_database_allows_one_unfinished_try_at_a_question(session: Session, now: datetime) -> None:
    account, question = an_account(session, now), a_question(session)
    service.begin(session, account.id, question, now)
    session.add(Answer(account_id=account.id, question_id=question.id, started_at=now))
    with pytest.raises(IntegrityError, match="uq_answers_unfinished"):
        session.flush()


def test_two_starts_at_once_find_the_same_try(engine: Engine, now: datetime) -> None:
    """Two transactions: the second waits for the first one's row and takes it up."""
    factory = make_session_factory(engine)
    with factory() as first, factory() as second:
        account = an_account(first, now, f"{uuid4().hex}@example.org")
        first.commit()
        question = a_question(first)
        try:
            with ThreadPoolExecutor(1) as other:
                one = service.begin(first, account.id, question, now)
                two = other.submit(service.begin, second, account.id, question, now)
                first.commit()
                assert two.result(30).id == one.id
        finally:
            second.rollback()
            first.delete(account)
            first.commit()


def test_the_assessment_keeps_the_question_it_was_made_with(session: Session, now: datetime) -> None:
    question = a_question(session)
    answer = a_submitted_answer(session, an_account(session, now), question, TEXT, now)
    service.assess(session, answer.id, HearsTheStart(), now)
    found = queries.assessment_of(session, answer.id)
    assert found is not None
    assert found.asked == {name: getattr(question, name) for name in ASKED}


def test_a_reading_that_was_given_up_gets_all_its_tries_again(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    answer = a_submitted_answer(session, account, a_question(session), TEXT, now)
    row = session.execute(select(JobRow).where(JobRow.job == Job.SCORE_ANSWER)).scalar_one()
    row.parked_at, row.attempts = now, 5
    session.flush()
    assert [item.state for item in queries.recent(session, account.id)] == ["given_up"]
    service.read_again(session, account.id, answer.id, now + timedelta(hours=1))
    session.refresh(row)
    assert (row.parked_at, row.attempts, row.run_after) == (None, 0, now + timedelta(hours=1))
    assert (Job.SCORE_ANSWER, row.id) in session.info["nudges"]


def test_a_promise_that_stands_is_not_touched_by_asking_again(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    answer = a_submitted_answer(session, account, a_question(session), TEXT, now)
    service.read_again(session, account.id, answer.id, now + timedelta(hours=1))
    row = session.execute(select(JobRow).where(JobRow.job == Job.SCORE_ANSWER)).scalar_one()
    assert row.run_after == now
