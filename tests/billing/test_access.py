"""The table of states, row by row, to the second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.access import (
    GRACE,
    PRIORITY,
    RIGHTS,
    Comp,
    Facts,
    Hold,
    Refund,
    Right,
    State,
    SubSnapshot,
    Trial,
    alerts,
    decide,
)
from billing.trial import TRIAL

START = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PERIOD = START + timedelta(days=30)
PERSON = Facts(signed_in=True, email_verified_at=START)
TRYING = replace(PERSON, trial=Trial(START, START + TRIAL))


def paying(status: str = "active", **more: object) -> Facts:
    """A person with one subscription."""
    sub = replace(SubSnapshot("sub_1", status, period_end=PERIOD), **more)  # type: ignore[arg-type]  # names are checked by replace
    return replace(PERSON, subscriptions=(sub,))


def test_a_visitor_is_anonymous_whatever_else_is_claimed() -> None:
    assert decide(Facts(), START).state is State.ANONYMOUS
    assert decide(replace(TRYING, signed_in=False), START).state is State.ANONYMOUS


def test_an_unproved_mailbox_is_unverified() -> None:
    assert decide(Facts(signed_in=True), START).state is State.UNVERIFIED


def test_a_proved_mailbox_without_a_grant_has_had_its_trial() -> None:
    decided = decide(PERSON, START)
    assert decided.state is State.TRIAL_EXPIRED
    assert "another account" in decided.reason


def test_the_trial_is_open_to_its_last_second_and_shut_with_the_168th_hour() -> None:
    end = START + timedelta(hours=168)
    assert decide(TRYING, START).state is State.TRIALING
    assert decide(TRYING, end - SECOND).state is State.TRIALING
    assert decide(TRYING, end - SECOND).valid_until == end
    assert decide(TRYING, end).state is State.TRIAL_EXPIRED
    assert decide(TRYING, end + SECOND).state is State.TRIAL_EXPIRED


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (paying("active"), State.ACTIVE),
        (paying("trialing"), State.CONVERTED_TRIAL),
        (paying("active", cancel_at_period_end=True), State.CANCELING),
        (paying("active", cancel_at=PERIOD), State.CANCELING),
        (paying("trialing", cancel_at_period_end=True), State.CANCELING),
        (paying("past_due", first_failed_at=START), State.PAST_DUE_GRACE),
        (paying("past_due", first_failed_at=START - GRACE), State.PAST_DUE_LOCKED),
        (paying("past_due"), State.PAST_DUE_LOCKED),
        (paying("past_due", first_failed_at=START, cancel_at_period_end=True), State.PAST_DUE_GRACE),
        (paying("unpaid"), State.PAST_DUE_LOCKED),
        (paying("paused"), State.PAUSED),
        (paying("canceled"), State.EXPIRED),
        (paying("active", ended_at=START), State.EXPIRED),
        (paying("incomplete"), State.TRIAL_EXPIRED),
        (paying("incomplete_expired"), State.TRIAL_EXPIRED),
        (paying("a status of next year"), State.TRIAL_EXPIRED),
        (paying("active", price_known=False), State.TRIAL_EXPIRED),
        (paying("active", livemode=True), State.TRIAL_EXPIRED),
    ],
)
def test_a_subscription_gives_the_state_of_its_row(facts: Facts, state: State) -> None:
    assert decide(facts, START).state is state


@pytest.mark.parametrize("status", ["incomplete", "incomplete_expired", "a status of next year", "canceled", "paused"])
def test_what_grants_nothing_does_not_hide_a_running_trial(status: str) -> None:
    assert decide(replace(paying(status), trial=TRYING.trial), START).state is State.TRIALING


def test_canceling_ends_at_the_earlier_of_its_two_dates_to_the_second() -> None:
    early = PERIOD - timedelta(days=3)
    facts = paying("active", cancel_at=early, cancel_at_period_end=True)
    assert decide(facts, early - SECOND).valid_until == early
    assert decide(facts, early - SECOND).state is State.CANCELING
    assert decide(facts, early).state is State.EXPIRED


def test_the_two_shapes_of_canceling_give_the_same_date() -> None:
    flag, date = paying("active", cancel_at_period_end=True), paying("active", cancel_at=PERIOD)
    assert decide(flag, START).valid_until == decide(date, START).valid_until == PERIOD


def test_grace_counts_from_the_first_failure_to_the_second() -> None:
    facts = paying("past_due", first_failed_at=START)
    assert decide(facts, START + GRACE - SECOND).state is State.PAST_DUE_GRACE
    assert decide(facts, START).valid_until == START + GRACE
    assert decide(facts, START + GRACE).state is State.PAST_DUE_LOCKED


def test_an_active_subscription_outlives_a_renewal_that_is_reported_late() -> None:
    late = decide(paying("active"), PERIOD + timedelta(hours=3))
    assert (late.state, late.valid_until) == (State.ACTIVE, None)


def test_a_full_refund_of_the_paid_period_ends_access_and_a_partial_one_does_not() -> None:
    for full, state in ((True, State.EXPIRED), (False, State.ACTIVE)):
        facts = replace(paying("active"), refunds=(Refund("sub_1", full, START, PERIOD),))
        assert decide(facts, START).state is state
        assert decide(facts, START - SECOND).state is State.ACTIVE


def test_a_refund_of_an_earlier_period_leaves_the_one_that_is_paid() -> None:
    facts = replace(paying("active"), refunds=(Refund("sub_1", True, START, START),))
    assert decide(facts, START).state is State.ACTIVE


def test_a_comp_opens_everything_until_it_ends() -> None:
    week = replace(PERSON, comps=(Comp(START, START + timedelta(days=7), "a reported question"),))
    assert decide(week, START).state is State.COMPED
    assert decide(week, START - SECOND).state is State.TRIAL_EXPIRED
    assert decide(week, START + timedelta(days=7)).state is State.TRIAL_EXPIRED


def test_of_two_comps_the_longer_one_is_shown() -> None:
    comps = (Comp(START, START + timedelta(days=7), "a"), Comp(START, None, "b"))
    assert decide(replace(PERSON, comps=comps), START).valid_until is None


def test_a_hold_beats_everything_but_deletion_and_ends_when_released() -> None:
    facts = replace(paying("active"), holds=(Hold("dispute", START, PERIOD),), comps=(Comp(START, None, "x"),))
    assert decide(facts, START).state is State.HELD
    assert decide(facts, PERIOD).state is State.COMPED
    assert decide(replace(facts, deleted_at=START), START).state is State.DELETED


def test_whoever_leaves_reads_what_they_made_and_neither_practises_nor_pays_until_the_day() -> None:
    decided = decide(replace(paying("active"), leaves_at=PERIOD, comps=(Comp(START, None, "x"),)), START)
    assert (decided.state, decided.valid_until) == (State.LEAVING, PERIOD)
    assert RIGHTS[State.LEAVING] == {Right.PUBLIC, Right.READ_OWN}


def test_the_priority_is_that_of_the_design() -> None:
    order = [
        State.DELETED, State.HELD, State.LEAVING, State.COMPED, State.ACTIVE, State.CANCELING, State.PAST_DUE_GRACE, State.TRIALING,
        State.PAUSED, State.PAST_DUE_LOCKED, State.EXPIRED, State.TRIAL_EXPIRED, State.ANONYMOUS,
    ]  # fmt: skip
    assert sorted(order, key=PRIORITY.__getitem__) == order


def test_every_state_has_its_rights_and_nobody_practises_without_browsing() -> None:
    assert set(RIGHTS) == set(State)
    assert all(Right.PUBLIC in rights for rights in RIGHTS.values())
    assert all(Right.BROWSE_BANK in rights for rights in RIGHTS.values() if Right.PRACTISE in rights)
    assert all(Right.READ_OWN in RIGHTS[state] for state in (State.TRIAL_EXPIRED, State.PAUSED, State.EXPIRED))


def test_what_is_not_understood_alerts_somebody() -> None:
    assert len(alerts(paying("a status of next year"))) == 1
    assert len(alerts(paying("active", price_known=False))) == 1
    assert len(alerts(paying("past_due"))) == 1
    assert alerts(paying("active")) == ()


moments = st.integers(-60 * 86400, 60 * 86400).map(lambda seconds: START + timedelta(seconds=seconds))
subs = st.builds(
    SubSnapshot,
    subscription_id=st.just("sub_1"),
    status=st.sampled_from(["active", "trialing", "past_due", "unpaid", "paused", "canceled", "incomplete", "odd"]),
    period_end=st.none() | moments,
    cancel_at=st.none() | moments,
    cancel_at_period_end=st.booleans(),
    first_failed_at=st.none() | moments,
    price_known=st.booleans(),
)
people = st.builds(
    Facts,
    signed_in=st.just(True),
    email_verified_at=st.none() | st.just(START),
    trial=st.none() | moments.map(lambda start: Trial(start, start + TRIAL)),
    subscriptions=st.lists(subs, max_size=3).map(tuple),
    comps=st.lists(moments.map(lambda until: Comp(START - timedelta(days=90), until, "a reward")), max_size=2).map(
        tuple
    ),
)


@given(people, moments, st.integers(0, 100 * 86400))
def test_without_events_the_clock_only_ever_takes_access_away(facts: Facts, moment: datetime, seconds: int) -> None:
    later = moment + timedelta(seconds=seconds)
    assert PRIORITY[decide(facts, later).state] >= PRIORITY[decide(facts, moment).state]


@given(people, moments)
def test_access_is_kept_until_the_moment_that_was_shown(facts: Facts, moment: datetime) -> None:
    shown = decide(facts, moment)
    if shown.valid_until is not None:
        assert shown.valid_until > moment
        last = decide(facts, shown.valid_until - timedelta(microseconds=1))
        assert last.may(Right.PRACTISE) is shown.may(Right.PRACTISE)


@given(people, moments, st.sampled_from([14, -11, 0]))
def test_the_zone_that_a_moment_is_written_in_changes_nothing(facts: Facts, moment: datetime, hours: int) -> None:
    assert decide(facts, moment.astimezone(timezone(timedelta(hours=hours)))) == decide(facts, moment)
