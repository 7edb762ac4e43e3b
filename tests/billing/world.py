"""A person, a provider and our side of it, with deliveries as shuffled, repeated, late or lost as a test wants."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from billing import trial
from billing.access import Access, Holder, State
from billing.checkout import Buyer, start_checkout
from billing.desk import Desk
from billing.events import Received, process, receive
from billing.gateway import Subscription
from billing.models import HoldRow, RefundRow, Snapshot
from billing.service import access_for
from billing.signature import header_for
from billing.store import columns_of
from tests.billing.fake_gateway import FakeGateway

SECRET = "whsec_of_the_test"
MONTHLY = "lift_monthly_usd"
QUARTERLY = "lift_quarterly_usd"
YEARLY = "lift_yearly_usd"


class World:
    """Everything a test of billing needs; its clock is the provider's too."""

    def __init__(self, uow: Callable[[], AbstractContextManager[Session]], now: datetime) -> None:
        self.uow = uow
        self.gateway = FakeGateway(now)
        self.mails: list[tuple[UUID, str, str]] = []
        self.jobs: list[tuple[str, str]] = []
        self.desk = Desk(uow, self.gateway, self.mail)
        self.verified: dict[UUID, datetime] = {}

    @property
    def now(self) -> datetime:
        return self.gateway.clock

    def tick(self, by: timedelta) -> None:
        self.gateway.advance(self.now + by)

    def mail(self, session: Session, account_id: UUID, kind: str, effect_key: str, context: dict[str, Any]) -> None:
        json.dumps(context)
        kept = (account_id, kind, effect_key)
        # As lift's mails do, it goes with the transaction.
        event.listen(session, "after_commit", lambda _: self.mails.append(kept), once=True)

    def enqueue(self, session: Session, job: str, key: str, payload: dict[str, Any]) -> None:
        self.jobs.append((job, payload["event_id"]))

    def mailed(self, kind: str, account_id: UUID | None = None) -> int:
        return Counter(k for a, k, _ in self.mails if account_id in (None, a))[kind]

    def account(self, *, trial_running: bool = True) -> UUID:
        """A person with a proved mailbox."""
        made = uuid4()
        self.verified[made] = self.now
        if trial_running:
            with self.uow() as session:
                trial.grant(session, made, made.bytes, self.now)
        return made

    def buyer(self, account_id: UUID) -> Buyer:
        return Buyer(
            account_id,
            f"{account_id}@example.org",
            "https://lift.example/done?s={CHECKOUT_SESSION_ID}",
            "https://lift.example",
        )

    def checkout(self, account_id: UUID, plan: str = MONTHLY) -> str:
        """Click; the id of the provider's session."""
        return start_checkout(self.desk, self.buyer(account_id), plan, self.now).rpartition("/")[2]

    def subscriber(self, plan: str = MONTHLY, *, card: str = "good") -> tuple[UUID, Subscription]:
        """A person who pays, without a trial; all of it is delivered."""
        account = self.account(trial_running=False)
        sub = self.gateway.complete(self.checkout(account, plan), card)
        self.deliver_all()
        return account, sub

    def receive(self, event: dict[str, Any], *, at: datetime | None = None) -> Received:
        """The webhook's first half."""
        raw = json.dumps(event).encode()
        moment = at or self.now
        with self.uow() as session:
            return receive(
                session,
                raw,
                header_for(raw, SECRET, int(moment.timestamp())),
                (SECRET,),
                moment,
                livemode=self.gateway.livemode,
                enqueue=self.enqueue,
            )

    def deliver(self, event: dict[str, Any]) -> None:
        """The webhook and its work."""
        self.receive(event)
        process(self.desk, event["id"], self.now)

    def deliver_all(self, order: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list) -> None:
        """Everything that was emitted, once more if need be; then the events that this caused."""
        while self.gateway.events:
            waiting, self.gateway.events = self.gateway.events, []
            for each in order(waiting):
                self.deliver(each)

    def lose_events(self) -> None:
        self.gateway.events.clear()

    def access(self, account_id: UUID, *, at: datetime | None = None) -> Access:
        with self.uow() as session:
            holder = Holder(account_id, self.verified[account_id])
            return access_for(session, holder, at or self.now, livemode=self.gateway.livemode)

    def state(self, account_id: UUID, *, at: datetime | None = None) -> State:
        return self.access(account_id, at=at).state

    def wrong(self) -> list[str]:
        """Where facts and truth differ."""
        found = []
        with self.uow() as session:
            for sub_id, held in self.gateway.subs.items():
                stored = session.get(Snapshot, sub_id)
                for name, value in columns_of(held.shown).items():
                    ours = getattr(stored, name, "nothing")
                    if ours != value:
                        found.append(f"{sub_id}.{name}: {ours} is {value}")
            for charge in self.gateway.paid.values():
                row = session.get(RefundRow, charge.id)
                if (row.refunded if row else 0) != sum(refund.amount for refund in charge.refunds):
                    found.append(f"{charge.id}: refunds")
                for dispute in charge.disputes:
                    hold = session.execute(select(HoldRow).where(HoldRow.reference == dispute.id)).scalar_one_or_none()
                    if hold is None or (dispute.status == "won" and hold.released_at is None):
                        found.append(f"{dispute.id}: hold")
        return found
