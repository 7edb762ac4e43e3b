"""An import of questions from the desk or the command line, written down in the audit log in the same transaction."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from billing.operators import record
from lift.catalog.files import CatalogFiles, read_catalog
from lift.questions import importing
from lift.questions.importing import Plan

NOBODY = UUID(int=0)
"""Whose account an act is written to that concerns none."""


@lru_cache(maxsize=1)
def shipped_catalog() -> CatalogFiles:
    """The catalogue that ships with this release; it does not change while a process runs."""
    return read_catalog()


def run(
    session: Session, plan: Plan, *, name: str, who: str, why: str, act_key: str, now: datetime
) -> dict[str, int] | None:
    """Do what the plan says and write it down; None when this act was done before. ``BillingError`` without a reason."""
    told = {"file": name, **{fate: count for fate, count in plan.counts.items() if count}}
    if not record(session, act_key, NOBODY, who=who, what="questions_imported", why=why, now=now, detail=told):
        return None
    return importing.apply(session, plan, shipped_catalog(), who=who, now=now)
