"""What a subscriber does, with the e-mails that no state of the provider calls for by itself."""

from datetime import datetime
from uuid import UUID

from billing import subscriptions
from billing.desk import Desk
from billing.effects import tell
from billing.models import Snapshot
from billing.notices import Notice
from billing.subscriptions import live_snapshot
from lift.payments.rounds import resumed_notice


def _live(desk: Desk, account_id: UUID) -> Snapshot | None:
    with desk.uow() as session:
        return live_snapshot(session, account_id, livemode=desk.gateway.livemode)


def _tell(desk: Desk, account_id: UUID, notice: Notice, now: datetime) -> None:
    with desk.uow() as session:
        tell(session, desk.mail, account_id, notice, now)


def change_plan(desk: Desk, account_id: UUID, plan_key: str, proration_date: datetime, now: datetime) -> None:
    """Change as previewed, and tell."""
    subscriptions.change_plan(desk, account_id, plan_key, proration_date, now)
    sub = _live(desk, account_id)
    if sub is not None:
        key = f"{sub.sub_id}:{plan_key}:{int(proration_date.timestamp())}"
        _tell(desk, account_id, Notice("plan_changed", key, {"plan": plan_key}), now)


def undo_cancel(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Let it go on after all, and tell once for the end that does not come."""
    before = _live(desk, account_id)
    subscriptions.undo_cancel(desk, account_id, now)
    ends_at = (before.cancel_at or before.period_end) if before is not None else None
    if before is not None and ends_at is not None and (before.cancel_at_period_end or before.cancel_at):
        _tell(desk, account_id, Notice("cancel_undone", f"{before.sub_id}:{ends_at:%Y%m%d%H%M}"), now)


def resume(desk: Desk, account_id: UUID, now: datetime) -> None:
    """Go on with a paused subscription at once, and tell."""
    before = _live(desk, account_id)
    subscriptions.resume(desk, account_id, now)
    if before is not None:
        _tell(desk, account_id, resumed_notice(before.sub_id, before.resumes_at), now)
