"""Who may do what is billing's table of rights; a guard names the right that its views need."""

from enum import StrEnum

from billing.access import RIGHTS, Right, State


class Guard(StrEnum):
    """Declared by every view."""

    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    SIGNED_IN = "signed_in"
    ACCESS = "access"
    READ_OWN = "read_own"
    CANCEL = "cancel"
    PAY = "pay"
    LEAVE = "leave"
    ADMIN = "admin"
    REVIEWER = "reviewer"
    SIGNED = "signed"
    """A machine whose message is signed; who it comes from, the view finds out from the signature."""
    TOKEN = "token"  # noqa: S105 - the name of a guard
    """A machine that shows the token of the settings."""
    EMBEDDED = "embedded"


def _with(right: Right) -> frozenset[State]:
    return frozenset(state for state in State if right in RIGHTS[state])


ALLOWED: dict[Guard, frozenset[State]] = {
    Guard.PUBLIC: _with(Right.PUBLIC),
    Guard.ANONYMOUS: frozenset({State.ANONYMOUS}),
    Guard.SIGNED_IN: frozenset(State) - {State.ANONYMOUS},
    Guard.ACCESS: _with(Right.PRACTISE) & _with(Right.BROWSE_BANK),
    Guard.READ_OWN: _with(Right.READ_OWN),
    Guard.CANCEL: _with(Right.CANCEL),
    Guard.PAY: _with(Right.PAY),
    # Whose account it is may have it deleted, on hold or not. A sign-up that nobody confirmed goes by itself: a page
    # that could tell it from one with a taken address would tell who has an account.
    Guard.LEAVE: frozenset(State) - {State.ANONYMOUS, State.UNVERIFIED},
    # Who runs the place is no right of access either: the guard asks the account.
    Guard.ADMIN: frozenset(State) - {State.ANONYMOUS, State.UNVERIFIED, State.HELD, State.DELETED},
    Guard.REVIEWER: frozenset(State) - {State.ANONYMOUS, State.UNVERIFIED, State.HELD, State.DELETED},
    Guard.SIGNED: frozenset(State),
    Guard.TOKEN: frozenset(State),
    Guard.EMBEDDED: frozenset(State),
}
"""The states of access that reach a view. Being signed in is no right that can be bought: it is not in the table."""
