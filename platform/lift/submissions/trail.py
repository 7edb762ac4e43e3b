"""Writes the trail: every step of a report through its state machine, and what else happens to it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.submissions.ladder import ACTORS, Act, State, Who, step
from lift.submissions.models import Report, ReportEvent

SENT, REWARD, MERGE, UNMERGE, ADOPT, OPINION = "send", "reward", "merge", "unmerge", "adopt", "opinion"
"""What happens to a report and is no step of the ladder."""


def take(
    session: Session,
    report: Report,
    act: Act,
    now: datetime,
    *,
    reasons: Collection[str] = (),
    by: UUID | None = None,
    **details: Any,
) -> State:
    """Take a step and write it down; ``IllegalStep`` when the ladder has none such. ``by`` is a reviewer."""
    before = State(report.state)
    after = step(before, act, ACTORS[act])
    report.state = after
    if act is Act.VERIFY:
        report.verified_at = now
    elif act in (Act.UNDO, Act.WITHDRAW):
        report.verified_at = None
    _write(session, report, act, ACTORS[act], before, now, reasons, by, details)
    return after


def note(
    session: Session, report: Report, what: str, who: Who, now: datetime, *, by: UUID | None = None, **details: Any
) -> None:
    """Write down what changes no state."""
    before = None if what == SENT else State(report.state)
    _write(session, report, what, who, before, now, (), by, details)


def _write(
    session: Session,
    report: Report,
    act: str,
    who: Who,
    before: State | None,
    now: datetime,
    reasons: Collection[str],
    by: UUID | None,
    details: dict[str, Any],
) -> None:
    session.add(
        ReportEvent(
            report_id=report.id,
            at=now,
            who=who,
            account_id=by,
            act=act,
            from_state=before,
            to_state=report.state,
            reasons=list(reasons),
            details=details,
        )
    )
    session.flush()


def of(session: Session, report_id: UUID) -> Sequence[ReportEvent]:
    """The trail of a report, from the beginning."""
    statement = select(ReportEvent).where(ReportEvent.report_id == report_id).order_by(ReportEvent.id)
    return session.execute(statement).scalars().all()
