"""Files that were uploaded at the desk: kept until somebody agrees to what they would do, for a day at most."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lift.kernel.errors import NotFound
from lift.questions.desk_models import QuestionImport


def keep(session: Session, data: bytes, *, name: str, take_over: bool, who: str, now: datetime) -> QuestionImport:
    """Store a file for later."""
    tidy = "".join(letter for letter in name if letter.isprintable()).strip()[-200:] or "a file"
    upload = QuestionImport(
        who=who, name=tidy, packed=zlib.compress(data), take_over=take_over, created_at=now, counts={}
    )
    session.add(upload)
    session.flush()
    return upload


def find(session: Session, upload_id: UUID, *, lock: bool = False) -> QuestionImport:
    """The upload; NotFound when it was forgotten."""
    statement = select(QuestionImport).where(QuestionImport.id == upload_id)
    found = session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()
    if found is None:
        raise NotFound("This file is not kept any more. Upload it again.")
    return found


def content_of(upload: QuestionImport) -> bytes:
    """The file as it was uploaded."""
    return zlib.decompress(upload.packed) if upload.packed else b""


def mark_done(upload: QuestionImport, counts: dict[str, Any], now: datetime) -> None:
    """It was imported: what it held is in the bank now."""
    upload.done_at, upload.counts, upload.packed = now, counts, b""


def latest(session: Session, limit: int) -> Sequence[QuestionImport]:
    """The imports that were done, the newest first."""
    done = select(QuestionImport).where(QuestionImport.done_at.is_not(None)).order_by(QuestionImport.done_at.desc())
    return session.execute(done.limit(limit)).scalars().all()


def forget(session: Session, *, waiting_before: datetime, done_before: datetime) -> int:
    """Delete files that nobody agreed to, and old notes of imports; how many rows went."""
    waiting = QuestionImport.done_at.is_(None) & (QuestionImport.created_at < waiting_before)
    gone = delete(QuestionImport).where(or_(waiting, QuestionImport.done_at < done_before))
    return len(session.execute(gone.returning(QuestionImport.id)).all())
