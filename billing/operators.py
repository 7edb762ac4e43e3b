"""What an operator does to an account; each act is written down with who and why, and done once for its key."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing.desk import BillingError
from billing.models import Audit, CompRow, HoldRow

REWARD = timedelta(days=7)
HOLD_KINDS = ("admin", "fraud")


def record(
    session: Session,
    act_key: str,
    account_id: UUID,
    *,
    who: str,
    what: str,
    why: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> bool:
    """Write the act down; False when this key was written before. ``BillingError`` without a reason."""
    if not why.strip():
        raise BillingError("Say why.")
    statement = insert(Audit).values(
        id=uuid4(), act_key=act_key, account_id=account_id, who=who, what=what, why=why, detail=detail or {}, at=now
    )
    return session.execute(statement.on_conflict_do_nothing().returning(Audit.id)).scalar_one_or_none() is not None


def grant_comp(
    session: Session, account_id: UUID, *, until: datetime | None, who: str, why: str, act_key: str, now: datetime
) -> bool:
    """Open everything until then (None: for good); False when this act was done before."""
    if until is not None and until <= now:
        raise BillingError("This end has passed.")
    detail = {"until": until.isoformat() if until else None}
    if not record(session, act_key, account_id, who=who, what="comp_granted", why=why, now=now, detail=detail):
        return False
    return _comp(session, account_id, f"act:{act_key}", until, why, who, now)


def reward(session: Session, account_id: UUID, reason: str, now: datetime) -> bool:
    """Seven days for a contribution, once a calendar month (in UTC); False when this month's was given."""
    key = f"reward:{account_id}:{now.astimezone(UTC):%Y-%m}"
    return _comp(session, account_id, key, now + REWARD, reason, "reward", now)


def _comp(
    session: Session, account_id: UUID, grant_key: str, until: datetime | None, reason: str, by: str, now: datetime
) -> bool:
    statement = insert(CompRow).values(
        id=uuid4(),
        account_id=account_id,
        grant_key=grant_key,
        starts_at=now,
        until=until,
        reason=reason,
        given_by=by,
    )
    given = session.execute(statement.on_conflict_do_nothing().returning(CompRow.id)).scalar_one_or_none()
    return given is not None


def revoke_comps(session: Session, account_id: UUID, *, who: str, why: str, act_key: str, now: datetime) -> int:
    """End all access that was given; how many grants ended."""
    if not record(session, act_key, account_id, who=who, what="comps_revoked", why=why, now=now):
        return 0
    running = (CompRow.until.is_(None)) | (CompRow.until > now)
    ended = update(CompRow).where(CompRow.account_id == account_id, running).values(until=now)
    return len(session.execute(ended.returning(CompRow.id)).all())


def hold(session: Session, account_id: UUID, *, kind: str, who: str, why: str, act_key: str, now: datetime) -> bool:
    """Stop all rights until released; False when this act was done before."""
    if kind not in HOLD_KINDS:
        raise BillingError("There is no such kind of hold.")
    if not record(session, act_key, account_id, who=who, what="held", why=why, now=now, detail={"kind": kind}):
        return False
    session.add(HoldRow(account_id=account_id, kind=kind, reference=f"act:{act_key}", starts_at=now))
    session.flush()
    return True


def release(session: Session, account_id: UUID, *, who: str, why: str, act_key: str, now: datetime) -> int:
    """Release every hold of the account, disputes too; how many."""
    if not record(session, act_key, account_id, who=who, what="released", why=why, now=now):
        return 0
    open_holds = update(HoldRow).where(HoldRow.account_id == account_id, HoldRow.released_at.is_(None))
    return len(session.execute(open_holds.values(released_at=now).returning(HoldRow.id)).all())


def acts_of(session: Session, account_id: UUID) -> list[Audit]:
    """What was done to the account, the newest first."""
    return list(
        session.execute(select(Audit).where(Audit.account_id == account_id).order_by(Audit.at.desc())).scalars()
    )


def latest_acts(session: Session, limit: int) -> list[Audit]:
    """What was done to anybody, the newest first."""
    return list(session.execute(select(Audit).order_by(Audit.at.desc(), Audit.id).limit(limit)).scalars())
