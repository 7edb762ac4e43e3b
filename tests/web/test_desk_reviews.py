"""The moderation desk over HTTP: for reviewers and nobody else, and without any script."""

import html
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.accounts.people import Role, grant, make_admin, revoke
from lift.kernel.clock import FixedClock
from lift.notifications.models import MailMessage, Notice
from lift.problems import service as problems
from lift.questions.house_text import text_of
from lift.questions.models import Question
from lift.submissions import reviews
from lift.submissions.models import Merge, Report, ReportedQuestion, Takedown
from lift.submissions.reasons import DECLINING, VERIFYING
from lift.submissions.reviewing import EXPERIENCED, Verdict
from tests.factories import a_question
from tests.questions.sheets import a_row
from tests.submissions.reporting import SENDING, Reporters
from tests.web.desk_things import STYLED, a_takedown
from tests.web.practice_room import Candidate, words_of

QUEUE = "/desk/reviews"


@pytest.fixture
def rita(app: Flask, session: Session, now: datetime) -> Candidate:
    made = Candidate(app, session, now, "rita@example.org")
    grant(session, made.account, Role.REVIEWER, now)
    session.commit()
    return made


@pytest.fixture
def reporters(session: Session, now: datetime) -> Reporters:
    return Reporters(session, now)


@pytest.fixture
def question(session: Session) -> Question:
    return a_question(session, "idempotency-keys-01")


@pytest.fixture
def pair(session: Session, reporters: Reporters, question: Question) -> tuple[Report, Report]:
    """Two independent reports of one question of the bank."""
    found = reporters.pair(question)
    session.commit()
    return found


def page_of(report: Report) -> str:
    return f"{QUEUE}/reports/{report.id}"


def experienced(session: Session, reporters: Reporters, rita: Candidate) -> None:
    for number in range(EXPERIENCED):
        report = reporters.send(words=f"What of a cache goes stale, number {number}?")
        reporters.review(report, Verdict.DECLINE, by=rita.account)
    session.commit()


def test_a_reviewer_sees_reports_and_neither_money_nor_accounts(rita: Candidate, session: Session) -> None:
    for address in (QUEUE, f"{QUEUE}/takedowns", f"{QUEUE}/problems", f"{QUEUE}/agreement"):
        assert rita.get(address).status_code == 200
    for address in ("/desk", "/desk/numbers", "/desk/events", "/desk/audit", "/desk/questions"):
        assert rita.get(address).status_code == 404
    page = rita.get("/home").text
    assert 'href="/desk/reviews"' in page
    assert 'href="/desk"' not in page
    revoke(session, rita.account, Role.REVIEWER)
    session.commit()
    assert rita.get(QUEUE).status_code == 404


def test_who_runs_the_place_reviews_too(app: Flask, session: Session, now: datetime) -> None:
    boss = Candidate(app, session, now, "boss@example.org")
    make_admin(session, boss.account, now)
    session.commit()
    assert 'href="/desk"' in boss.get(QUEUE).text


def test_the_queue_says_how_long_each_has_waited(
    rita: Candidate, pair: tuple[Report, Report], clock: FixedClock
) -> None:
    assert "new, 0 hours" in rita.get(QUEUE).text
    clock.advance(timedelta(days=3))
    assert "due, 3 days" in rita.get(QUEUE).text
    clock.advance(timedelta(days=3))
    page = words_of(rita.get(QUEUE).text)
    assert "late by 24 hours" in page
    assert "To do 2" in page


@pytest.mark.parametrize("query", ["state=x", "company=acme", "company=%00", "mine=1", "state=alone", "state=decided"])
def test_filters_that_find_nothing_say_so(rita: Candidate, pair: tuple[Report, Report], query: str) -> None:
    assert rita.get(f"{QUEUE}?{query}").status_code == 200


def test_a_report_stands_beside_what_it_may_be(
    rita: Candidate, reporters: Reporters, question: Question, session: Session
) -> None:
    report = reporters.send(words=question.prompt.replace("key", "token"))
    session.commit()
    page = html.unescape(rita.get(page_of(report)).text)
    assert f'It is this one<span class="visually-hidden">: merge into {question.slug}' in page
    assert "<del>token" in page
    assert "<ins>key" in page


