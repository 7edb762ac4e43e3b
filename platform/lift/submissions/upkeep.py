"""What time does to reports: the rounds of every hour."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from lift.questions import rollups
from lift.submissions import settling
from lift.submissions.models import Report, ReportDraft, Takedown
from lift.submissions.orphans import forget_orphans
from lift.submissions.recency import oldest


def age(session: Session, now: datetime) -> int:
    """Say of every question what its reports say by now; how many changed. The rule alone decides, not this round."""
    changed = settling.refresh(session, now)
    if changed:
        rollups.refresh(session, now)
    return changed


def forget(
    session: Session,
    now: datetime,
    *,
    networks_kept_for: timedelta,
    drafts_kept_for: timedelta,
    takedowns_kept_for: timedelta,
) -> int:
    """Forget networks, drafts and who asked for what to be taken down, when they are of no use; how many rows."""
    rows = 0
    old = or_(Report.month < oldest(now), Report.created_at < now - networks_kept_for)
    spent = update(Report).where(Report.network.is_not(None), old).values(network=None)
    rows += len(session.execute(spent.returning(Report.id)).all())
    drafts = delete(ReportDraft).where(ReportDraft.saved_at < now - drafts_kept_for)
    rows += len(session.execute(drafts.returning(ReportDraft.account_id)).all())
    asked = delete(Takedown).where(Takedown.decided_at < now - takedowns_kept_for)
    rows += len(session.execute(asked.returning(Takedown.id)).all())
    return rows + forget_orphans(session)
