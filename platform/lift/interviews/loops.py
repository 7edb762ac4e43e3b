"""Use cases of a company's loop: plan it, go on with a round. The only writer of loops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lift.catalog.choices import LoopStep, loop_steps
from lift.interviews import service
from lift.interviews.loop_models import Loop, Round, RoundQuestion
from lift.interviews.models import Answer
from lift.interviews.planning import WARM_UP_MINUTES, Candidate, PlannedRound, RoundFacts, Wish, held, plan
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.questions import queries as questions
from lift.questions.asking import askable
from lift.shelf import queries as shelf

LATELY = timedelta(days=60)
"""What was seen, answered or planned since is not asked again."""
MOST_A_DAY = 20
ASKED_AT = {
    "principal": ("principal", "staff"),
    "partner": ("partner", "principal", "staff"),
    "distinguished": ("distinguished", "partner", "principal", "staff"),
}
"""Levels whose questions are asked at the highest steps, for which few are written."""
WARM_UP_FAMILY = ("coding", "technical-interview", "phone-screen", "system-design")
"""Rounds that a warm-up is taken from, the first that the loop has."""


@dataclass(frozen=True)
class LoopWish:
    """What a person asks for. ``position`` names the round of the company's loop when only one is wanted."""

    company: str
    role: str
    level: str
    org: str | None
    interview_on: date | None
    scope: str
    position: int | None = None


def plan_loop(session: Session, account_id: UUID, wish: LoopWish, seed: int, now: datetime) -> Loop:
    """Plan a loop and keep it. Invalid where nothing can be asked; Conflict after too many in a day."""
    _allow(session, account_id, now)
    rounds = _rounds(session, wish)
    without = _lately(session, account_id, now)
    pools = [_pool(session, wish, facts, without) for facts in rounds]
    planned = plan(rounds, pools, Wish(wish.level, wish.org, seed, now.date()))
    if not any(part.questions for part in planned):
        raise Invalid(
            "The bank has nothing for this loop that you have not seen lately. Try another level, or search it."
        )
    loop = Loop(
        id=uuid7(),
        account_id=account_id,
        company_slug=wish.company,
        role_slug=wish.role,
        level=wish.level,
        org_slug=wish.org,
        interview_on=wish.interview_on,
        scope=wish.scope,
        seed=seed,
        planned_at=now,
        rounds=[_round(place, part) for place, part in enumerate(planned, start=1)],
    )
    session.add(loop)
    session.flush()
    return loop


def _allow(session: Session, account_id: UUID, now: datetime) -> None:
    # Of two at once the second waits for the first, and then sees its loop.
    session.execute(select(func.pg_advisory_xact_lock(account_id.int & 0x7FFF_FFFF_FFFF_FFFF)))
    since = now - timedelta(days=1)
    made = session.execute(
        select(func.count()).select_from(Loop).where(Loop.account_id == account_id, Loop.planned_at > since)
    ).scalar_one()
    if made >= MOST_A_DAY:
        raise Conflict(f"{MOST_A_DAY} loops a day can be planned. Take one of those that you have.")


def _rounds(session: Session, wish: LoopWish) -> list[RoundFacts]:
    steps = loop_steps(session, wish.company, wish.role)
    if not steps:
        raise Invalid("This company’s loop has no round that this role is known to have.")
    if wish.scope == "round":
        steps = [step for step in steps if step.position == wish.position]
    rounds = held([_facts(step) for step in steps], wish.level)
    if wish.scope == "warm-up":
        rounds = _warm_up(rounds)
    if not rounds:
        raise Invalid("Nobody leads such a round at this level. Choose another level or round.")
    return rounds


def _facts(step: LoopStep) -> RoundFacts:
    return RoundFacts(
        step.kind, step.minutes, step.run_by, step.looks_for, frozenset(step.topics), frozenset(step.levels)
    )


def _warm_up(rounds: Sequence[RoundFacts]) -> list[RoundFacts]:
    by_kind = {facts.kind: facts for facts in reversed(rounds)}
    found = next((by_kind[kind] for kind in WARM_UP_FAMILY if kind in by_kind), rounds[0] if rounds else None)
    if found is None:
        return []
    return [RoundFacts(found.kind, WARM_UP_MINUTES, found.run_by, found.looks_for, found.topics, found.levels)]


def _lately(session: Session, account_id: UUID, now: datetime) -> set[UUID]:
    since = now - LATELY
    answered = select(Answer.question_id).where(Answer.account_id == account_id, Answer.started_at >= since)
    planned = (
        select(RoundQuestion.question_id)
        .join(Round, Round.id == RoundQuestion.round_id)
        .join(Loop, Loop.id == Round.loop_id)
        .where(Loop.account_id == account_id, Loop.planned_at >= since)
    )
    kept = session.execute(answered.union(planned)).scalars()
    return {*kept, *shelf.seen_since(session, account_id, since)}


def _pool(session: Session, wish: LoopWish, facts: RoundFacts, without: set[UUID]) -> list[Candidate]:
    found = askable(
        session,
        company=wish.company,
        role=wish.role,
        levels=ASKED_AT.get(wish.level, (wish.level,)),
        kind=facts.kind,
        topics=facts.topics,
        without=without,
    )
    return [
        Candidate(
            q.id,
            q.round_kind,
            q.topic_slug,
            frozenset(q.competencies),
            wish.company in q.companies,
            frozenset(q.orgs),
            q.minutes,
            q.provenance,
            q.last_reported,
        )
        for q in found
    ]


def _round(place: int, planned: PlannedRound) -> Round:
    facts = planned.facts
    return Round(
        id=uuid7(),
        position=place,
        kind=facts.kind,
        minutes=facts.minutes,
        run_by=facts.run_by,
        looks_for=facts.looks_for,
        questions=[
            RoundQuestion(id=uuid7(), position=number, question_id=question)
            for number, question in enumerate(planned.questions, start=1)
        ],
    )


def own_loop(session: Session, account_id: UUID, loop_id: UUID, *, for_update: bool = False) -> Loop:
    """The account's own loop with rounds and questions; anybody else's is not found."""
    statement = (
        select(Loop)
        .where(Loop.id == loop_id, Loop.account_id == account_id)
        .options(selectinload(Loop.rounds).selectinload(Round.questions))
    )
    if for_update:
        statement = statement.with_for_update()
    loop = session.execute(statement).scalar_one_or_none()
    if loop is None:
        raise NotFound("There is no such loop.")
    return loop


def go_on(session: Session, account_id: UUID, loop_id: UUID, position: int, now: datetime) -> Answer:
    """The question that comes next in a round, begun; one that was begun and not submitted is taken up again."""
    loop = own_loop(session, account_id, loop_id, for_update=True)
    part = next((part for part in loop.rounds if part.position == position), None)
    if part is None:
        raise NotFound("The loop has no such round.")
    for line in part.questions:
        answer = session.get(Answer, line.answer_id) if line.answer_id else None
        if answer is None:
            begun = service.begin(session, account_id, questions.by_id(session, line.question_id), now)
            line.answer_id = begun.id
            session.flush()
            return begun
        if answer.submitted_at is None:
            return answer
    raise Conflict("Every question of this round has been answered.")
