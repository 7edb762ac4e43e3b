"""The state machine: what is not in its table cannot happen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.submissions.ladder import ACTORS, OPEN, STANDING, STEPS, Act, IllegalStep, State, Who, may, step


def test_the_ladder_is_climbed_step_by_step() -> None:
    state = State.RECEIVED
    for act, who in ((Act.PASS, Who.CHECKS), (Act.CORROBORATE, Who.CHECKS), (Act.VERIFY, Who.REVIEWER)):
        state = step(state, act, who)
    assert state is State.VERIFIED


def test_nobody_verifies_what_one_person_alone_has_said() -> None:
    with pytest.raises(IllegalStep):
        step(State.SCREENED, Act.VERIFY, Who.REVIEWER)


def test_what_was_taken_back_stays_taken_back() -> None:
    assert not [act for act in Act for who in Who if may(State.WITHDRAWN, act, who)]


def test_a_decision_that_is_undone_leads_back_to_where_the_checks_had_put_it() -> None:
    assert step(State.VERIFIED, Act.UNDO, Who.REVIEWER) is State.SCREENED
    assert step(State.DECLINED, Act.UNDO, Who.REVIEWER) is State.SCREENED


def test_every_state_but_the_first_is_reached_by_some_step() -> None:
    assert set(STEPS.values()) == set(State) - {State.RECEIVED}


@given(st.lists(st.tuples(st.sampled_from(Act), st.sampled_from(Who)), max_size=30))
def test_any_sequence_of_acts_keeps_the_laws(acts: list[tuple[Act, Who]]) -> None:
    """Illegal ones are refused and change nothing; nothing counts that did not pass the checks or a reviewer."""
    state, passed = State.RECEIVED, False
    for act, who in acts:
        try:
            after = step(state, act, who)
        except IllegalStep:
            assert not may(state, act, who)
            continue
        assert may(state, act, who)
        assert ACTORS[act] is who
        assert STEPS[state, act] is after
        passed = passed or act in (Act.PASS, Act.OVERRULE)
        assert (after not in STANDING) or passed
        assert (after is not State.VERIFIED) or state is State.CORROBORATED
        assert state is not State.WITHDRAWN
        state = after
    assert OPEN < STANDING
