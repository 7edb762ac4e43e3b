"""What billing does on a schedule: compare with the provider, remind, go on after a pause, stop collecting."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.desk import Desk, Mail
from billing.effects import tell
from billing.events import forget_payloads
from billing.models import CustomerRow, Snapshot
from billing.notices import Notice
from billing.reconcile import Report, reconcile
from billing.reminders import send_reminders
from billing.subscriptions import resume_due, stop_collecting
from lift.kernel.errors import Unavailable
from lift.kernel.jobs import Job, enqueue

log = structlog.get_logger(__name__)


def ask_for_all(session: Session, now: datetime) -> int:
    """Promise a comparison of each account that the provider knows, once an hour; how many."""
    forget_payloads(session, now)
    known = select(CustomerRow.account_id).where(CustomerRow.provider_id.is_not(None))
    accounts = session.execute(known.union(select(Snapshot.account_id))).scalars().all()
    hour = f"{now:%Y%m%d%H}"
    asked = [ask_for(session, account_id, hour, now) for account_id in accounts]
    return sum(asked)


def ask_for(session: Session, account_id: UUID, occasion: str, now: datetime) -> bool:
    """Promise a comparison of one account; False when it was promised for this occasion."""
    payload = {"account_id": str(account_id)}
    return enqueue(session, Job.BILLING_SYNC, f"sync:{account_id}:{occasion}", payload, now) is not None


def reconcile_account(desk: Desk, account_id: UUID, now: datetime) -> Report:
    """Compare one account and heal it; ``Unavailable`` when the provider did not answer, so that it is tried again."""
    report = reconcile(desk, now, account_id)
    for drift in report.drifts:
        log.warning("billing_drift", account_id=str(account_id), drift=drift)
    if report.failures:
        raise Unavailable(report.failures[0])
    return report


def remind(session: Session, mail: Mail, now: datetime, *, livemode: bool) -> int:
    """Promise the reminders of the trial that are due; how many."""
    return send_reminders(session, mail, now, livemode=livemode)


def tend_subscriptions(desk: Desk, now: datetime) -> dict[str, int]:
    """Go on with pauses that are over, and tell; end what was unpaid for too long. How many of each."""
    with desk.uow() as session:
        due = session.execute(
            select(Snapshot.sub_id, Snapshot.account_id, Snapshot.resumes_at).where(
                Snapshot.status == "paused", Snapshot.resumes_at <= now, Snapshot.livemode.is_(desk.gateway.livemode)
            )
        ).all()
    resumed = resume_due(desk, now)
    for sub_id, account_id, resumes_at in due:
        with desk.uow() as session:
            status = session.execute(select(Snapshot.status).where(Snapshot.sub_id == sub_id)).scalar_one_or_none()
            if status == "active":
                tell(session, desk.mail, account_id, resumed_notice(sub_id, resumes_at), now)
    return {"resumed": resumed, "ended": stop_collecting(desk, now)}


def resumed_notice(sub_id: str, resumes_at: datetime | None) -> Notice:
    """The e-mail about the end of this very pause, whoever ended it."""
    return Notice("subscription_resumed", f"{sub_id}:{resumes_at.isoformat() if resumes_at else None}")
