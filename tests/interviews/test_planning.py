"""A plan fits its company, level and time, asks nothing twice, and is the same for the same seed."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lift.interviews.planning import SLACK, Candidate, PlannedRound, RoundFacts, Wish, held, plan, room

TODAY = date(2026, 11, 30)
TOPICS = ["api-design", "coding", "behavioural", "system-design"]
KINDS = ["coding", "system-design", "behavioural"]


def a_round(
    kind: str = "system-design", minutes: int = 60, run_by: str = "senior engineer", *levels: str
) -> RoundFacts:
    return RoundFacts(kind, minutes, run_by, "Large systems", frozenset(TOPICS), frozenset(levels))


def a_candidate(number: int, **changes: object) -> Candidate:
    plain: dict[str, object] = {
        "id": UUID(int=number),
        "round_kind": "system-design",
        "topic": "api-design",
        "competencies": frozenset({f"competency-{number}"}),
        "own": False,
        "orgs": frozenset(),
        "minutes": 15,
        "provenance": "editorial",
        "last_reported": None,
    }
    return Candidate(**(plain | changes))  # type: ignore[arg-type]  # the tests give what each field takes


def a_plan(
    rounds: Sequence[RoundFacts], pool: Sequence[Candidate], *, seed: int = 1, org: str | None = None
) -> list[PlannedRound]:
    return plan(rounds, [pool for _ in rounds], Wish("senior", org, seed, TODAY))


CANDIDATES = st.lists(
    st.builds(
        a_candidate,
        st.integers(1, 10_000),
        round_kind=st.sampled_from(KINDS),
        topic=st.sampled_from(TOPICS),
        own=st.booleans(),
        minutes=st.integers(5, 45),
        provenance=st.sampled_from(["editorial", "reported", "verified"]),
        last_reported=st.none() | st.dates(date(2024, 1, 1), TODAY),
    ),
    max_size=40,
    unique_by=lambda candidate: candidate.id,
)
ROUNDS = st.lists(st.builds(a_round, st.sampled_from(KINDS), st.integers(15, 75)), min_size=1, max_size=6)


@given(ROUNDS, CANDIDATES, st.integers(0, 2**62))
def test_nothing_is_asked_twice_and_a_round_keeps_its_time(
    rounds: list[RoundFacts], pool: list[Candidate], seed: int
) -> None:
    minutes = {c.id: c.minutes for c in pool}
    planned = a_plan(rounds, pool, seed=seed)
    asked = [question for part in planned for question in part.questions]
    assert len(asked) == len(set(asked))
    assert len(planned) == len(rounds)
    for part in planned:
        if len(part.questions) > 1:
            assert sum(minutes[q] for q in part.questions) <= room(part.facts.minutes) + SLACK


@given(ROUNDS, CANDIDATES, st.integers(0, 2**62), st.randoms())
def test_a_seed_gives_the_same_plan_whatever_order_the_bank_comes_in(
    rounds: list[RoundFacts], pool: list[Candidate], seed: int, shuffled: object
) -> None:
    other = list(pool)
    shuffled.shuffle(other)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert a_plan(rounds, pool, seed=seed) == a_plan(rounds, other, seed=seed)


def test_seeds_differ_among_questions_that_fit_alike() -> None:
    pool = [a_candidate(number) for number in range(1, 30)]
    assert len({a_plan([a_round()], pool, seed=seed)[0].questions for seed in range(10)}) > 5


def test_the_companys_own_question_of_this_kind_of_round_comes_before_all() -> None:
    own = a_candidate(7, own=True)
    others = [a_candidate(n, round_kind="coding", own=True, provenance="verified") for n in range(10, 20)]
    for seed in range(20):
        assert a_plan([a_round(minutes=25)], [*others, own], seed=seed)[0].questions[0] == own.id


def test_the_org_decides_among_the_companys_own() -> None:
    of_org = a_candidate(3, own=True, orgs=frozenset({"azure"}), provenance="reported")
    pool = [of_org, *(a_candidate(n, own=True) for n in range(4, 9))]
    assert a_plan([a_round(minutes=20)], pool, org="azure")[0].questions[0] == of_org.id


def test_a_loop_spreads_over_competencies() -> None:
    same = [a_candidate(n, competencies=frozenset({"caching"})) for n in range(1, 9)]
    other = [a_candidate(n, competencies=frozenset({f"other-{n}"})) for n in range(20, 23)]
    first, second = a_plan([a_round(minutes=25), a_round(minutes=25)], [*same, *other])
    assert not {UUID(int=n) for n in range(1, 9)} >= {*first.questions, *second.questions}


def test_a_long_question_is_asked_when_there_is_no_other() -> None:
    assert a_plan([a_round(minutes=30)], [a_candidate(1, minutes=45)])[0].questions == (UUID(int=1),)
    assert a_plan([a_round(minutes=30)], [a_candidate(1, minutes=45, own=True), a_candidate(2, minutes=20)])[
        0
    ].questions == (UUID(int=2),)


def test_a_round_without_questions_stands_empty() -> None:
    assert a_plan([a_round()], [])[0].questions == ()


def test_tests_without_an_interviewer_and_rounds_of_other_levels_are_not_held() -> None:
    automatic = a_round("online-assessment", 90, "automatic test")
    for_staff = a_round("system-design", 60, "engineer", "staff")
    for_all = a_round("coding", 60, "engineer")
    assert held([automatic, for_staff, for_all], "senior") == [for_all]
    assert held([automatic, for_staff, for_all], "staff") == [for_staff, for_all]
