"""What reviewers do."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.kernel.errors import Conflict, Denied, Invalid
from lift.notifications.models import MailMessage
from lift.questions.models import Question
from lift.submissions import reviews, trail, upkeep
from lift.submissions.models import Report, Review
from lift.submissions.placing import Place
from lift.submissions.reviewing import EXPERIENCED, Verdict
from tests.factories import a_question
from tests.submissions.reporting import OCTOBER, SEPTEMBER, Reporters
from tests.submissions.test_service import acts, said


def test_two_reviewers_of_one_mind_verify_and_the_card_says_so(
    session: Session, reporters: Reporters, question: Question
) -> None:
    first, _ = reporters.pair(question)
    assert reporters.review(first, Verdict.VERIFY) is None
    assert said(session, question)[0] == "corroborated"
    assert reporters.review(first, Verdict.VERIFY, ["fits_level"]) is Verdict.VERIFY
    assert said(session, question) == ("verified", 2, OCTOBER, None)
    assert trail.of(session, first.id)[-1].reasons == ["reports_agree", "fits_level"]
    kinds = session.execute(select(MailMessage.kind).where(MailMessage.account_id == first.account_id)).scalars()
    assert "report_verified" in list(kinds)


def test_an_experienced_reviewer_decides_alone(session: Session, reporters: Reporters, question: Question) -> None:
    reviewer = reporters.person()
    for number in range(EXPERIENCED):
        report = reporters.send(words=f"A new question about caches and queues, number {number}")
        reporters.review(report, Verdict.DECLINE, by=reviewer)
    first, _ = reporters.pair(question)
    assert reporters.review(first, Verdict.VERIFY, by=reviewer) is Verdict.VERIFY


def test_a_single_report_is_not_verified(reporters: Reporters, question: Question) -> None:
    with pytest.raises(Conflict, match="second"):
        reporters.review(reporters.send(question), Verdict.VERIFY)


def test_nobody_reviews_their_own_report_or_one_twice(reporters: Reporters, session: Session) -> None:
    ada, bob = reporters.person(), reporters.person()
    report = reporters.send(by=ada)
    with pytest.raises(Denied):
        reporters.review(report, Verdict.DECLINE, by=ada)
    reporters.review(report, Verdict.DECLINE, by=bob)
    with pytest.raises(Conflict, match="opinion"):
        reporters.review(report, Verdict.DECLINE, by=bob)


def test_a_decision_has_reasons_of_its_own_list(reporters: Reporters) -> None:
    report = reporters.send()
    for reasons in ([""], ["reports_agree"], ["because"]):
        with pytest.raises(Invalid):
            reporters.review(report, Verdict.DECLINE, reasons)


def test_a_declined_report_takes_its_support_along(session: Session, reporters: Reporters, question: Question) -> None:
    first, second = reporters.pair(question)
    reporters.decide(first, Verdict.DECLINE)
    assert (first.state, second.state) == ("declined", "screened")
    assert said(session, question) == ("reported", 1, SEPTEMBER, None)


def test_an_opinion_that_is_taken_back_takes_the_decision_back(
    session: Session, reporters: Reporters, question: Question
) -> None:
    first, second = reporters.pair(question)
    bob = reporters.person()
    reporters.review(first, Verdict.VERIFY)
    reporters.review(first, Verdict.VERIFY, by=bob)
    reviews.undo(session, first.id, bob.id, reporters.now)
    assert (first.state, first.verified_at, second.state) == ("corroborated", None, "corroborated")
    assert acts(session, first)[-3:] == ["verify", "undo", "corroborate"]
    assert said(session, question)[0] == "corroborated"
    assert reporters.review(first, Verdict.VERIFY, by=bob) is Verdict.VERIFY
    with pytest.raises(Conflict):
        reviews.undo(session, second.id, bob.id, reporters.now)


def test_a_reviewer_overrules_the_checks_and_the_reward_follows(
    session: Session, reporters: Reporters, question: Question
) -> None:
    report = reporters.send(question, org="pretzels")
    reviews.overrule(session, report.id, reporters.person().id, reporters.now)
    assert report.state == "screened"
    assert acts(session, report) == ["send", "fail", "overrule", "reward"]
    assert said(session, question)[0] == "reported"


def test_a_report_is_merged_into_a_question_of_the_bank_and_parted_again(
    session: Session, reporters: Reporters, question: Question
) -> None:
    known, new = reporters.send(question), reporters.send(month=SEPTEMBER)
    bob = reporters.person()
    merge = reviews.merge(session, new.id, Place(question.id), bob.id, reporters.now)
    assert (known.state, new.state) == ("corroborated", "corroborated")
    assert said(session, question) == ("corroborated", 2, OCTOBER, None)
    with pytest.raises(Conflict):
        reviews.merge(session, new.id, Place(question.id), bob.id, reporters.now)
    reviews.unmerge(session, merge.id, bob.id, reporters.now)
    assert (known.state, new.state, new.question_id) == ("screened", "screened", None)
    assert new.reported_id == new.sent_for_reported_id
    assert said(session, question) == ("reported", 1, OCTOBER, None)
    with pytest.raises(Conflict):
        reviews.unmerge(session, merge.id, bob.id, reporters.now)


def test_new_questions_are_merged_with_each_other_and_come_into_the_bank_together(
    session: Session, reporters: Reporters, question: Question
) -> None:
    one, other = reporters.send(), reporters.send(month=SEPTEMBER)
    bob = reporters.person().id
    reviews.merge(session, other.id, Place(reported_id=one.reported_id), bob, reporters.now)
    assert (one.state, other.state) == ("corroborated", "corroborated")
    reported_id = one.reported_id
    assert reported_id is not None
    reviews.adopt(session, reported_id, question.id, bob, reporters.now)
    assert said(session, question) == ("corroborated", 2, OCTOBER, None)
    reviews.adopt(session, reported_id, None, bob, reporters.now)
    assert said(session, question) == ("editorial", 0, None, None)
    assert (one.state, other.state) == ("corroborated", "corroborated")
    assert other.question_id is None


def test_merging_a_verified_report_and_parting_it_gives_back_what_was(
    session: Session, reporters: Reporters, question: Question
) -> None:
    first, _ = reporters.pair(question)
    reporters.decide(first, Verdict.VERIFY)
    before = said(session, question)
    elsewhere = a_question(session, "webhook-delivery-01")
    bob = reporters.person().id
    merge = reviews.merge(session, first.id, Place(elsewhere.id), bob, reporters.now)
    # Verified or not: there is no second report of that question.
    assert said(session, elsewhere) == ("reported", 1, OCTOBER, None)
    reviews.unmerge(session, merge.id, bob, reporters.now)
    assert said(session, question) == before
    assert said(session, elsewhere) == ("editorial", 0, None, None)


def test_after_24_months_the_round_says_what_it_was(
    session: Session, reporters: Reporters, question: Question, now: datetime
) -> None:
    first, second = reporters.pair(question)
    reporters.decide(first, Verdict.VERIFY)
    assert upkeep.age(session, now + timedelta(days=300)) == 0
    assert upkeep.age(session, now + timedelta(days=800)) == 1
    assert said(session, question) == ("editorial", 0, OCTOBER, "verified")
    assert upkeep.age(session, now + timedelta(days=800)) == 0
    assert (first.state, second.state) == ("verified", "corroborated")


def test_what_a_reviewer_said_stays_when_their_account_goes(session: Session, reporters: Reporters) -> None:
    report, bob = reporters.send(), reporters.person()
    reporters.review(report, Verdict.DECLINE, by=bob)
    session.delete(bob)
    session.flush()
    session.expire_all()
    assert session.execute(select(Review.reviewer_id)).scalars().all() == [None]
    assert reporters.review(report, Verdict.DECLINE) is Verdict.DECLINE
    assert session.get_one(Report, report.id).state == "declined"
