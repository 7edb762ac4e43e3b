"""What the use cases are handed: transactions, the gateway, and the two ways to have something done later."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from billing.gateway import Gateway


class Enqueue(Protocol):
    """Promises a job once per key, in the session's transaction."""

    def __call__(self, session: Session, job: str, key: str, payload: dict[str, Any]) -> object: ...


class Mail(Protocol):
    """Promises an e-mail, in the session's transaction; called once per ``effect_key``."""

    def __call__(
        self, session: Session, account_id: UUID, kind: str, effect_key: str, context: dict[str, Any]
    ) -> object: ...


@dataclass(frozen=True)
class Desk:
    """``uow`` opens a session that commits when its block ends well; no gateway call is made within one."""

    uow: Callable[[], AbstractContextManager[Session]]
    gateway: Gateway
    mail: Mail


EVENT_JOB = "billing_event"
"""The job that works an event; its payload is ``{"event_id": …}``."""


class BillingError(Exception):
    """Expected; the message is fit for the person."""


class AlreadySubscribed(BillingError):
    """A subscription is running: a second one is never sold."""


class NoSubscription(BillingError):
    """There is nothing to change."""


class TryAgain(BillingError):
    """The provider gave no answer; nothing is half-done."""


class Declined(BillingError):
    """The card was refused; all is as it was."""
