"""Leaving: asked for, undone within fourteen days, then every row of the person goes; the payment provider first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.orm import Session

from billing import deletion as billing
from billing.desk import BillingError, Desk
from billing.gateway import GatewayError
from billing.operators import record
from lift.accounts import leaving, letters
from lift.copilot.queries import ask_ids
from lift.interviews.queries import answer_ids
from lift.kernel import job_board
from lift.kernel.settings import Settings
from lift.notifications import queries as mails
from lift.notifications.service import forget_address
from lift.questions import desk
from lift.submissions import service as submissions

log = structlog.get_logger(__name__)

UNDO_FOR = timedelta(days=14)
A_ROUND = 50
"""Accounts that one round deletes: each asks the provider, and a round ends within a task's time."""


def request(desk: Desk, settings: Settings, account_id: UUID, now: datetime) -> bool:
    """Ask for the deletion; False when it was asked for before. ``BillingError`` leaves the account as it is."""
    billing.request_deletion(desk, account_id, now)
    with desk.uow() as session:
        account = leaving.ask(session, account_id, now + UNDO_FOR)
        if account is None:
            return False
        letters.mail_deletion_asked(session, settings, account, now)
    log.info("deletion_asked", account_id=str(account_id))
    return True


def undo(desk: Desk, settings: Settings, account_id: UUID, now: datetime) -> bool:
    """Take it back; False when there is nothing to take back any more. ``BillingError`` changes nothing."""
    with desk.uow() as session:
        if not leaving.may_undo(session, account_id, now):
            return False
    billing.undo_deletion(desk, account_id, now)
    with desk.uow() as session:
        account = leaving.take_back(session, account_id, now)
        if account is None:
            return False
        letters.mail_deletion_undone(session, settings, account, now)
    log.info("deletion_undone", account_id=str(account_id))
    return True


def purge(desk: Desk, account_id: UUID, now: datetime, *, who: str, why: str) -> None:
    """Delete the account for good. ``BillingError`` leaves it shut, with all its rows, for the next round.

    It is shut first, so that nothing is bought or undone while the provider is told.
    """
    with desk.uow() as session:
        leaving.shut(session, account_id, now)
    billing.end_at_provider(desk, account_id, now)
    with desk.uow() as session:
        account = leaving.locked(session, account_id)
        if account is None:
            return
        email = account.email
        record(session, f"deleted:{uuid4()}", account_id, who=who, what="account_deleted", why=why, now=now)
        submissions.forget_account(session, account_id, now)
        _forget(session, account_id, email)
        leaving.delete(session, account_id, email)
        letters.mail_account_deleted(session, email, now)
    log.info("account_deleted")


def _forget(session: Session, account_id: UUID, email: str) -> None:
    """Everything about the person that does not go with the account's own row."""
    named = {str(account_id), *map(str, _named(session, account_id))}
    job_board.forget_about(session, named)
    billing.forget_account(session, account_id, email)
    forget_address(session, email)
    desk.forget_address(session, email)


def _named(session: Session, account_id: UUID) -> Iterator[UUID]:
    """What of the person jobs are about."""
    yield from answer_ids(session, account_id)
    yield from ask_ids(session, account_id)
    yield from mails.ids_of(session, account_id)


def purge_due(desk: Desk, now: datetime) -> dict[str, int]:
    """Delete every account whose day has come; one that fails is tried again with the next round."""
    with desk.uow() as session:
        due = leaving.due(session, now, A_ROUND)
    done = {"deleted": 0, "failed": 0}
    for account_id in due:
        try:
            purge(desk, account_id, now, who="the person", why="asked for on the account's page")
        except (BillingError, GatewayError) as away:
            # The provider's words may quote an address.
            log.warning("deletion_waits", account_id=str(account_id), error=type(away).__name__)
            done["failed"] += 1
        else:
            done["deleted"] += 1
    return done
