"""How billing's jobs become jobs of the product."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from billing.desk import Enqueue
from lift.kernel.jobs import Job, enqueue


def _promise(now: datetime, session: Session, job: str, key: str, payload: dict[str, Any]) -> object:
    return enqueue(session, Job(job), key, payload, now)


def promise(now: datetime) -> Enqueue:
    """Billing's way to have work done later; ``ValueError`` for a job that does not exist."""
    return partial(_promise, now)
