"""The report that a person has begun, kept on the server; one a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.submissions.models import ReportDraft

LONGEST = 8000
"""Characters of one field that are kept."""


def save(session: Session, account_id: UUID, fields: dict[str, str], now: datetime) -> None:
    """Keep the form as it is; the newest wins."""
    kept: dict[str, Any] = {name: text.replace("\x00", "")[:LONGEST] for name, text in fields.items()}
    statement = insert(ReportDraft).values(account_id=account_id, fields=kept, saved_at=now)
    session.execute(
        statement.on_conflict_do_update(index_elements=["account_id"], set_={"fields": kept, "saved_at": now})
    )


def find(session: Session, account_id: UUID) -> ReportDraft | None:
    """The draft, if there is one."""
    return session.get(ReportDraft, account_id)


def drop(session: Session, account_id: UUID) -> None:
    """Throw it away."""
    session.execute(delete(ReportDraft).where(ReportDraft.account_id == account_id))
