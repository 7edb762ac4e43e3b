"""The ledger of effects: the row and the effect are in one transaction, so there is one of each or neither."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing.desk import Mail
from billing.models import Effect
from billing.notices import Notice

_effects = cast(Table, Effect.__table__)
_RECORD = insert(_effects).on_conflict_do_nothing().returning(_effects.c.effect_key)
_TOLD = select(_effects.c.effect_key).where(_effects.c.effect_key.in_(bindparam("keys", expanding=True)))


def told_before(session: Session, effect_keys: Sequence[str]) -> frozenset[str]:
    """Which of the effects were recorded; a look that spares most of them the try to record them again."""
    return frozenset(session.execute(_TOLD, {"keys": effect_keys}).scalars()) if effect_keys else frozenset()


def first_time(session: Session, effect_key: str, account_id: UUID, kind: str, now: datetime) -> bool:
    """Record the effect; False when it was made before."""
    row = {"effect_key": effect_key, "account_id": account_id, "kind": kind, "at": now}
    return session.execute(_RECORD, row).scalar_one_or_none() is not None


def tell(session: Session, mail: Mail, account_id: UUID, notice: Notice, now: datetime) -> bool:
    """Promise the e-mail, unless it was promised before."""
    context: dict[str, Any] = notice.context
    if not first_time(session, notice.effect_key, account_id, notice.kind, now):
        return False
    mail(session, account_id, notice.kind, notice.effect_key, context)
    return True
