"""A loop is planned from the catalogue and the bank, gone through, and its committee meets at the end."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.catalog import queries as catalog
from lift.catalog.choices import loop_steps
from lift.interviews import loop_view, loops, service
from lift.interviews.loop_models import Loop
from lift.interviews.loop_view import LoopPage
from lift.interviews.loops import LATELY, MOST_A_DAY, LoopWish
from lift.interviews.models import Answer
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.questions.models import Question
from lift.scoring.types import Assessment, Rubric, SignalResult
from tests.factories import a_loop, a_question, an_account

TEXT = "I would put the key under a unique constraint and replay the stored response to the loser."
APIS = ("idempotency-keys-01", "rate-limiting-01", "offset-vs-keyset-01")
DESIGNS = ("low-level-design-01", "low-level-design-02", "low-level-design-03")
WISH = LoopWish("microsoft", "backend-engineer", "senior", None, None, "loop")


class HearsAll:
    """A scorer that hears every signal, or none."""

    def __init__(self, *, everything: bool) -> None:
        self.status = "covered" if everything else "missed"

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        quote = answer[:20] if self.status == "covered" else None
        signals = tuple(
            SignalResult(i, self.status, quote, 0 if quote else None, 20 if quote else None, 0.9)  # type: ignore[arg-type]  # one of the statuses
            for i in range(len(rubric.signals))
        )
        band = 4 if quote else 1
        return Assessment(True, None, signals, (), band, None, None, "fake", "1")


def asked(session: Session, loop: Loop) -> list[Question]:
    ids = [q.question_id for part in loop.rounds for q in part.questions]
    found = {q.id: q for q in session.execute(select(Question).where(Question.id.in_(ids))).scalars()}
    return [found[question_id] for question_id in ids]


def page(session: Session, loop: Loop) -> LoopPage:
    session.expire_all()
    again = loops.own_loop(session, loop.account_id, loop.id)
    known = catalog.names(session)
    return loop_view.loop_page(session, again, known.rounds, known.dimensions)


def of(session: Session, *slugs: str) -> list[Question]:
    return [a_question(session, slug) for slug in slugs]


def answer_rest(
    session: Session, account_id: UUID, loop: Loop, position: int, scorer: HearsAll | None, now: datetime
) -> None:
    """Answer what is left of a round; with a scorer have all answers read."""
    while page(session, loop).rounds[position - 1].left:
        answer = loops.go_on(session, account_id, loop.id, position, now)
        service.submit(session, account_id, answer.id, TEXT, 3, now)
    if scorer:
        read_all(session, account_id, scorer, now)


def read_all(session: Session, account_id: UUID, scorer: HearsAll, now: datetime) -> None:
    for answer_id in session.execute(select(Answer.id).where(Answer.account_id == account_id)).scalars().all():
        service.assess(session, answer_id, scorer, now)


def answer_all(session: Session, account_id: UUID, loop: Loop, scorer: HearsAll, now: datetime) -> None:
    for part in page(session, loop).rounds:
        answer_rest(session, account_id, loop, part.position, scorer, now)


def test_a_full_loop_has_the_companys_led_rounds_of_the_level(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    loop = loops.plan_loop(session, account.id, WISH, 7, now)
    steps = loop_steps(session, "microsoft", "backend-engineer")
    held = [s for s in steps if not s.run_by.startswith("automatic") and (not s.levels or "senior" in s.levels)]
    assert [part.kind for part in loop.rounds] == [step.kind for step in held]
    assert [part.minutes for part in loop.rounds] == [step.minutes for step in held]
    assert "online-assessment" not in {part.kind for part in loop.rounds}
    for question in asked(session, loop):
        assert "senior" in question.levels
        assert question.companies == [] or "microsoft" in question.companies


def test_the_same_seed_plans_the_same_loop_for_another_person(session: Session, now: datetime) -> None:
    first, second, third = (an_account(session, now, f"{name}@example.org") for name in ("ada", "eve", "bob"))
    plans = [
        asked(session, loops.plan_loop(session, account.id, WISH, seed, now))
        for account, seed in ((first, 7), (second, 7), (third, 8))
    ]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_what_was_seen_answered_or_planned_lately_is_not_asked(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    first = {q.id for q in asked(session, loops.plan_loop(session, account.id, WISH, 7, now))}
    again = {q.id for q in asked(session, loops.plan_loop(session, account.id, WISH, 7, now + timedelta(days=1)))}
    assert first.isdisjoint(again)
    later = {
        q.id for q in asked(session, loops.plan_loop(session, account.id, WISH, 7, now + LATELY + timedelta(days=2)))
    }
    assert later == first


def test_one_round_and_a_warm_up_are_short_plans(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    step = next(s for s in loop_steps(session, "microsoft", "backend-engineer") if s.kind == "coding")
    wish = LoopWish("microsoft", "backend-engineer", "senior", None, None, "round", step.position)
    assert [part.kind for part in loops.plan_loop(session, account.id, wish, 1, now).rounds] == ["coding"]
    wish = LoopWish("microsoft", "backend-engineer", "senior", None, None, "warm-up")
    (part,) = loops.plan_loop(session, account.id, wish, 1, now).rounds
    assert (part.minutes, len(part.questions)) == (15, 1)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (LoopWish("nobody", "backend-engineer", "senior", None, None, "loop"), "no round that this role"),
        (LoopWish("microsoft", "backend-engineer", "senior", None, None, "round", 99), "Nobody leads such a round"),
        (LoopWish("microsoft", "backend-engineer", "wizard", None, None, "loop"), "nothing for this loop"),
    ],
)
def test_a_loop_that_cannot_be_says_why(session: Session, now: datetime, wish: LoopWish, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        loops.plan_loop(session, an_account(session, now).id, wish, 1, now)


def test_so_many_loops_can_be_planned_in_a_day(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    for _ in range(MOST_A_DAY):
        a_loop(session, account, now, [a_question(session)])
    with pytest.raises(Conflict, match="20 loops a day"):
        loops.plan_loop(session, account.id, WISH, 1, now)
    loops.plan_loop(session, account.id, WISH, 1, now + timedelta(days=1))


def test_a_round_goes_on_where_it_was_left(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    questions = [a_question(session, slug) for slug in ("idempotency-keys-01", "rate-limiting-01")]
    loop = a_loop(session, account, now, questions)
    first = loops.go_on(session, account.id, loop.id, 1, now)
    assert first.question_id == questions[0].id
    assert loops.go_on(session, account.id, loop.id, 1, now).id == first.id
    service.submit(session, account.id, first.id, TEXT, 3, now)
    second = loops.go_on(session, account.id, loop.id, 1, now)
    assert second.question_id == questions[1].id
    service.submit(session, account.id, second.id, TEXT, 3, now)
    with pytest.raises(Conflict, match="has been answered"):
        loops.go_on(session, account.id, loop.id, 1, now)
    with pytest.raises(NotFound):
        loops.go_on(session, account.id, loop.id, 2, now)
    place = loop_view.place_of(session, second.id)
    assert place is not None
    assert (place.loop_id, place.position, place.rounds, place.number, place.questions) == (loop.id, 1, 1, 2, 2)


def test_somebody_elses_loop_is_not_found(session: Session, now: datetime) -> None:
    account, other = an_account(session, now), an_account(session, now, "eve@example.org")
    loop = a_loop(session, account, now, [a_question(session)])
    with pytest.raises(NotFound):
        loops.own_loop(session, other.id, loop.id)
    with pytest.raises(NotFound):
        loops.go_on(session, other.id, loop.id, 1, now)
    with pytest.raises(NotFound):
        loops.own_loop(session, account.id, uuid4())


def test_the_committee_meets_when_all_is_read(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    loop = a_loop(session, account, now, of(session, *APIS), of(session, *DESIGNS))
    assert [line.state for line in page(session, loop).rounds] == ["ahead", "ahead"]
    first = loops.go_on(session, account.id, loop.id, 1, now)
    assert page(session, loop).rounds[0].state == "under way"
    service.submit(session, account.id, first.id, TEXT, 3, now)
    assert page(session, loop).rounds[0].left == len(APIS) - 1
    answer_rest(session, account.id, loop, 1, None, now)
    assert page(session, loop).rounds[0].state == "being read"
    read_all(session, account.id, HearsAll(everything=True), now)
    partway = page(session, loop)
    assert (partway.rounds[0].state, partway.done, partway.committee) == ("done", 1, None)
    answer_rest(session, account.id, loop, 2, HearsAll(everything=True), now)
    met = page(session, loop).committee
    assert met is not None
    assert [write_up.vote for write_up in met.write_ups] == ["strong hire", "strong hire"]
    assert all(point.quote == TEXT[:20].strip() for write_up in met.write_ups for point in write_up.strengths)
    assert met.verdict.decision in ("hire", "open")
    assert met.against == []


def test_a_committee_that_heard_nothing_says_so_in_the_rounds_names(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    loop = a_loop(
        session,
        account,
        now,
        [a_question(session, "idempotency-keys-01")],
        [a_question(session, "low-level-design-01")],
    )
    answer_all(session, account.id, loop, HearsAll(everything=False), now)
    met = page(session, loop).committee
    assert met is not None
    assert met.verdict.decision == "no hire" or met.verdict.incomplete
    assert not any(reason.startswith(("api-design ", "low-level-design ")) for reason in met.against)
    assert all(write_up.doubts and not write_up.strengths for write_up in met.write_ups)


def test_a_corrected_text_counts_in_place_of_the_first(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    loop = a_loop(session, account, now, of(session, *APIS))
    answer_all(session, account.id, loop, HearsAll(everything=False), now)
    given = session.execute(select(Answer).where(Answer.account_id == account.id).order_by(Answer.id)).scalars().first()
    assert given is not None
    corrected = service.correct(session, account.id, given.id, TEXT + " And more.", now)
    assert page(session, loop).rounds[0].state == "being read"
    service.assess(session, corrected.id, HearsAll(everything=True), now)
    met = page(session, loop).committee
    assert met is not None
    assert met.write_ups[0].strengths
    assert page(session, loop).rounds[0].asked[0].href == f"/debriefs/{corrected.id}"


def test_the_list_counts_what_was_answered(session: Session, now: datetime) -> None:
    account = an_account(session, now)
    loop = a_loop(
        session,
        account,
        now,
        [a_question(session, "idempotency-keys-01")],
        [a_question(session, "low-level-design-01")],
    )
    answer = loops.go_on(session, account.id, loop.id, 1, now)
    service.submit(session, account.id, answer.id, TEXT, 3, now)
    (line,) = loop_view.loops(session, account.id)
    assert (line.id, line.company, line.rounds, line.questions, line.answered) == (loop.id, "microsoft", 2, 2, 1)
