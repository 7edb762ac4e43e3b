"""What may be said of a question."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lift.submissions.ladder import State
from lift.submissions.provenance import KINDS, UNREPORTED, Fact, Provenance, corroborated, independent, provenance
from lift.submissions.recency import plus

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
SEPTEMBER = date(2026, 9, 1)


def fact(
    number: int,
    *,
    person: int | None = None,
    network: bytes | str | None = "own",
    month: date = OCTOBER,
    own_month: bool = False,
    state: State = State.SCREENED,
    sent_at: datetime = NOW - timedelta(days=1),
) -> Fact:
    """By default each report is of another person and another network."""
    person = number if person is None else person
    where = bytes([person]) if network == "own" else network
    assert not isinstance(where, str)
    verified_at = sent_at + timedelta(hours=1) if state is State.VERIFIED else None
    return Fact(UUID(int=number), UUID(int=person), where, month, own_month, state, sent_at, verified_at)


ONE, OTHER = fact(1), fact(2, month=SEPTEMBER)


def test_a_question_that_nobody_reported_is_editorial() -> None:
    assert provenance([], NOW) == UNREPORTED


def test_one_report_makes_it_reported_two_independent_ones_corroborated_and_a_reviewer_verified() -> None:
    assert provenance([ONE], NOW) == Provenance("reported", 1, OCTOBER, None)
    assert provenance([ONE, OTHER], NOW) == Provenance("corroborated", 2, OCTOBER, None)
    verified = replace(OTHER, state=State.VERIFIED)
    assert provenance([ONE, verified], NOW) == Provenance("verified", 2, OCTOBER, None)


def test_what_was_declined_refused_withdrawn_or_not_checked_does_not_count() -> None:
    for state in (State.RECEIVED, State.REFUSED, State.DECLINED, State.WITHDRAWN):
        assert provenance([ONE, replace(OTHER, state=state)], NOW).kind == "reported"


def test_independent_is_another_account_another_network_and_another_month_or_surely_ones_own() -> None:
    assert independent(ONE, OTHER)
    assert not independent(ONE, replace(OTHER, account_id=ONE.account_id))
    assert not independent(ONE, replace(OTHER, network=ONE.network))
    assert not independent(ONE, replace(OTHER, network=None))
    assert not independent(ONE, replace(OTHER, month=OCTOBER))
    assert independent(ONE, replace(OTHER, month=OCTOBER, own_month=True))


def test_what_was_found_independent_stays_so_when_networks_are_forgotten() -> None:
    found = [replace(each, state=State.CORROBORATED, network=None) for each in (ONE, OTHER)]
    assert independent(*found)
    years_on = NOW + timedelta(days=775)
    assert provenance(found, years_on) == Provenance("editorial", 0, OCTOBER, "corroborated")
    assert not independent(found[0], replace(found[1], account_id=found[0].account_id))


def test_with_age_it_sinks_to_the_highest_kind_that_still_holds_and_says_what_it_was() -> None:
    old = fact(1, month=date(2025, 1, 1), sent_at=datetime(2025, 1, 20, tzinfo=UTC), state=State.VERIFIED)
    young = fact(2, month=date(2025, 6, 1), sent_at=datetime(2025, 6, 20, tzinfo=UTC))
    both = [old, young]
    assert provenance(both, datetime(2026, 12, 31, tzinfo=UTC)) == Provenance("verified", 2, young.month, None)
    assert provenance(both, datetime(2027, 1, 1, tzinfo=UTC)) == Provenance("reported", 1, young.month, "verified")
    assert provenance(both, datetime(2027, 6, 1, tzinfo=UTC)) == Provenance("editorial", 0, young.month, "verified")


def test_two_reports_that_never_counted_at_one_time_never_corroborated_each_other() -> None:
    first = fact(1, month=date(2024, 1, 1), sent_at=datetime(2024, 2, 1, tzinfo=UTC))
    second = fact(2, month=date(2026, 3, 1), sent_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert provenance([first, second], NOW) == Provenance("reported", 1, second.month, None)


def test_a_report_that_was_taken_back_leaves_no_boast_behind() -> None:
    assert provenance([ONE, replace(OTHER, state=State.WITHDRAWN)], NOW).was is None


MONTHS = st.integers(-40, 0).map(lambda back: plus(date(2026, 11, 1), back))


@st.composite
def facts(draw: st.DrawFn, person: st.SearchStrategy[int] | None = None) -> list[Fact]:
    people = st.integers(1, 4) if person is None else person
    number = draw(st.integers(0, 7))
    return [
        fact(
            n + 1,
            person=draw(people),
            network=draw(st.sampled_from([b"a", b"b", b"c", None])),
            month=(month := draw(MONTHS)),
            own_month=draw(st.booleans()),
            state=draw(st.sampled_from(State)),
            sent_at=datetime(month.year, month.month, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 200))),
        )
        for n in range(number)
    ]


LATER = st.integers(0, 1500).map(lambda days: timedelta(days=days))


@given(facts(), LATER, LATER)
def test_time_alone_never_raises_what_is_said(reports: list[Fact], start: timedelta, later: timedelta) -> None:
    before, after = provenance(reports, NOW + start), provenance(reports, NOW + start + later)
    assert KINDS.index(after.kind) <= KINDS.index(before.kind)
    assert after.reports <= before.reports
    assert after.last_reported == before.last_reported
    highest = max(KINDS.index(before.kind), KINDS.index(before.was or "editorial"))
    assert max(KINDS.index(after.kind), KINDS.index(after.was or "editorial")) >= highest or not later


@given(facts(person=st.just(1)), LATER)
def test_a_single_person_never_gets_beyond_reported(reports: list[Fact], later: timedelta) -> None:
    assert corroborated(reports) == frozenset()
    said = provenance(reports, NOW + later)
    assert said.kind in ("editorial", "reported")
    assert said.reports <= 1


@given(facts(), st.randoms(use_true_random=False), LATER)
def test_the_order_of_reports_does_not_matter(reports: list[Fact], chance: object, later: timedelta) -> None:
    shuffled: Sequence[Fact] = sorted(reports, key=lambda _: chance.random())  # type: ignore[attr-defined]  # a Random
    assert provenance(shuffled, NOW + later) == provenance(reports, NOW + later)
    assert corroborated(shuffled) == corroborated(reports)


@given(facts())
def test_independence_is_mutual(reports: list[Fact]) -> None:
    assert all(independent(one, other) == independent(other, one) for one in reports for other in reports)


@given(facts(), LATER)
def test_it_is_said_only_with_reports_that_count(reports: list[Fact], later: timedelta) -> None:
    said = provenance(reports, NOW + later)
    assert (said.kind == "editorial") == (said.reports == 0)
    assert said.kind not in ("corroborated", "verified") or said.reports >= 2
    assert said.was is None or KINDS.index(said.was) > KINDS.index(said.kind)
