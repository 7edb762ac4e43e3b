"""Compares the provider's truth with our facts, heals what differs and writes it down; a second run writes nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from billing.checkout import settle
from billing.customers import customer_of, forget_customer
from billing.desk import Desk
from billing.gateway import ENDED, Charge, GatewayError, Missing, Subscription
from billing.models import CustomerRow, Drift, HoldRow, RefundRow, Reservation, Snapshot
from billing.notices import RELEASED
from billing.store import columns_of
from billing.sync import sync_money, sync_subscription


@dataclass
class Report:
    """What a run found: how many accounts it asked about, what it healed, and what it could not."""

    checked: int = 0
    drifts: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def rows_written(self) -> int:
        """0 when facts and truth are the same."""
        return len(self.drifts)


def reconcile(desk: Desk, now: datetime, account_id: UUID | None = None) -> Report:
    """One account, or all; an account that fails is named and does not stop the others."""
    report = Report()
    with desk.uow() as session:
        accounts = [account_id] if account_id else _accounts(session)
    for account in accounts:
        try:
            _account(desk, account, now, report)
            report.checked += 1
        except GatewayError as error:
            report.failures.append(f"{account}: {type(error).__name__}: {error}")
    return report


def _accounts(session: Session) -> list[UUID]:
    paying = select(CustomerRow.account_id).where(CustomerRow.provider_id.is_not(None))
    known = select(Snapshot.account_id)
    return sorted(set(session.execute(paying.union(known)).scalars()))


def _account(desk: Desk, account_id: UUID, now: datetime, report: Report) -> None:
    _checkouts(desk, account_id, now, report)
    with desk.uow() as session:
        customer_id = customer_of(session, account_id)
        rows = {
            row.sub_id: row
            for row in session.execute(select(Snapshot).where(Snapshot.account_id == account_id)).scalars()
        }
    truth: dict[str, Subscription] = {}
    charges: tuple[Charge, ...] = ()
    for customer in sorted({row.customer_id for row in rows.values()} | ({customer_id} if customer_id else set())):
        try:
            truth |= {sub.id: sub for sub in desk.gateway.subscriptions(customer)}
            charges = desk.gateway.charges(customer)
        except Missing:
            _customer_gone(desk, account_id, customer, now, report)
            continue
        if _money_differs(desk, account_id, charges):
            sync_money(desk, customer, now)
            _write(desk, account_id, "money", customer, {}, now, report)
    for sub_id in sorted(truth.keys() | rows.keys()):
        _subscription(desk, account_id, sub_id, rows.get(sub_id), truth.get(sub_id), now, report)


def _customer_gone(desk: Desk, account_id: UUID, customer_id: str, now: datetime, report: Report) -> None:
    with desk.uow() as session:
        if customer_of(session, account_id) != customer_id:
            return
        forget_customer(session, customer_id)
    _write(desk, account_id, "customer_deleted", customer_id, {}, now, report)


def _checkouts(desk: Desk, account_id: UUID, now: datetime, report: Report) -> None:
    """A reservation whose checkout has ended unseen would keep the person from buying."""
    with desk.uow() as session:
        open_ones = select(Reservation.session_id).where(
            Reservation.account_id == account_id, Reservation.closed_at.is_(None), Reservation.session_id.is_not(None)
        )
        session_id = session.execute(open_ones).scalar_one_or_none()
    if session_id is None:
        return
    made = settle(desk, session_id, now)
    if made.status != "open":
        _write(desk, account_id, "checkout", session_id, {"status": made.status}, now, report)


def difference(row: Snapshot | None, sub: Subscription | None) -> dict[str, list[str]]:
    """Where fact and truth differ: column → [ours, theirs]; the version of the API alone is no difference."""
    if sub is None:
        ended = row is not None and row.status in ENDED
        return {} if ended else {"status": [row.status if row else "", "missing"]}
    return {
        name: [str(getattr(row, name, None)), str(value)]
        for name, value in columns_of(sub).items()
        if name != "api_version" and getattr(row, name, None) != value
    }


def _subscription(
    desk: Desk,
    account_id: UUID,
    sub_id: str,
    row: Snapshot | None,
    sub: Subscription | None,
    now: datetime,
    report: Report,
) -> None:
    if sub is not None and sub.livemode is not desk.gateway.livemode:
        return
    if row is not None and row.livemode is not desk.gateway.livemode:
        return
    differing: dict[str, Any] = difference(row, sub)
    if differing:
        sync_subscription(desk, sub_id, now)
        _write(desk, account_id, "subscription", sub_id, differing, now, report)


def _money_differs(desk: Desk, account_id: UUID, charges: tuple[Charge, ...]) -> bool:
    with desk.uow() as session:
        given_back = select(RefundRow.charge_id, RefundRow.refunded).where(RefundRow.account_id == account_id)
        refunds = {row.charge_id: row.refunded for row in session.execute(given_back)}
        contested = select(HoldRow.reference, HoldRow.released_at).where(HoldRow.account_id == account_id)
        holds = {row.reference: row.released_at for row in session.execute(contested)}
    for charge in charges:
        if charge.livemode is not desk.gateway.livemode:
            continue
        if refunds.get(charge.id, 0) != sum(refund.amount for refund in charge.refunds):
            return True
        for dispute in charge.disputes:
            unseen = dispute.id not in holds
            if unseen or (dispute.status in RELEASED and holds[dispute.id] is None):
                return True
    return False


def _write(
    desk: Desk, account_id: UUID, kind: str, object_id: str, detail: dict[str, Any], now: datetime, report: Report
) -> None:
    with desk.uow() as session:
        session.add(
            Drift(kind=kind, account_id=account_id, object_id=object_id, detail=detail, found_at=now, healed_at=now)
        )
    report.drifts.append(f"{kind} {object_id}")


def drift_count(session: Session, now: datetime, *, within: timedelta = timedelta(days=1)) -> int:
    """The metric: how many differences were found lately."""
    return session.execute(select(func.count()).where(Drift.found_at > now - within)).scalar_one()


def drift_list(session: Session, limit: int = 100) -> list[Drift]:
    """The newest first, alerts (which are not healed) among them."""
    return list(session.execute(select(Drift).order_by(Drift.found_at.desc()).limit(limit)).scalars())
