"""Copies the provider's own state behind a fence: claim, fetch, commit. Order and repeats of events cannot matter.

The three steps are apart, so that no network call sits within a transaction. A claim is a number; what was fetched
is written only while no later claim was written, because a later claim has fetched later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from billing.desk import Desk
from billing.gateway import ENDED, Charge, Gateway, Missing, Subscription
from billing.notices import Notice, charge_notices, subscription_notices
from billing.plans import plan_for
from billing.store import SqlStore

SUBSCRIPTION = "sub:"
MONEY = "money:"
"""A key is one of these prefixes and the id of a subscription, or of a customer whose charges are meant."""


class Store(Protocol):
    """What the steps need of one transaction."""

    def raise_want(self, key: str) -> int:
        """The number of a new claim, larger than all before."""

    def take_turn(self, key: str, version: int) -> bool:
        """Whether no later claim was written; holds others off until the transaction ends."""

    def open_events(self, subject: str) -> tuple[str, ...]: ...
    def finish(self, events: tuple[str, ...]) -> None: ...
    def account_of(self, customer_id: str, sub_id: str | None) -> UUID | None: ...
    def save_subscription(self, account_id: UUID, sub: Subscription, now: datetime) -> None: ...
    def end_missing(self, sub_id: str, now: datetime) -> None: ...
    def save_charge(self, account_id: UUID, charge: Charge, now: datetime) -> None: ...
    def notify(self, account_id: UUID, notices: Sequence[Notice], now: datetime) -> None:
        """Tell each once."""

    def alert(self, kind: str, account_id: UUID | None, object_id: str, detail: dict[str, Any], now: datetime) -> None:
        """Record once what an operator must look at."""


@dataclass(frozen=True)
class Claim:
    """The right to write what is fetched from now on, and the events that this settles."""

    key: str
    version: int
    events: tuple[str, ...]

    @property
    def object_id(self) -> str:
        """The provider's id behind the key."""
        return self.key.partition(":")[2]


@dataclass(frozen=True)
class Truth:
    """What the provider said; neither subscription nor charges when it knows no such object."""

    subscription: Subscription | None = None
    charges: tuple[Charge, ...] = ()
    livemode: bool = False


def claim(store: Store, key: str) -> Claim:
    """Step one, in a short transaction."""
    version = store.raise_want(key)
    return Claim(key, version, store.open_events(key))


def fetch(gateway: Gateway, claimed: Claim) -> Truth:
    """Step two, in no transaction."""
    try:
        if claimed.key.startswith(MONEY):
            return Truth(charges=gateway.charges(claimed.object_id), livemode=gateway.livemode)
        return Truth(subscription=gateway.subscription(claimed.object_id), livemode=gateway.livemode)
    except Missing:
        return Truth(livemode=gateway.livemode)


def commit(store: Store, claimed: Claim, truth: Truth, now: datetime) -> bool:
    """Step three, in a short transaction; False when a later claim was written and this one is thrown away."""
    newest = store.take_turn(claimed.key, claimed.version)
    if newest:
        _write(store, claimed, truth, now)
    store.finish(claimed.events)
    return newest


def _write(store: Store, claimed: Claim, truth: Truth, now: datetime) -> None:
    for charge in truth.charges:
        _write_charge(store, charge, truth.livemode, now)
    if truth.subscription is not None:
        _write_subscription(store, truth.subscription, truth.livemode, now)
    elif claimed.key.startswith(SUBSCRIPTION):
        store.end_missing(claimed.object_id, now)


def _write_subscription(store: Store, sub: Subscription, livemode: bool, now: datetime) -> None:
    if sub.livemode is not livemode:
        store.alert("wrong_mode", None, sub.id, {"livemode": sub.livemode}, now)
        return
    account_id = store.account_of(sub.customer_id, sub.id)
    if account_id is None:
        # The last words about an account that was deleted here are nothing to look at.
        if sub.status not in ENDED:
            store.alert("unknown_customer", None, sub.id, {"customer": sub.customer_id}, now)
        return
    store.save_subscription(account_id, sub, now)
    if plan_for(sub.price) is None:
        store.alert("unknown_price", account_id, sub.id, {"price": sub.price}, now)
        return
    store.notify(account_id, tuple(subscription_notices(sub)), now)


def _write_charge(store: Store, charge: Charge, livemode: bool, now: datetime) -> None:
    account_id = store.account_of(charge.customer_id, charge.subscription_id)
    if account_id is None or charge.livemode is not livemode:
        return
    store.save_charge(account_id, charge, now)
    store.notify(account_id, tuple(charge_notices(charge)), now)


def sync(desk: Desk, key: str, now: datetime) -> bool:
    """All three steps; False when another worker wrote something newer meanwhile."""
    with desk.uow() as session:
        claimed = claim(SqlStore(session, desk.mail), key)
    return settle_claim(desk, claimed, now)


def settle_claim(desk: Desk, claimed: Claim, now: datetime) -> bool:
    """Steps two and three; False as ``commit`` says."""
    truth = fetch(desk.gateway, claimed)
    with desk.uow() as session:
        return commit(SqlStore(session, desk.mail), claimed, truth, now)


def sync_subscription(desk: Desk, sub_id: str, now: datetime) -> bool:
    """Make our snapshot of a subscription what the provider says."""
    return sync(desk, SUBSCRIPTION + sub_id, now)


def sync_money(desk: Desk, customer_id: str, now: datetime) -> bool:
    """Make refunds and dispute holds of a customer what the provider says."""
    return sync(desk, MONEY + customer_id, now)
