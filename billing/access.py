"""Access is a pure function of stored facts and a moment: no input or output, no job is needed for it to be right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

GRACE = timedelta(days=14)
"""From the first failed payment until a subscription that is past due locks."""


class Right(StrEnum):
    """What a person may be allowed to do."""

    PUBLIC = "public"
    READ_OWN = "read_own"
    CANCEL = "cancel"
    """See how the subscription stands and what was billed, and end it: whoever can be charged may stop that."""
    PAY = "pay"
    BROWSE_BANK = "browse_bank"
    PRACTISE = "practise"


class State(StrEnum):
    """Every state of access, in order of priority: of several that apply, the first one counts."""

    DELETED = "deleted"
    HELD = "held"
    LEAVING = "leaving"
    COMPED = "comped"
    ACTIVE = "active"
    CONVERTED_TRIAL = "converted_trial"
    CANCELING = "canceling"
    PAST_DUE_GRACE = "past_due_grace"
    TRIALING = "trialing"
    PAUSED = "paused"
    PAST_DUE_LOCKED = "past_due_locked"
    EXPIRED = "expired"
    TRIAL_EXPIRED = "trial_expired"
    UNVERIFIED = "unverified"
    ANONYMOUS = "anonymous"


PRIORITY = {state: rank for rank, state in enumerate(State)}

_ALL = frozenset(Right)
_PUBLIC = frozenset({Right.PUBLIC})
_READER = frozenset({Right.PUBLIC, Right.READ_OWN, Right.CANCEL, Right.PAY})

RIGHTS: dict[State, frozenset[Right]] = {
    State.DELETED: _PUBLIC,
    State.HELD: frozenset({Right.PUBLIC, Right.CANCEL}),
    State.LEAVING: frozenset({Right.PUBLIC, Right.READ_OWN}),
    State.COMPED: _ALL,
    State.ACTIVE: _ALL,
    State.CONVERTED_TRIAL: _ALL,
    State.CANCELING: _ALL,
    State.PAST_DUE_GRACE: _ALL,
    State.TRIALING: _ALL,
    State.PAUSED: _READER,
    State.PAST_DUE_LOCKED: _READER,
    State.EXPIRED: _READER,
    State.TRIAL_EXPIRED: _READER,
    State.UNVERIFIED: _PUBLIC,
    State.ANONYMOUS: _PUBLIC,
}


@dataclass(frozen=True)
class Trial:
    """The one trial of an account."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class SubSnapshot:
    """A subscription as the provider last described it."""

    subscription_id: str
    status: str
    period_end: datetime | None = None
    cancel_at: datetime | None = None
    cancel_at_period_end: bool = False
    ended_at: datetime | None = None
    first_failed_at: datetime | None = None
    price_known: bool = True
    livemode: bool = False


@dataclass(frozen=True)
class Comp:
    """Access given by a person; ``until`` None means for good."""

    starts_at: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True)
class Hold:
    """A dispute, a fraud case or an administrator's stop."""

    kind: str
    starts_at: datetime
    released_at: datetime | None = None


@dataclass(frozen=True)
class Refund:
    """Money given back for the invoice that paid ``subscription_id`` until ``paid_until``."""

    subscription_id: str
    full: bool
    at: datetime
    paid_until: datetime


@dataclass(frozen=True)
class Holder:
    """An account as whoever keeps the accounts hands it over."""

    account_id: UUID
    email_verified_at: datetime | None
    deleted_at: datetime | None = None
    leaves_at: datetime | None = None
    """When it is to be deleted, where that was asked for."""


@dataclass(frozen=True)
class Facts:
    """Everything that access depends on; the default is a visitor without an account."""

    signed_in: bool = False
    email_verified_at: datetime | None = None
    deleted_at: datetime | None = None
    leaves_at: datetime | None = None
    """When the account is deleted, as its person asked; until then it can be undone."""
    trial: Trial | None = None
    subscriptions: tuple[SubSnapshot, ...] = ()
    comps: tuple[Comp, ...] = ()
    holds: tuple[Hold, ...] = ()
    refunds: tuple[Refund, ...] = ()
    livemode: bool = False
    """Whether real money counts here: facts of the other mode are not looked at."""


@dataclass(frozen=True)
class Access:
    """The decision, with its reason in words for the person; ``valid_until`` None when no clock ends it."""

    state: State
    reason: str
    valid_until: datetime | None = None

    def may(self, right: Right) -> bool:
        """Whether this state has the right."""
        return right in RIGHTS[self.state]


def decide(facts: Facts, now: datetime) -> Access:
    """The state of access at ``now``: of all that the facts allow, the one of highest priority, then the longest."""
    if not facts.signed_in:
        return Access(State.ANONYMOUS, "You are not logged in.")
    candidates = [*_person(facts, now), *_comps(facts, now), *_paid(facts, now), *_trial(facts, now)]
    # No end is later than any end.
    return min(candidates, key=lambda a: (PRIORITY[a.state], -(a.valid_until.timestamp() if a.valid_until else 1e18)))


