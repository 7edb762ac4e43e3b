"""What may be said of a question: a pure function of the reports of it, the decisions on them, and a moment."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from uuid import UUID

from lift.submissions.ladder import STANDING, SUPPORTED, State
from lift.submissions.recency import counts

KINDS = ("editorial", "reported", "corroborated", "verified")
"""From the lowest to the highest."""


@dataclass(frozen=True)
class Fact:
    """One report, as far as it counts."""

    id: UUID
    account_id: UUID
    network: bytes | None
    """A keyed hash of where it was sent from; None where that is not known, or not kept any more."""
    month: date
    """In which the loop was."""
    own_month: bool
    """Its person says that it was a loop of their own in exactly this month."""
    state: State
    sent_at: datetime
    verified_at: datetime | None = None


@dataclass(frozen=True)
class Provenance:
    """What a card says."""

    kind: str
    reports: int
    """People whose reports count now."""
    last_reported: date | None
    """The month of the newest report that stands, whether it counts or is too old by now; None where there is none."""
    was: str | None
    """The highest kind that it once was, where that is higher than it is now and nobody took a report back."""


UNREPORTED = Provenance("editorial", 0, None, None)


def independent(one: Fact, other: Fact) -> bool:
    """Whether two reports are of two loops, as far as one can tell.

    Another account, another network, and another month; or the same month where somebody says that it was theirs.
    """
    return (
        one.account_id != other.account_id
        and _networks_differ(one, other)
        and (one.month != other.month or one.own_month or other.own_month)
    )


def _networks_differ(one: Fact, other: Fact) -> bool:
    """Whether two reports came from two networks; one that was never known differs from none."""
    if one.network is None or other.network is None:
        # With age networks are forgotten. What was found while they were known stands in the states.
        return one.state in SUPPORTED and other.state in SUPPORTED
    return one.network != other.network


def corroborated(facts: Iterable[Fact]) -> frozenset[UUID]:
    """The reports that an independent one stands beside."""
    found: set[UUID] = set()
    for one, other in combinations(facts, 2):
        if independent(one, other):
            found |= {one.id, other.id}
    return frozenset(found)


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """The reports that nobody declined or took back."""
    return [fact for fact in facts if fact.state in STANDING]


def provenance(facts: Collection[Fact], now: datetime) -> Provenance:
    """What may be said of a question of which there are these reports. Their order does not matter."""
    stand = standing(facts)
    if not stand:
        return UNREPORTED
    counting = [fact for fact in stand if counts(fact.month, now)]
    kind = _kind(counting)
    return Provenance(
        kind,
        len({fact.account_id for fact in counting}),
        max(fact.month for fact in stand),
        _was(stand, kind, now),
    )


def _kind(counting: Collection[Fact], at: datetime | None = None) -> str:
    """The kind that these reports make; as it was ``at`` a moment, when it was not now."""
    if not counting:
        return "editorial"
    pairs = corroborated(counting)
    if not pairs:
        return "reported"
    verified = any(fact.id in pairs and _is_verified(fact, at) for fact in counting)
    return "verified" if verified else "corroborated"


def _is_verified(fact: Fact, at: datetime | None) -> bool:
    if fact.state is not State.VERIFIED:
        return False
    return at is None or fact.verified_at is None or fact.verified_at <= at


def _was(stand: Collection[Fact], kind: str, now: datetime) -> str | None:
    """The highest kind of any moment until now. It can only have risen when a report came or was verified."""
    moments = {fact.sent_at for fact in stand} | {fact.verified_at for fact in stand if fact.verified_at}
    ranks = []
    for moment in moments:
        if moment <= now:
            then = [fact for fact in stand if fact.sent_at <= moment and counts(fact.month, moment)]
            ranks.append(KINDS.index(_kind(then, moment)))
    highest = max(ranks, default=0)
    return KINDS[highest] if highest > KINDS.index(kind) else None
