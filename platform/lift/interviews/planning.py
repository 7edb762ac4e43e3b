"""From a company's loop and what the bank offers to a plan: which rounds, with which questions. Pure, and the same for a seed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import UUID

from lift.catalog.role_rounds import is_led

WARM_UP_MINUTES = 15
SHORT_ROUND, SHORT_TALK, TALK = 40, 5, 10
"""Minutes of hello, questions of the candidate's and goodbye: in a round shorter than the first, and in a longer one."""
SLACK = 5
"""Minutes by which the last question may go over."""
FRESH_MONTHS = 12
PROVENANCE = {"verified": 3.0, "corroborated": 2.0, "reported": 1.0}
OF_THIS_KIND, OWN, OWN_ORG, FRESH, NEW_TOPIC, NEW_COMPETENCY = 8.0, 4.0, 2.0, 1.0, 2.0, 4.0
CHANCE = 3.0
"""What chance may add: enough to change which of similar questions is asked, too little to ask an unfitting one."""


@dataclass(frozen=True)
class RoundFacts:
    """A round as the catalogue describes it at this company."""

    kind: str
    minutes: int
    run_by: str
    looks_for: str
    topics: frozenset[str]
    """What rounds of this kind are about."""
    levels: frozenset[str] = frozenset()
    """Levels that have it; empty for all."""


@dataclass(frozen=True)
class Candidate:
    """A question that might be asked."""

    id: UUID
    round_kind: str
    topic: str
    competencies: frozenset[str]
    own: bool
    """Whether it names the company."""
    orgs: frozenset[str]
    minutes: int
    provenance: str
    last_reported: date | None


@dataclass(frozen=True)
class Wish:
    """What the loop is for."""

    level: str
    org: str | None
    seed: int
    today: date


@dataclass(frozen=True)
class PlannedRound:
    """A round with its questions in the order in which they are asked."""

    facts: RoundFacts
    questions: tuple[UUID, ...]


@dataclass
class _Used:
    """What earlier rounds of the loop have asked."""

    questions: set[UUID] = field(default_factory=set)
    competencies: set[str] = field(default_factory=set)


def held(rounds: Sequence[RoundFacts], level: str) -> list[RoundFacts]:
    """The rounds of a loop that somebody leads at this level."""
    return [r for r in rounds if is_led(r.run_by) and (not r.levels or level in r.levels)]


def plan(rounds: Sequence[RoundFacts], pools: Sequence[Collection[Candidate]], wish: Wish) -> list[PlannedRound]:
    """Questions for each round from its own pool; a round for which nothing is left to ask has none."""
    used = _Used()
    return [
        PlannedRound(facts, _picked(facts, pool, used, wish, Random(f"{wish.seed}:{place}")))  # noqa: S311 - no secret
        for place, (facts, pool) in enumerate(zip(rounds, pools, strict=True))
    ]


def room(minutes: int) -> int:
    """Minutes of a round that are left for questions."""
    return minutes - (SHORT_TALK if minutes < SHORT_ROUND else TALK)


def _picked(
    facts: RoundFacts, pool: Collection[Candidate], used: _Used, wish: Wish, chance: Random
) -> tuple[UUID, ...]:
    """The best fitting question, then the best of those that still fit, until the time is used."""
    # By id, so that chance falls on the same question whatever order the pool comes in.
    luck = {c.id: CHANCE * chance.random() for c in sorted(pool, key=lambda c: c.id)}
    picked: list[Candidate] = []
    left = room(facts.minutes)
    while left > 0:
        fitting = [c for c in pool if c.id not in used.questions and (c.minutes <= left + SLACK or not picked)]
        if not fitting:
            break
        topics = {c.topic for c in picked}
        best = max(fitting, key=lambda c: (_fit(c, facts, used, topics, wish) + luck[c.id] - _over(c, left), c.id))
        picked.append(best)
        used.questions.add(best.id)
        used.competencies |= best.competencies
        left -= best.minutes
    return tuple(c.id for c in picked)


def _over(candidate: Candidate, left: int) -> float:
    """A first question that is too long for the round is taken only when there is no other."""
    return 100.0 if candidate.minutes > left + SLACK else 0.0


def _fit(candidate: Candidate, facts: RoundFacts, used: _Used, topics: set[str], wish: Wish) -> float:
    months = _months(candidate.last_reported, wish.today)
    return sum(
        (
            OF_THIS_KIND * (candidate.round_kind == facts.kind),
            OWN * candidate.own,
            OWN_ORG * (wish.org in candidate.orgs),
            PROVENANCE.get(candidate.provenance, 0.0),
            FRESH * (months is not None and months <= FRESH_MONTHS),
            NEW_TOPIC * (candidate.topic not in topics),
            NEW_COMPETENCY * used.competencies.isdisjoint(candidate.competencies),
        )
    )


def _months(month: date | None, today: date) -> int | None:
    return None if month is None else (today.year - month.year) * 12 + today.month - month.month
