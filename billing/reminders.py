"""The trial's three e-mails: three days before its end, one day before, and when it has ended; each once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from billing.desk import Mail
from billing.effects import tell
from billing.models import CompRow, HoldRow, Snapshot, TrialGrant
from billing.notices import Notice

DAY = timedelta(days=1)

WINDOWS: tuple[tuple[str, timedelta, timedelta], ...] = (
    ("trial_3_days", -3 * DAY, -1 * DAY),
    ("trial_1_day", -1 * DAY, timedelta(0)),
    ("trial_ended", timedelta(0), 3 * DAY),
)
"""Kind, and the time from the trial's end in which it may be sent: one that is late beyond that is not sent."""

CONVERTED = ("active", "trialing", "past_due", "unpaid", "paused", "canceled")
"""Statuses of a subscription that make a reminder pointless."""


def _due(after: timedelta, before: timedelta, now: datetime, livemode: bool) -> Select[UUID, UUID, datetime]:
    """Trials whose end lies so that ``ends_at + after <= now < ends_at + before``, of people who have not paid."""
    paid = exists().where(
        Snapshot.account_id == TrialGrant.account_id, Snapshot.livemode.is_(livemode), Snapshot.status.in_(CONVERTED)
    )
    given = exists().where(
        CompRow.account_id == TrialGrant.account_id,
        CompRow.starts_at <= now,
        or_(CompRow.until.is_(None), CompRow.until > now),
    )
    held = exists().where(HoldRow.account_id == TrialGrant.account_id, HoldRow.released_at.is_(None))
    return select(TrialGrant.id, TrialGrant.account_id, TrialGrant.ends_at).where(
        TrialGrant.ends_at <= now - after, TrialGrant.ends_at > now - before, ~paid, ~given, ~held
    )


def send_reminders(session: Session, mail: Mail, now: datetime, *, livemode: bool = False) -> int:
    """Promise every reminder that is due; how many. Run as often as wished."""
    sent = 0
    for kind, after, before in WINDOWS:
        for grant_id, account_id, ends_at in session.execute(_due(after, before, now, livemode)).all():
            notice = Notice(kind, str(grant_id), {"ends_at": ends_at.isoformat()})
            sent += tell(session, mail, account_id, notice, now)
    return sent
