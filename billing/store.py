"""The store of ``sync`` on PostgreSQL: one session, which is one transaction of the caller."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing.desk import Mail
from billing.effects import first_time, tell, told_before
from billing.gateway import ENDED, Charge, Subscription
from billing.models import CustomerRow, Drift, EventRow, Fence, HoldRow, RefundRow, Snapshot
from billing.notices import RELEASED, Notice

OPEN = ("pending", "processing", "failed")
"""States of an event that is not settled."""

# Built once, on tables: a flood of events runs each of these thousands of times, and building them cost as much as
# running them.
_fences, _events, _snapshots = (cast(Table, model.__table__) for model in (Fence, EventRow, Snapshot))
# Written into the statement, not bound: the index of open events serves only a plan that knows which states are meant.
_IS_OPEN = _events.c.state.in_(bindparam("open_states", OPEN, expanding=True, literal_execute=True))
_IS_PENDING = _events.c.state == bindparam("pending", "pending", literal_execute=True)
_row = {column.name: bindparam(column.name, type_=column.type) for column in _events.c if column.name != "error"}
_stored = insert(_events).values(_row).on_conflict_do_nothing().returning(_events.c.id).cte("stored")
# The inbox's row and the fence of what it is about in one round trip; no fence where nothing was ever claimed.
_held = select(_fences.c.key).where(_fences.c.key == bindparam("about")).with_for_update(read=True).cte("held")
_STORE = select(
    select(_stored.c.id).scalar_subquery().label("stored"), select(_held.c.key).scalar_subquery().label("held")
)
_WAITING = (
    select(_events.c.id)
    .where(_events.c.subject == bindparam("subject"), _IS_PENDING)
    .where(_events.c.id != bindparam("event_id"))
    .limit(1)
)
_wanted = insert(_fences).values(key=bindparam("subject"), want=1, applied=0)
_WANT = _wanted.on_conflict_do_update(index_elements=["key"], set_={"want": _fences.c.want + 1}).returning(
    _fences.c.want
)
_TURN = (
    update(_fences)
    .where(_fences.c.key == bindparam("subject"), _fences.c.applied < bindparam("version"))
    .values(applied=bindparam("version"))
    .returning(_fences.c.key)
)
# In the order in which they are finished, so that two workers never wait for each other. As a subquery it could be run
# once for each row.
_open_ones = (
    select(_events.c.id)
    .where(_events.c.subject == bindparam("about"), _IS_OPEN)
    .order_by(_events.c.id)
    .with_for_update()
    .cte("open_ones")
    .prefix_with("MATERIALIZED")
)
_TAKE = (
    update(_events)
    .where(_events.c.id.in_(select(_open_ones.c.id)))
    .values(state="processing", attempts=_events.c.attempts + 1)
    .returning(_events.c.id)
)
_FINISH = (
    update(_events).where(_events.c.id.in_(bindparam("ids", expanding=True)), _IS_OPEN).values(state="done", error=None)
)
_save = insert(_snapshots)
# A subscription stays with the account that it was first seen with.
_changes = {column.name: column for column in _save.excluded if column.name not in ("sub_id", "account_id")}
_SAVE = _save.on_conflict_do_update(index_elements=["sub_id"], set_=_changes)
_ACCOUNT = select(_snapshots.c.account_id).where(_snapshots.c.sub_id == bindparam("sub"))


def store_event(session: Session, row: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the event is new, and whether its work waits for a claim that is still to come and takes this one too.

    What a claim has taken is ``processing``, so what is ``pending`` has its work before it. The fence is held until
    the caller's transaction ends: no claim may take the other event and miss this one, which is not committed yet.
    """
    stored, held = session.execute(_STORE, {**row, "about": row["subject"]}).one()
    if stored is None or held is None:
        return stored is not None, False
    # A statement of its own: together with the lock it would see what was there before the lock was got.
    waiting = session.execute(_WAITING, {"subject": held, "event_id": stored})
    return True, waiting.scalar_one_or_none() is not None


def columns_of(sub: Subscription) -> dict[str, Any]:
    """What of a subscription is stored and compared."""
    invoice = sub.latest_invoice
    return {
        "customer_id": sub.customer_id,
        "status": sub.status,
        "price": sub.price,
        "period_end": sub.period_end,
        "cancel_at": sub.cancel_at,
        "cancel_at_period_end": sub.cancel_at_period_end,
        "ended_at": sub.ended_at,
        "first_failed_at": sub.first_failed_at,
        "resumes_at": sub.resumes_at,
        "open_invoice": invoice.id if invoice is not None and invoice.status == "open" else None,
        "livemode": sub.livemode,
        "api_version": sub.api_version,
    }


