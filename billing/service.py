"""Reads the facts of an account and decides its access; at most one query."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from billing.access import Access, Comp, Facts, Hold, Holder, Refund, SubSnapshot, Trial, decide
from billing.models import CompRow, HoldRow, RefundRow, Snapshot, TrialGrant
from billing.plans import plan_for

_ACCOUNT: BindParameter[UUID] = bindparam("account_id")


def _rows(*columns: InstrumentedAttribute[Any]) -> Any:
    """All rows of an account as one JSON value, so that one query reads every table."""
    table = columns[0].class_
    values = select(func.jsonb_agg(func.jsonb_build_array(*columns))).where(table.account_id == _ACCOUNT)
    return values.scalar_subquery()


# Asked by every request of a signed-in person: built once.
_FACTS: Select[Any] = select(
    _rows(TrialGrant.starts_at, TrialGrant.ends_at),
    _rows(
        Snapshot.sub_id,
        Snapshot.status,
        Snapshot.period_end,
        Snapshot.cancel_at,
        Snapshot.cancel_at_period_end,
        Snapshot.ended_at,
        Snapshot.first_failed_at,
        Snapshot.price,
        Snapshot.livemode,
    ),
    _rows(CompRow.starts_at, CompRow.until, CompRow.reason),
    _rows(HoldRow.kind, HoldRow.starts_at, HoldRow.released_at, HoldRow.livemode),
    _rows(RefundRow.sub_id, RefundRow.amount, RefundRow.refunded, RefundRow.at, RefundRow.paid_until),
)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _sub(row: list[Any]) -> SubSnapshot:
    sub_id, status, period_end, cancel_at, at_period_end, ended_at, first_failed_at, price, livemode = row
    return SubSnapshot(
        sub_id,
        status,
        _maybe(period_end),
        _maybe(cancel_at),
        at_period_end,
        _maybe(ended_at),
        _maybe(first_failed_at),
        plan_for(price) is not None,
        livemode,
    )


def facts_for(session: Session, holder: Holder, *, livemode: bool = False) -> Facts:
    """The stored facts of a signed-in account, in one query; a hold of the other mode is left out."""
    trials, subs, comps, holds, refunds = session.execute(_FACTS, {"account_id": holder.account_id}).one()
    return Facts(
        signed_in=True,
        email_verified_at=holder.email_verified_at,
        deleted_at=holder.deleted_at,
        leaves_at=holder.leaves_at,
        trial=Trial(_moment(trials[0][0]), _moment(trials[0][1])) if trials else None,
        subscriptions=tuple(map(_sub, subs or ())),
        comps=tuple(Comp(_moment(start), _maybe(until), reason) for start, until, reason in comps or ()),
        holds=tuple(
            Hold(kind, _moment(start), _maybe(released))
            for kind, start, released, mode in holds or ()
            if mode is None or mode is livemode
        ),
        refunds=tuple(
            Refund(sub_id, refunded >= amount, _moment(at), _moment(paid_until))
            for sub_id, amount, refunded, at, paid_until in refunds or ()
        ),
        livemode=livemode,
    )


def access_for(session: Session, holder: Holder | None, now: datetime, *, livemode: bool = False) -> Access:
    """What may be done now; None is a visitor and costs no query."""
    return decide(Facts() if holder is None else facts_for(session, holder, livemode=livemode), now)