def test_an_opinion_and_a_second_one_verify_and_the_card_says_so(
    rita: Candidate, pair: tuple[Report, Report], session: Session, question: Question, reporters: Reporters
) -> None:
    reply = rita.post(f"{page_of(pair[0])}/verify", reasons="reports_agree", note="both name the same race")
    assert reply.location == page_of(pair[1])
    assert "A further reviewer is needed" in rita.get(page_of(pair[1])).text
    assert "both name the same race" in rita.get(page_of(pair[0])).text
    reporters.review(pair[0], Verdict.VERIFY)
    session.commit()
    session.refresh(question)
    assert (question.provenance, question.reports) == ("verified", 2)
    assert "Verified" in words_of(rita.get(f"{QUEUE}?state=decided").text)


def test_no_two_things_on_the_page_of_a_report_have_one_id(rita: Candidate, pair: tuple[Report, Report]) -> None:
    ids = re.findall(r' id="([^"]+)"', rita.get(page_of(pair[0])).text)
    assert len(ids) > 20
    assert sorted(ids) == sorted(set(ids))


def test_one_reason_is_enough_for_a_browser(rita: Candidate, pair: tuple[Report, Report]) -> None:
    boxes = re.findall(r'<input[^>]*name="reasons"[^>]*>', rita.get(page_of(pair[0])).text)
    assert len(boxes) == len(DECLINING) + len(VERIFYING)
    assert not any("required" in box for box in boxes)


def test_an_opinion_without_a_reason_comes_back_filled_in(rita: Candidate, pair: tuple[Report, Report]) -> None:
    reply = rita.post(f"{page_of(pair[0])}/decline", note="they differ in the month")
    assert reply.status_code == 422
    assert "Tick at least one reason." in reply.text
    assert "they differ in the month</textarea>" in reply.text
    assert rita.post(f"{page_of(pair[0])}/decline", reasons="because").status_code == 422


def test_what_one_person_alone_said_is_not_verified(
    rita: Candidate, reporters: Reporters, question: Question, session: Session
) -> None:
    report = reporters.send(question)
    session.commit()
    assert "this waits for a second, independent report" in rita.get(page_of(report)).text
    assert rita.post(f"{page_of(report)}/verify", reasons="reports_agree").status_code == 303
    assert report.state == "screened"


def test_ones_own_report_is_somebody_elses_to_review(
    rita: Candidate, reporters: Reporters, question: Question, session: Session
) -> None:
    report = reporters.send(question, by=rita.account)
    session.commit()
    assert rita.get(page_of(report)).status_code == 403
    for act, fields in (("decline", {"reasons": "spam"}), ("merge", {"into": "idempotency-keys-02"}), ("overrule", {})):
        assert rita.post(f"{page_of(report)}/{act}", **fields).status_code == 403
    assert report.state == "screened"


def test_a_decision_is_taken_back_as_a_step_of_its_own(
    rita: Candidate, pair: tuple[Report, Report], session: Session, reporters: Reporters
) -> None:
    experienced(session, reporters, rita)
    assert rita.post(f"{page_of(pair[0])}/decline", reasons="unclear").status_code == 303
    session.refresh(pair[0])
    assert pair[0].state == "declined"
    page = rita.get(QUEUE).text
    assert "Your last word: <b>decline</b>" in page
    rita.post(f"{page_of(pair[0])}/undo")
    session.refresh(pair[0])
    assert pair[0].state == "corroborated"
    trail = words_of(rita.get(page_of(pair[0])).text)
    assert "Declined, now declined" in trail
    assert "Decision taken back, now screened" in trail
    assert rita.post(f"{page_of(pair[0])}/undo").status_code == 409


def test_a_report_is_merged_and_parted_again(
    rita: Candidate, reporters: Reporters, question: Question, session: Session
) -> None:
    report = reporters.send()
    session.commit()
    assert rita.post(f"{page_of(report)}/merge", into=question.slug).status_code == 303
    session.refresh(report)
    assert report.question_id == question.id
    merge = session.execute(select(Merge)).scalar_one()
    for _ in range(2):
        assert rita.post(f"{page_of(report)}/merges/{merge.id}/undo").status_code == 303
    session.refresh(report)
    assert report.question_id is None
    for into in ("", "no-such-question", str(uuid4()), "\x00", "x" * 200):
        assert rita.post(f"{page_of(report)}/merge", into=into).status_code == 422
    other = reporters.send(words="How do you see that a retried payment is the same payment?")
    session.commit()
    assert rita.post(f"{page_of(report)}/merge", into=str(other.reported_id)).status_code == 303
    assert rita.post(f"{page_of(report)}/merge", into=str(other.reported_id)).status_code == 422