def account_of(session: Session, customer_id: str, sub_id: str | None) -> UUID | None:
    """Whose the provider's customer is; a subscription stays with the account that it was first seen with."""
    if sub_id is not None:
        known: UUID | None = session.execute(_ACCOUNT, {"sub": sub_id}).scalar_one_or_none()
        if known is not None:
            return known
    return session.execute(
        select(CustomerRow.account_id).where(CustomerRow.provider_id == customer_id)
    ).scalar_one_or_none()


class SqlStore:
    """``sync.Store`` over a session."""

    def __init__(self, session: Session, mail: Mail) -> None:
        self.session = session
        self.mail = mail

    def raise_want(self, key: str) -> int:
        return int(self.session.execute(_WANT, {"subject": key}).scalar_one())

    def take_turn(self, key: str, version: int) -> bool:
        taken = self.session.execute(_TURN, {"subject": key, "version": version})
        return taken.scalar_one_or_none() is not None

    def open_events(self, subject: str) -> tuple[str, ...]:
        """Those that the claim takes; the fence is held, so that none is left out that counts on it (store_event)."""
        return tuple(sorted(self.session.execute(_TAKE, {"about": subject}).scalars()))

    def finish(self, events: tuple[str, ...]) -> None:
        if events:
            self.session.execute(_FINISH, {"ids": sorted(events)})

    def account_of(self, customer_id: str, sub_id: str | None) -> UUID | None:
        return account_of(self.session, customer_id, sub_id)

    def save_subscription(self, account_id: UUID, sub: Subscription, now: datetime) -> None:
        row = {"sub_id": sub.id, "account_id": account_id, **columns_of(sub), "fetched_at": now}
        self.session.execute(_SAVE, row)

    def end_missing(self, sub_id: str, now: datetime) -> None:
        self.session.execute(
            update(Snapshot)
            .where(Snapshot.sub_id == sub_id, Snapshot.status.not_in(sorted(ENDED)))
            .values(
                status="canceled", ended_at=func.coalesce(Snapshot.ended_at, now), open_invoice=None, fetched_at=now
            )
        )

    def save_charge(self, account_id: UUID, charge: Charge, now: datetime) -> None:
        if charge.refunds:
            self._save_refund(account_id, charge)
        else:
            # A refund that failed at the bank is none.
            self.session.execute(delete(RefundRow).where(RefundRow.charge_id == charge.id))
        for dispute in charge.disputes:
            held = insert(HoldRow).values(
                id=uuid4(),
                account_id=account_id,
                kind="dispute",
                reference=dispute.id,
                starts_at=dispute.opened_at,
                released_at=now if dispute.status in RELEASED else None,
                livemode=charge.livemode,
            )
            if dispute.status in RELEASED:
                # Never taken back: what was released, by the bank or by a person, stays so.
                released = {"released_at": func.coalesce(HoldRow.released_at, now)}
                self.session.execute(held.on_conflict_do_update(index_elements=["reference"], set_=released))
            else:
                self.session.execute(held.on_conflict_do_nothing(index_elements=["reference"]))

    def _save_refund(self, account_id: UUID, charge: Charge) -> None:
        columns = {
            "refunded": sum(refund.amount for refund in charge.refunds),
            "at": max(refund.at for refund in charge.refunds),
            "paid_until": charge.paid_until,
        }
        statement = insert(RefundRow).values(
            charge_id=charge.id,
            account_id=account_id,
            sub_id=charge.subscription_id,
            amount=charge.amount,
            currency=charge.currency,
            **columns,
        )
        self.session.execute(statement.on_conflict_do_update(index_elements=["charge_id"], set_=columns))

    def notify(self, account_id: UUID, notices: Sequence[Notice], now: datetime) -> None:
        told = told_before(self.session, [notice.effect_key for notice in notices])
        for notice in notices:
            if notice.effect_key not in told:
                tell(self.session, self.mail, account_id, notice, now)

    def alert(self, kind: str, account_id: UUID | None, object_id: str, detail: dict[str, Any], now: datetime) -> None:
        # No account is written as the zero UUID in the ledger, which asks for one.
        if first_time(self.session, f"alert:{kind}:{object_id}", account_id or UUID(int=0), "alert", now):
            self.session.add(Drift(kind=kind, account_id=account_id, object_id=object_id, detail=detail, found_at=now))
