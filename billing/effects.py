"""The ledger of effects: the row and the effect are in one transaction, so there is one of each or neither."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing.desk import Mail
from billing.models import Effect
from billing.notices import Notice


def first_time(session: Session, effect_key: str, account_id: UUID, kind: str, now: datetime) -> bool:
    """Record the effect; False when it was made before."""
    statement = (
        insert(Effect)
        .values(effect_key=effect_key, account_id=account_id, kind=kind, at=now)
        .on_conflict_do_nothing()
        .returning(Effect.effect_key)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def tell(session: Session, mail: Mail, account_id: UUID, notice: Notice, now: datetime) -> bool:
    """Promise the e-mail, unless it was promised before."""
    context: dict[str, Any] = notice.context
    if not first_time(session, notice.effect_key, account_id, notice.kind, now):
        return False
    mail(session, account_id, notice.kind, notice.effect_key, context)
    return True
