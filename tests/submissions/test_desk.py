"""The moderation desk: whose turn it is, several at once, wordings with a history, and questions made of reports."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.accounts.models import Account
from lift.catalog.files import read_catalog
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.questions.house_text import TO_WRITE, text_of
from lift.questions.models import Question
from lift.submissions import desk, desk_queue, house_draft, reviews, trail, wordings
from lift.submissions.desk_queue import Shelf
from lift.submissions.models import Report
from lift.submissions.reviewing import EXPERIENCED, Verdict
from tests.questions.sheets import a_row
from tests.submissions.reporting import BASE, SEPTEMBER, Reporters
from tests.submissions.test_service import said

CATALOG = read_catalog()
STYLED = (
    "A customer presses the button twice while the first payment still runs. Say what the service stores, when, and "
    "what the second request is answered."
)


@pytest.fixture
def rita(reporters: Reporters) -> Account:
    return reporters.person()


def lying(session: Session, reviewer: Account, shelf: Shelf) -> list[Report]:
    return [one.report for one in desk_queue.queue(session, reviewer.id, shelf)]


def test_to_do_is_what_somebody_can_decide_or_word_the_oldest_first(
    session: Session, reporters: Reporters, question: Question, rita: Account
) -> None:
    new = reporters.send()
    first, second = reporters.pair(question)
    alone = reporters.send(reporters.session.get_one(Question, other_question(session, question)))
    assert lying(session, rita, Shelf.TO_DO) == [new, first, second]
    assert lying(session, rita, Shelf.ALONE) == [alone]
    counts = desk_queue.counts(session, rita.id)
    assert (counts[Shelf.TO_DO], counts[Shelf.ALONE], counts[Shelf.DECIDED]) == (3, 1, 0)


def other_question(session: Session, question: Question) -> object:
    return session.execute(select(Question.id).where(Question.id != question.id).limit(1)).scalar_one()


def test_ones_own_reports_are_in_no_queue_of_ones_own(
    session: Session, reporters: Reporters, question: Question, rita: Account
) -> None:
    mine = reporters.send(question, by=rita)
    theirs = reporters.send(question, month=SEPTEMBER)
    for shelf in Shelf:
        assert mine not in lying(session, rita, shelf)
    assert lying(session, rita, Shelf.TO_DO) == [theirs]
    assert desk.take(session, [mine.id], rita.id, reporters.now) == 0


def test_an_opinion_moves_a_report_to_those_that_wait_for_a_second_reviewer(
    session: Session, reporters: Reporters, question: Question, rita: Account
) -> None:
    first, second = reporters.pair(question)
    reporters.review(first, Verdict.VERIFY, by=rita)
    assert lying(session, rita, Shelf.TO_DO) == [second]
    assert lying(session, rita, Shelf.GIVEN) == [first]
    assert first in lying(session, reporters.person(), Shelf.TO_DO)


def test_a_queue_keeps_to_a_company_and_to_what_one_has_taken(
    session: Session, reporters: Reporters, rita: Account, now: datetime
) -> None:
    one, two = (
        reporters.send(),
        reporters.send(company="amazon", org=None, level_code=None, level="senior"),
    )
    assert [w.report for w in desk_queue.queue(session, rita.id, company="amazon")] == [two]
    assert desk.take(session, [one.id, two.id, uuid4()], rita.id, now) == 2
    assert desk.take(session, [one.id], reporters.person().id, now) == 0
    assert desk.let_go(session, [two.id], rita.id) == 1
    assert [w.report for w in desk_queue.queue(session, rita.id, mine=True)] == [one]
    assert desk_queue.companies(session) == ["amazon", "microsoft"]


def test_neighbours_lead_through_what_is_to_do(session: Session, reporters: Reporters, rita: Account) -> None:
    a, b, c = (reporters.send(words=f"How does a cache of kind {number} forget what is stale?") for number in range(3))
    assert desk_queue.place_of(session, rita.id, b.id) == desk_queue.Place(a.id, c.id)
    assert desk_queue.place_of(session, rita.id, uuid4()) == desk_queue.Place(None, a.id)


def test_several_are_declined_for_one_reason_and_one_that_cannot_be_stops_none(
    session: Session, reporters: Reporters, rita: Account, now: datetime
) -> None:
    experienced(reporters, rita)
    good, own = reporters.send(), reporters.send(by=rita, words="How would you shard a ledger by its customers?")
    done = desk.decline_all(session, [good.id, own.id, uuid4()], rita.id, "spam", now, base_url=BASE)
    assert (done.done, done.waiting, len(done.refused)) == (1, 0, 2)
    assert (good.state, own.state) == ("declined", "screened")
    again = desk.decline_all(session, [reporters.send().id], reporters.person().id, "spam", now, base_url=BASE)
    assert (again.done, again.waiting) == (0, 1)


def experienced(reporters: Reporters, reviewer: Account) -> None:
    """The reviewer has as many opinions as make one decide alone."""
    for number in range(EXPERIENCED):
        reporters.review(
            reporters.send(words=f"What of a cache goes stale, number {number}?"), Verdict.DECLINE, by=reviewer
        )


def test_the_last_decision_is_offered_for_ten_minutes(
    session: Session, reporters: Reporters, rita: Account, now: datetime
) -> None:
    report = reporters.send()
    reporters.review(report, Verdict.DECLINE, by=rita)
    last = desk.last_decision(session, rita.id, now + desk.UNDO_WITHIN - timedelta(seconds=1))
    assert last is not None
    assert last.report_id == report.id
    assert desk.last_decision(session, rita.id, now + desk.UNDO_WITHIN) is None
    reviews.undo(session, report.id, rita.id, now)
    assert desk.last_decision(session, rita.id, now) is None


def test_agreement_is_measured_over_first_and_second_opinions(session: Session, reporters: Reporters) -> None:
    one, two, three = (reporters.send(words=f"How is a lease of kind {number} renewed?") for number in range(3))
    reporters.decide(one, Verdict.DECLINE)
    reporters.review(two, Verdict.DECLINE)
    reporters.review(three, Verdict.DECLINE)
    measured = desk.agreement(session)
    assert (measured.pairs, measured.alike, measured.enough) == (1, 1, False)


def test_a_wording_is_kept_changed_and_restored_with_its_history(
    session: Session, reporters: Reporters, rita: Account, now: datetime
) -> None:
    reported = reporters.send().reported_id
    assert reported is not None
    first = wordings.write(session, reported, f"  {STYLED} \n", rita.id, now)
    wordings.write(session, reported, STYLED + " Then say what goes wrong.", rita.id, now)
    wordings.restore(session, first.id, rita.id, now)
    assert wordings.reported(session, reported).prompt == STYLED
    assert [each.prompt == STYLED for each in wordings.history(session, reported)] == [True, False, True]
    with pytest.raises(Conflict, match="these words already"):
        wordings.restore(session, first.id, rita.id, now)
    with pytest.raises(NotFound):
        wordings.restore(session, uuid4(), rita.id, now)
    assert lying(session, rita, Shelf.TO_DO) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Too short to be one.", "5 words; a prompt of the bank has 15 to 90"),
        (STYLED + " Write to jane.doe@example.com for the rest of it.", "would mask"),
    ],
)
def test_a_wording_that_is_not_in_house_style_is_refused(
    session: Session, reporters: Reporters, rita: Account, now: datetime, text: str, why: str
) -> None:
    reported = reporters.send().reported_id
    assert reported is not None
    with pytest.raises(Invalid, match=why):
        wordings.write(session, reported, text, rita.id, now)


def test_a_reported_question_becomes_one_of_the_bank_and_its_reports_count_for_it(
    session: Session, reporters: Reporters, rita: Account, now: datetime
) -> None:
    report = reporters.send()
    assert report.reported_id is not None
    text = text_of(a_row(companies=["microsoft"]))
    made = desk.make_question(
        session, report.reported_id, text, CATALOG, who="rita@example.org", reviewer_id=rita.id, now=now
    )
    assert made.faults == []
    question = session.execute(select(Question).where(Question.slug == "idempotency-keys-90")).scalar_one()
    assert (question.origin, report.question_id) == ("desk", question.id)
    assert said(session, question)[:2] == ("reported", 1)
    assert trail.of(session, report.id)[-1].act == trail.ADOPT
    with pytest.raises(Conflict, match="question of the bank by now"):
        wordings.write(session, report.reported_id, STYLED, rita.id, now)


def test_a_faulty_text_makes_nothing_and_says_the_line(
    session: Session, reporters: Reporters, rita: Account, now: datetime
) -> None:
    report = reporters.send()
    assert report.reported_id is not None
    text = text_of(a_row(round="tea", minutes=10))
    made = desk.make_question(session, report.reported_id, text, CATALOG, who="r", reviewer_id=rita.id, now=now)
    line = text[: text.index("round: tea")].count("\n") + 1
    assert [(fault.line, fault.message) for fault in made.faults] == [(line, "round: 'tea' is not in the catalogue")]
    assert report.question_id is None


def test_the_draft_has_what_the_reports_say_and_is_not_taken_as_it_is(
    session: Session, reporters: Reporters, rita: Account, now: datetime
) -> None:
    report = reporters.send()
    reported = wordings.reported(session, report.reported_id)  # type: ignore[arg-type]  # it was sent as a new one
    wordings.write(session, reported.id, STYLED, rita.id, now)
    text = house_draft.draft(session, reported, CATALOG)
    for part in ("round: system-design", "- microsoft", "- azure", "- senior", "A customer presses the button twice"):
        assert part in text
    made = desk.make_question(session, reported.id, text, CATALOG, who="r", reviewer_id=rita.id, now=now)
    assert [fault.line for fault in made.faults] == [
        n for n, each in enumerate(text.split("\n"), start=1) if TO_WRITE in each
    ]
