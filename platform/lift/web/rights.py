"""Who may do what: guard × access state, in one table that a test walks for every page."""

from enum import StrEnum

from billing.access import State


class Guard(StrEnum):
    """Declared by every view."""

    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    SIGNED_IN = "signed_in"
    ACCESS = "access"
    READ_OWN = "read_own"
    EMBEDDED = "embedded"


PRACTISING = frozenset(
    {
        State.COMPED,
        State.ACTIVE,
        State.CONVERTED_TRIAL,
        State.CANCELING,
        State.PAST_DUE_GRACE,
        State.TRIALING,
    }
)
"""States in which the whole product is open."""

READING = PRACTISING | {State.PAUSED, State.PAST_DUE_LOCKED, State.EXPIRED, State.TRIAL_EXPIRED}
"""States in which what one made stays readable."""

ALLOWED: dict[Guard, frozenset[State]] = {
    Guard.PUBLIC: frozenset(State),
    Guard.ANONYMOUS: frozenset({State.ANONYMOUS}),
    Guard.SIGNED_IN: frozenset(State) - {State.ANONYMOUS},
    Guard.ACCESS: PRACTISING,
    Guard.READ_OWN: READING,
    Guard.EMBEDDED: frozenset(State),
}
