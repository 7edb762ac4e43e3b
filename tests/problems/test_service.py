"""Reported problems: taken once, answered once, gone with the account."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lift.accounts.models import Account
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.notifications.models import Notice
from lift.problems import queries, service
from lift.problems.kinds import ANSWERS, KINDS, REASONS
from lift.problems.models import QuestionProblem
from tests.factories import a_question, an_account


def notices(session: Session) -> list[str]:
    return list(session.execute(select(Notice.text).order_by(Notice.created_at, Notice.id)).scalars())


def test_a_report_is_receipted_and_stands_in_the_queue_oldest_first(session: Session, now: datetime) -> None:
    ada, eve = an_account(session, now), an_account(session, now, "eve@example.org")
    question = a_question(session)
    service.report(session, eve.id, question, "level", "Too hard for mid.", now + timedelta(hours=1))
    first = service.report(session, ada.id, question, "fact", "409 is wrong here.", now)
    queue = queries.open_problems(session)
    assert [(one.kind, one.text) for one in queue] == [("fact", "409 is wrong here."), ("level", "Too hard for mid.")]
    assert (queue[0].id, queue[0].slug, queue[0].prompt) == (first, question.slug, question.prompt)
    assert queries.open_count(session) == 2
    assert queries.own_open(session, ada.id, question.id) == ["fact"]
    assert all("We have your report" in text for text in notices(session))


def test_the_same_report_again_is_the_same_one_with_the_newer_text(session: Session, now: datetime) -> None:
    ada, question = an_account(session, now), a_question(session)
    first = service.report(session, ada.id, question, "fact", "409 is wrong.", now)
    assert service.report(session, ada.id, question, "fact", "409 is wrong: 412.", now) == first
    assert [one.text for one in queries.open_problems(session)] == ["409 is wrong: 412."]
    assert len(notices(session)) == 1


@pytest.mark.parametrize("reason", REASONS)
def test_closing_tells_the_person_what_became_of_it(session: Session, now: datetime, reason: str) -> None:
    ada, question = an_account(session, now), a_question(session)
    problem = service.report(session, ada.id, question, "fact", "409 is wrong.", now)
    service.close_problem(session, problem, reason, None, now + timedelta(days=1))
    assert queries.open_problems(session) == []
    assert notices(session)[-1] == ANSWERS[reason]
    with pytest.raises(Conflict):
        service.close_problem(session, problem, reason, None, now + timedelta(days=2))
    again = service.report(session, ada.id, question, "fact", "It is wrong again.", now + timedelta(days=3))
    assert again != problem


def test_what_is_no_kind_reason_or_report_is_refused(session: Session, now: datetime) -> None:
    ada, question = an_account(session, now), a_question(session)
    with pytest.raises(Invalid):
        service.report(session, ada.id, question, "spelling", "A comma.", now)
    with pytest.raises(Invalid):
        service.report(session, ada.id, question, "fact", "x" * 1001, now)
    with pytest.raises(NotFound):
        service.close_problem(session, uuid7(), "fixed", None, now)
    problem = service.report(session, ada.id, question, "fact", "409 is wrong.", now)
    with pytest.raises(Invalid):
        service.close_problem(session, problem, "no reason", None, now)


def test_the_database_takes_the_kinds_and_reasons_that_the_code_knows(session: Session, now: datetime) -> None:
    ada, question = an_account(session, now), a_question(session)
    for kind in KINDS:
        service.report(session, ada.id, question, kind, "Something.", now)
    assert set(ANSWERS) == set(REASONS)
    assert queries.open_count(session) == len(KINDS)


def test_reports_go_with_their_account_and_outlive_the_one_who_closed_them(session: Session, now: datetime) -> None:
    ada, eve = an_account(session, now), an_account(session, now, "eve@example.org")
    question = a_question(session)
    problem = service.report(session, ada.id, question, "fact", "409 is wrong.", now)
    service.close_problem(session, problem, "fixed", eve.id, now)
    session.execute(delete(Account).where(Account.id == eve.id))
    session.expire_all()
    assert session.get_one(QuestionProblem, problem).closed_by is None
    session.execute(delete(Account).where(Account.id == ada.id))
    session.expire_all()
    assert session.get(QuestionProblem, problem) is None