def alerts(facts: Facts) -> tuple[str, ...]:
    """What an operator must look at: subscriptions that grant nothing because they are not understood."""
    found = []
    for sub in facts.subscriptions:
        if sub.status not in _KNOWN:
            found.append(f"{sub.subscription_id}: unknown status {sub.status!r}")
        if not sub.price_known:
            found.append(f"{sub.subscription_id}: unknown price")
        if sub.status == "past_due" and sub.first_failed_at is None:
            found.append(f"{sub.subscription_id}: past due without the date of the first failure")
    return tuple(found)


_KNOWN = frozenset(
    {"active", "trialing", "past_due", "unpaid", "paused", "canceled", "incomplete", "incomplete_expired"}
)


def _person(facts: Facts, now: datetime) -> Iterator[Access]:
    if facts.deleted_at is not None and facts.deleted_at <= now:
        yield Access(State.DELETED, "This account was deleted.")
    for hold in facts.holds:
        if hold.starts_at <= now and (hold.released_at is None or now < hold.released_at):
            yield Access(State.HELD, "This account is on hold. Write to us and a person will look at it.")
    if facts.leaves_at is not None:
        reason = "You asked for your account to be deleted. What you made stays yours to read until that day."
        yield Access(State.LEAVING, reason, facts.leaves_at)
    yield Access(State.UNVERIFIED, "Confirm your e-mail address: your seven days start then.")


def _comps(facts: Facts, now: datetime) -> Iterator[Access]:
    for comp in facts.comps:
        if comp.starts_at <= now and (comp.until is None or now < comp.until):
            yield Access(State.COMPED, f"You have full access: {comp.reason}.", comp.until)


def _trial(facts: Facts, now: datetime) -> Iterator[Access]:
    if facts.trial is not None and now < facts.trial.ends_at:
        yield Access(State.TRIALING, "Your seven days are running.", facts.trial.ends_at)
    elif facts.trial is not None:
        yield Access(State.TRIAL_EXPIRED, "Your seven days are over. What you made stays yours to read.")
    elif facts.email_verified_at is not None:
        yield Access(
            State.TRIAL_EXPIRED,
            "This mailbox has had its seven days with another account. What you made stays yours to read.",
        )


def _paid(facts: Facts, now: datetime) -> Iterator[Access]:
    for sub in facts.subscriptions:
        if sub.livemode is not facts.livemode or not sub.price_known:
            continue
        decided = _refunded(facts, sub, now) or decide_subscription(sub, now)
        if decided is not None:
            yield decided


def _refunded(facts: Facts, sub: SubSnapshot, now: datetime) -> Access | None:
    """A full refund of what is paid now ends access; a later period that was paid is not touched."""
    for refund in facts.refunds:
        current = sub.period_end is None or refund.paid_until >= sub.period_end
        if refund.subscription_id == sub.subscription_id and refund.full and refund.at <= now and current:
            return Access(State.EXPIRED, "Your payment was returned in full and the subscription ended.")
    return None


def decide_subscription(sub: SubSnapshot, now: datetime) -> Access | None:
    """What one subscription allows; None when it neither grants nor hides anything."""
    if sub.status in ("incomplete", "incomplete_expired") or sub.status not in _KNOWN:
        return None
    if sub.status == "canceled" or (sub.ended_at is not None and sub.ended_at <= now):
        return Access(State.EXPIRED, "Your subscription has ended. What you made stays yours to read.")
    if sub.status == "paused":
        return Access(State.PAUSED, "Your subscription is paused. Resume it to practise again.")
    if sub.status == "unpaid":
        return Access(State.PAST_DUE_LOCKED, "Your last payment failed. Pay to practise again.")
    if sub.status == "past_due":
        return _past_due(sub, now)
    return _current(sub, now)


def _past_due(sub: SubSnapshot, now: datetime) -> Access:
    if sub.first_failed_at is not None and now < sub.first_failed_at + GRACE:
        return Access(
            State.PAST_DUE_GRACE,
            "Your last payment failed. Everything stays open while you set it right.",
            sub.first_failed_at + GRACE,
        )
    return Access(State.PAST_DUE_LOCKED, "Your last payment failed. Pay to practise again.")


def _current(sub: SubSnapshot, now: datetime) -> Access:
    """Status active or trialing."""
    if sub.cancel_at is not None or (sub.cancel_at_period_end and sub.period_end is not None):
        ends = min(moment for moment in (sub.cancel_at, sub.period_end) if moment is not None)
        if now < ends:
            return Access(State.CANCELING, "Your subscription ends then; until that moment all is open.", ends)
        return Access(State.EXPIRED, "Your subscription has ended. What you made stays yours to read.")
    until = sub.period_end if sub.period_end is not None and now < sub.period_end else None
    if sub.status == "trialing":
        return Access(State.CONVERTED_TRIAL, "Your subscription starts when your seven days are over.", until)
    return Access(State.ACTIVE, "Your subscription is active.", until)
