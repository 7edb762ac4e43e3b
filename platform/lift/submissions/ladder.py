"""The ladder that a report climbs, as a state machine. Every step is written down and shown to who sent the report."""

from enum import StrEnum

from lift.kernel.errors import Conflict


class State(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"
    SCREENED = "screened"
    """It passed the automatic checks, and counts."""
    REFUSED = "refused"
    """It did not pass them; a reviewer may overrule them."""
    CORROBORATED = "corroborated"
    """A second, independent report says the same."""
    VERIFIED = "verified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Taken back by who sent it."""


class Act(StrEnum):
    """What happens to a report."""

    PASS = "pass"  # noqa: S105 - no password: the checks are passed
    FAIL = "fail"
    OVERRULE = "overrule"
    CORROBORATE = "corroborate"
    LOSE = "lose"
    """What corroborated it is gone: withdrawn, declined, or counted for another question."""
    VERIFY = "verify"
    DECLINE = "decline"
    UNDO = "undo"
    """A decision is taken back: the report stands where the checks alone had put it."""
    WITHDRAW = "withdraw"


class Who(StrEnum):
    """Who acts."""

    CHECKS = "checks"
    """The automatic ones: no person is involved."""
    PERSON = "person"
    """Who sent the report."""
    REVIEWER = "reviewer"


ACTORS: dict[Act, Who] = {
    Act.PASS: Who.CHECKS,
    Act.FAIL: Who.CHECKS,
    Act.OVERRULE: Who.REVIEWER,
    Act.CORROBORATE: Who.CHECKS,
    Act.LOSE: Who.CHECKS,
    Act.VERIFY: Who.REVIEWER,
    Act.DECLINE: Who.REVIEWER,
    Act.UNDO: Who.REVIEWER,
    Act.WITHDRAW: Who.PERSON,
}

STEPS: dict[tuple[State, Act], State] = {
    (State.RECEIVED, Act.PASS): State.SCREENED,
    (State.RECEIVED, Act.FAIL): State.REFUSED,
    (State.REFUSED, Act.OVERRULE): State.SCREENED,
    (State.SCREENED, Act.CORROBORATE): State.CORROBORATED,
    (State.CORROBORATED, Act.LOSE): State.SCREENED,
    # Nobody verifies what only one person said.
    (State.CORROBORATED, Act.VERIFY): State.VERIFIED,
    (State.SCREENED, Act.DECLINE): State.DECLINED,
    (State.CORROBORATED, Act.DECLINE): State.DECLINED,
    (State.VERIFIED, Act.UNDO): State.SCREENED,
    (State.DECLINED, Act.UNDO): State.SCREENED,
    **{(state, Act.WITHDRAW): State.WITHDRAWN for state in State if state is not State.WITHDRAWN},
}
"""Every step there is; what is not here cannot happen."""

STANDING = frozenset({State.SCREENED, State.CORROBORATED, State.VERIFIED})
"""States in which a report counts, as long as it is not too old."""
SUPPORTED = frozenset({State.CORROBORATED, State.VERIFIED})
"""States that say that an independent report stands beside."""
OPEN = frozenset({State.SCREENED, State.CORROBORATED})
"""States that wait for a reviewer, or for a second report."""


class IllegalStep(Conflict):
    """The ladder has no such step."""


def may(state: State, act: Act, who: Who) -> bool:
    """Whether ``who`` may do this to a report in this state."""
    return (state, act) in STEPS and ACTORS[act] is who


def step(state: State, act: Act, who: Who) -> State:
    """The state after the act; ``IllegalStep`` when the ladder has no such step, or it is somebody else's."""
    if ACTORS[act] is not who:
        raise IllegalStep(f"“{act}” is not for the {who} to do.")
    try:
        return STEPS[state, act]
    except KeyError:
        raise IllegalStep(f"This report is {state}: that cannot be done to it any more.") from None
