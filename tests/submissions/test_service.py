"""Sending a report and taking it back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from billing.models import CompRow
from lift.accounts.models import Account
from lift.kernel.errors import Denied, Invalid, NotFound, RateLimited
from lift.kernel.ids import uuid7
from lift.notifications.models import MailMessage, Notice
from lift.questions.models import Question
from lift.submissions import drafts, service, trail, upkeep
from lift.submissions.ladder import State
from lift.submissions.models import Report, ReportDraft, ReportedQuestion
from tests.factories import an_account
from tests.submissions.reporting import BASE, OCTOBER, SENDING, SEPTEMBER, Reporters


def said(session: Session, question: Question) -> tuple[Any, ...]:
    session.refresh(question)
    return question.provenance, question.reports, question.last_reported, question.provenance_was


def acts(session: Session, report: Report) -> list[str]:
    return [event.act for event in trail.of(session, report.id)]


def test_a_plausible_report_counts_at_once_and_its_trail_says_why(
    session: Session, reporters: Reporters, question: Question
) -> None:
    report = reporters.send(question)
    assert report.state == "screened"
    assert report.level == "senior"
    assert acts(session, report) == ["send", "pass", "reward"]
    assert said(session, question) == ("reported", 1, OCTOBER, None)


def test_a_second_independent_report_corroborates_both(
    session: Session, reporters: Reporters, question: Question
) -> None:
    first, second = reporters.pair(question)
    assert (first.state, second.state) == ("corroborated", "corroborated")
    assert said(session, question) == ("corroborated", 2, OCTOBER, None)
    texts = session.execute(select(Notice.text).where(Notice.account_id == first.account_id)).scalars().all()
    assert any("second, independent report" in text for text in texts)


def test_the_same_month_corroborates_only_where_somebody_says_that_it_was_their_own_loop(
    session: Session, reporters: Reporters, question: Question
) -> None:
    reporters.send(question)
    assert reporters.send(question).state == "screened"
    assert reporters.send(question, own_month=True).state == "corroborated"


def test_one_network_or_one_person_never_corroborates_itself(
    session: Session, reporters: Reporters, question: Question
) -> None:
    ada = reporters.person()
    reporters.send(question, by=ada, network="203.0.113.1")
    reporters.send(question, by=ada, network="198.51.100.1", month=SEPTEMBER)
    reporters.send(question, network="203.0.113.250", month=SEPTEMBER)
    # The third is of the first one's network, and of the second one's month.
    assert session.execute(select(Report.state)).scalars().all() == ["screened"] * 3
    assert said(session, question)[1] == 2


def test_a_report_that_fails_the_checks_is_kept_with_the_reasons_and_counts_for_nothing(
    session: Session, reporters: Reporters, question: Question
) -> None:
    report = reporters.send(question, round="arm-wrestling")
    assert report.state == "refused"
    assert trail.of(session, report.id)[-1].reasons == ["unknown_round"]
    assert said(session, question) == ("editorial", 0, None, None)
    assert session.execute(select(func.count()).select_from(CompRow)).scalar_one() == 0
    mails = session.execute(select(MailMessage.kind).where(MailMessage.account_id == report.account_id)).scalars()
    assert list(mails) == ["report_refused"]


def test_the_same_question_of_the_same_month_is_reported_once(reporters: Reporters, question: Question) -> None:
    ada = reporters.person()
    assert reporters.send(question, by=ada).state == "screened"
    assert reporters.send(question, by=ada).state == "refused"
    assert reporters.send(question, by=ada, month=SEPTEMBER, words="").state == "screened"


def test_a_question_that_is_not_in_the_bank_gets_a_place_of_its_own(session: Session, reporters: Reporters) -> None:
    report = reporters.send()
    reported = session.get_one(ReportedQuestion, report.reported_id)
    assert (reported.company_slug, reported.question_id, reported.prompt) == ("microsoft", None, None)
    assert report.question_id is None


def test_names_and_addresses_are_masked_before_anything_is_stored(session: Session, reporters: Reporters) -> None:
    report = reporters.send(
        words="My interviewer Jane Doe (jane@contoso.com) asked about idempotent retries of payments"
    )
    assert report.words == "My interviewer [name] ([e-mail address]) asked about idempotent retries of payments"


def test_what_looks_like_leaked_text_is_refused_before_anything_is_stored(
    session: Session, reporters: Reporters
) -> None:
    with pytest.raises(Invalid, match="shape"):
        reporters.send(words="word " * 200)
    assert session.execute(select(Report)).first() is None


def test_only_somebody_with_a_proved_mailbox_reports(session: Session, now: datetime) -> None:
    account = an_account(session, now, verified=False)
    with pytest.raises(Denied):
        service.send(session, account.id, SENDING, None, now, base_url=BASE)


def test_a_question_that_never_was_is_not_found(reporters: Reporters, session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.send(session, reporters.person().id, replace(SENDING, question_id=uuid7()), None, now, base_url=BASE)


def test_the_sixth_report_of_a_day_has_to_wait(reporters: Reporters) -> None:
    ada = reporters.person()
    for number in range(5):
        reporters.send(by=ada, words=f"A new question about caches and queues, number {number}")
    with pytest.raises(RateLimited):
        reporters.send(by=ada, words="A new question about caches and queues, once more")


def test_a_network_too_has_its_share(reporters: Reporters) -> None:
    for number in range(10):
        reporters.send(network="198.51.100.9", words=f"A new question about caches and queues, number {number}")
    with pytest.raises(RateLimited):
        reporters.send(network="198.51.100.77")


def test_the_reward_is_seven_days_once_a_calendar_month_and_starts_now(
    session: Session, reporters: Reporters, question: Question
) -> None:
    ada = reporters.person()
    first = reporters.send(question, by=ada)
    second = reporters.send(by=ada, words="What keeps two workers from doing the same job twice?")
    (comp,) = session.execute(select(CompRow)).scalars()
    assert (comp.starts_at, comp.until) == (reporters.now, reporters.now + timedelta(days=7))
    rewards = [
        event.details["until"]
        for report in (first, second)
        for event in trail.of(session, report.id)
        if event.act == "reward"
    ]
    assert rewards == [comp.until.isoformat(), None]
    reporters.now += timedelta(days=14)
    reporters.send(by=ada, words="How does a lease with a fencing token keep two workers apart?")
    assert len(session.execute(select(CompRow)).all()) == 2


def test_a_report_is_taken_back_with_its_words_and_what_rested_on_it(
    session: Session, reporters: Reporters, question: Question
) -> None:
    first, second = reporters.pair(question)
    service.withdraw(session, first.account_id, first.id, reporters.now)
    assert (first.state, first.words, first.tested, first.network) == ("withdrawn", "", "", None)
    assert second.state == "screened"
    assert acts(session, second)[-2:] == ["corroborate", "lose"]
    assert said(session, question) == ("reported", 1, SEPTEMBER, None)


def test_nobody_takes_back_somebody_elses(reporters: Reporters, session: Session, question: Question) -> None:
    report = reporters.send(question)
    with pytest.raises(NotFound):
        service.withdraw(session, reporters.person().id, report.id, reporters.now)


def test_with_an_account_go_its_reports_and_what_they_counted_for(
    session: Session, reporters: Reporters, question: Question
) -> None:
    first, second = reporters.pair(question)
    new = reporters.send(by=session.get_one(Account, first.account_id), words="Why do two clocks never agree for long?")
    reported_id = new.reported_id
    service.forget_account(session, first.account_id, reporters.now)
    session.expire_all()
    assert session.execute(select(Report.id)).scalars().all() == [second.id]
    assert second.state == "screened"
    assert session.get(ReportedQuestion, reported_id) is None
    assert said(session, question) == ("reported", 1, SEPTEMBER, None)


def test_sending_throws_the_draft_away(session: Session, reporters: Reporters) -> None:
    ada = reporters.person()
    drafts.save(session, ada.id, {"words": "half a\x00 sentence"}, reporters.now)
    drafts.save(session, ada.id, {"words": "a whole sentence"}, reporters.now)
    assert session.execute(select(ReportDraft.fields)).scalars().all() == [{"words": "a whole sentence"}]
    reporters.send(by=ada)
    assert session.execute(select(ReportDraft)).first() is None


def test_what_a_question_was_is_still_said_when_the_networks_of_its_reports_are_forgotten(
    session: Session, reporters: Reporters, question: Question, now: datetime
) -> None:
    pair = reporters.pair(question)
    later = now + timedelta(days=775)
    kept_for = timedelta(days=731)
    upkeep.forget(session, later, networks_kept_for=kept_for, drafts_kept_for=kept_for, takedowns_kept_for=kept_for)
    upkeep.age(session, later)
    session.expire_all()
    assert [report.network for report in pair] == [None, None]
    assert (question.provenance, question.provenance_was) == ("editorial", "corroborated")
    # A new report of it takes nothing from the trail of the old ones.
    reporters.now = later
    reporters.send(question, month=later.date().replace(day=1))
    session.expire_all()
    assert [report.state for report in pair] == [State.CORROBORATED, State.CORROBORATED]
    assert (question.provenance, question.provenance_was) == ("reported", "corroborated")