def test_several_are_taken_let_go_and_declined(rita: Candidate, reporters: Reporters, session: Session) -> None:
    experienced(session, reporters, rita)
    chosen = [reporters.send(words=f"How is a lease of kind {number} renewed?") for number in range(2)]
    session.commit()
    ids = [str(each.id) for each in chosen]
    rita.post(f"{QUEUE}/several", act="take", report=ids)
    assert rita.get(f"{QUEUE}?mine=1").text.count("data-queue-row") == 2
    rita.post(f"{QUEUE}/several", act="let-go", report=ids[:1])
    assert rita.get(f"{QUEUE}?mine=1").text.count("data-queue-row") == 1
    assert rita.post(f"{QUEUE}/several", act="decline", report=ids).status_code == 303
    assert "Choose the reason" in rita.get(QUEUE).text
    rita.post(f"{QUEUE}/several", act="decline", reason="spam", report=[*ids, str(uuid4())])
    assert "Declined: 2. Left alone: 1" in rita.get(QUEUE).text
    assert rita.post(f"{QUEUE}/several", act="decline").status_code == 303
    assert rita.post(f"{QUEUE}/several", act="decline", report="x").status_code == 400
    assert rita.post(f"{QUEUE}/several", act="shred", report=ids).status_code == 400


def test_a_refused_report_is_let_pass_all_the_same(rita: Candidate, reporters: Reporters, session: Session) -> None:
    report = reporters.send(level_code="no such level")
    assert report.state == "refused"
    session.commit()
    assert "There is no such" not in rita.get(page_of(report)).text
    assert rita.post(f"{page_of(report)}/overrule").status_code == 303
    session.refresh(report)
    assert report.state == "screened"


def test_a_new_question_is_worded_restored_and_put_into_the_bank(
    rita: Candidate, reporters: Reporters, session: Session
) -> None:
    report = reporters.send()
    session.commit()
    address = f"{QUEUE}/reported/{report.reported_id}"
    assert rita.post(address, prompt="Too short.").status_code == 422
    for prompt in (STYLED, f"{STYLED} Then say what goes wrong."):
        assert rita.post(address, prompt=prompt).status_code == 303
    page = rita.get(address).text
    assert "<ins>Then say what goes wrong. </ins>" in page
    wording = re.findall(r"/restore/([0-9a-f-]{36})", page)[0]
    rita.post(f"{address}/restore/{wording}")
    assert session.get_one(ReportedQuestion, report.reported_id).prompt == STYLED
    assert "TODO" in rita.get(f"{address}/question").text
    faulty = rita.post(f"{address}/question", text=text_of(a_row(minutes=0)))
    assert faulty.status_code == 422
    assert "minutes: Input should be greater than or equal to 2" in faulty.text
    assert "minutes: 0" in faulty.text
    made = rita.post(f"{address}/question", text=text_of(a_row()).replace("\n", "\r\n"))
    assert made.location == f"{QUEUE}/questions/idempotency-keys-90"
    session.refresh(report)
    assert session.get_one(Question, report.question_id).slug == "idempotency-keys-90"
    assert rita.post(f"{address}/question", text=text_of(a_row(91))).status_code == 409
    assert "idempotency-keys-90" in rita.get(address).text
    for _ in range(2):
        assert rita.post(f"{address}/part").status_code == 303
    session.refresh(report)
    assert report.question_id is None


def test_a_question_of_the_files_is_edited_when_it_is_taken_over_and_restored(
    rita: Candidate, question: Question, session: Session
) -> None:
    address = f"{QUEUE}/questions/{question.slug}"
    old = question.prompt
    text = text_of(a_row(id=question.slug))
    assert "Tick this to change it here." in rita.post(address, text=text).text
    assert rita.post(address, text=text, take_over="y").status_code == 303
    session.refresh(question)
    assert (question.prompt, question.origin) == (a_row()["prompt"], "desk")
    page = rita.get(address).text
    revision = re.findall(r"/restore/([0-9a-f-]{36})", page)[0]
    assert "an edit by rita@example.org" in page
    assert rita.post(f"{address}/restore/{revision}").status_code == 303
    session.refresh(question)
    assert question.prompt == old
    assert rita.post(f"{address}/restore/{uuid4()}").status_code == 404
    assert rita.post(address, text="[").status_code == 422


