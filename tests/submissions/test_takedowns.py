"""Asking for a question to be taken down."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.notifications.models import MailMessage
from lift.operations.retention import tidy
from lift.questions.models import Question
from lift.submissions import takedowns
from lift.submissions.models import Report, ReportDraft, Takedown
from lift.submissions.takedowns import Asking
from tests.factories import an_account
from tests.submissions.reporting import Reporters

ASKING = Asking("Jo Legal", "legal@contoso.example", "Contoso", "It repeats our sheet word for word.")


def test_it_waits_in_the_queue_and_a_receipt_is_mailed(session: Session, question: Question, now: datetime) -> None:
    asked = takedowns.ask(session, question.id, ASKING, now)
    assert takedowns.waiting(session) == [(asked, question)]
    (mail,) = session.execute(select(MailMessage)).scalars()
    assert (mail.kind, mail.to_address) == ("takedown_received", "legal@contoso.example")
    assert str(asked.id) in mail.body_text


def test_of_a_question_that_never_was_nobody_asks(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        takedowns.ask(session, uuid7(), ASKING, now)


def test_what_is_removed_leaves_the_bank_and_no_load_brings_it_back(
    session: Session, question: Question, now: datetime
) -> None:
    asked, reviewer = takedowns.ask(session, question.id, ASKING, now), an_account(session, now).id
    with pytest.raises(Invalid):
        takedowns.decide(session, asked.id, reviewer, remove=True, answer=" ", now=now)
    takedowns.decide(session, asked.id, reviewer, remove=True, answer="You are right.", now=now)
    assert (question.retired_at, question.origin) == (now, "desk")
    assert takedowns.waiting(session) == []
    with pytest.raises(Conflict):
        takedowns.decide(session, asked.id, reviewer, remove=False, answer="No.", now=now)
    kinds = session.execute(select(MailMessage.kind).order_by(MailMessage.id)).scalars().all()
    assert kinds == ["takedown_received", "takedown_answered"]


def test_a_year_after_the_answer_nobody_knows_who_asked(session: Session, question: Question, now: datetime) -> None:
    asked = takedowns.ask(session, question.id, ASKING, now)
    takedowns.decide(session, asked.id, an_account(session, now).id, remove=False, answer="It is ours.", now=now)
    tidy(session, now + timedelta(days=364))
    assert session.execute(select(Takedown.id)).first() is not None
    tidy(session, now + timedelta(days=366))
    assert session.execute(select(Takedown.id)).first() is None


def test_networks_and_old_drafts_are_forgotten(session: Session, reporters: Reporters, now: datetime) -> None:
    from lift.submissions import drafts

    report = reporters.send()
    drafts.save(session, report.account_id, {"words": "x"}, now)
    tidy(session, now + timedelta(days=91))
    assert session.execute(select(ReportDraft.account_id)).first() is None
    assert session.execute(select(Report.network)).scalar_one() is not None
    tidy(session, now + timedelta(days=740))
    assert session.execute(select(Report.network)).scalar_one() is None