def test_a_takedown_is_decided_and_answered_by_mail(rita: Candidate, session: Session, now: datetime) -> None:
    asked = a_takedown(session, now)
    session.commit()
    assert "1 request</a> to take" not in rita.get(QUEUE).text
    assert "1 request to take a question down" in words_of(rita.get(QUEUE).text)
    address = f"{QUEUE}/takedowns/{asked.id}"
    assert "word for word" in rita.get(address).text
    assert rita.post(address, act="remove", answer=" ").status_code == 422
    for _ in range(2):
        reply = rita.post(address, act="remove", answer="You are right, it is gone.")
        assert reply.location == f"{QUEUE}/takedowns"
    session.expire_all()
    assert session.get_one(Question, asked.question_id).retired_at is not None
    assert session.get_one(Takedown, asked.id).state == "removed"
    kinds = list(
        session.execute(select(MailMessage.kind).where(MailMessage.to_address == "grace@example.org")).scalars()
    )
    assert sorted(kinds) == ["takedown_answered", "takedown_received"]
    assert "You are right, it is gone." in rita.get(address).text
    assert rita.get(f"{QUEUE}/takedowns/{uuid4()}").status_code == 404


def test_a_problem_with_a_question_is_closed_with_a_reason(
    rita: Candidate, question: Question, session: Session, reporters: Reporters, now: datetime
) -> None:
    person = reporters.person()
    problem = problems.report(session, person.id, question, "fact", "429 is no redirect.", now)
    session.commit()
    page = rita.get(f"{QUEUE}/problems").text
    assert "429 is no redirect." in page
    for reason in ("", "because", "fixed", "fixed"):
        assert rita.post(f"{QUEUE}/problems/{problem}/close", reason=reason).status_code == 303
    assert "429 is no redirect." not in rita.get(f"{QUEUE}/problems").text
    assert len(session.execute(select(Notice).where(Notice.kind == "problem_closed")).all()) == 1
    assert rita.post(f"{QUEUE}/problems/{uuid4()}/close", reason="fixed").status_code == 404


def test_agreement_is_shown_when_there_is_enough_of_it(
    rita: Candidate, reporters: Reporters, session: Session, now: datetime
) -> None:
    assert "Not enough yet" in rita.get(f"{QUEUE}/agreement").text
    two = [reporters.person() for _ in range(2)]
    for number in range(20):
        report = reporters.send(words=f"How is a shard of kind {number} split in two?")
        for reviewer in two:
            if report.state == "screened":
                reviews.review(
                    session, report.id, reviewer.id, Verdict.DECLINE, ["unclear"], now, base_url="https://lift.example"
                )
    session.commit()
    page = words_of(rita.get(f"{QUEUE}/agreement").text)
    assert "20 of 20" in page
    assert "everybody said the same" in page


def test_who_sent_a_report_is_not_told_to_reviewers(
    rita: Candidate, pair: tuple[Report, Report], session: Session
) -> None:
    for page in (rita.get(QUEUE).text, rita.get(page_of(pair[0])).text):
        assert "person1@example.org" not in page
        assert str(pair[0].account_id) not in page
    assert SENDING.words.split("?")[0] in html.unescape(rita.get(page_of(pair[0])).text)


NUL = "a\x00b\ud7ff\uffff \u202e"


def test_no_character_that_is_typed_breaks_the_desk(
    rita: Candidate, pair: tuple[Report, Report], reporters: Reporters, session: Session, now: datetime
) -> None:
    new, asked = reporters.send(), a_takedown(session, now)
    session.commit()
    for address, fields in (
        (f"{page_of(pair[0])}/decline", {"reasons": "unclear", "note": NUL}),
        (f"{page_of(pair[1])}/decline", {"reasons": NUL, "note": NUL}),
        (f"{page_of(new)}/merge", {"into": NUL}),
        (f"{QUEUE}/reported/{new.reported_id}", {"prompt": f"{STYLED} {NUL}"}),
        (f"{QUEUE}/reported/{new.reported_id}/question", {"text": NUL}),
        (f"{QUEUE}/questions/idempotency-keys-01", {"text": NUL, "take_over": "y"}),
        (f"{QUEUE}/takedowns/{asked.id}", {"act": "keep", "answer": NUL}),
        (f"{QUEUE}/takedowns/{asked.id}", {"act": NUL, "answer": NUL}),
        (f"{QUEUE}/several", {"act": NUL, "report": NUL, "reason": NUL, "state": NUL}),
        (f"{QUEUE}/problems/{uuid4()}/close", {"reason": NUL}),
    ):
        assert rita.post(address, **fields).status_code < 500, address
    for query in ("state", "company", "mine"):
        assert rita.get(f"{QUEUE}?{query}=%00%F0%9F%98%80'--").status_code == 200
    assert rita.get(f"{QUEUE}/questions/%00").status_code == 404
