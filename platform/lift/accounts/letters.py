"""The mails of accounts, and how often one mailbox gets them: anybody can type anybody's address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lift.accounts import tokens, zones
from lift.accounts.models import Account
from lift.accounts.tokens import Purpose
from lift.kernel.ids import uuid7
from lift.kernel.settings import Settings
from lift.notifications import queries
from lift.notifications.service import send_mail

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pace:
    """One mail in ``apart``, and ``most`` in a day."""

    apart: timedelta
    most: int

    def allows(self, sent: Sequence[datetime], now: datetime) -> bool:
        """Whether another may follow those ``sent`` within the last day."""
        return len(sent) < self.most and all(now - moment >= self.apart for moment in sent)


VERIFY = Pace(timedelta(minutes=5), 10)
"""Until the next, the mail that is on its way serves: its link belongs to the account, whatever its password is."""
KNOWN = Pace(timedelta(hours=1), 10)


def mail_verification(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    """Mail the link that proves the mailbox, unless one left a moment ago. The account is locked by the caller."""
    if not VERIFY.allows(queries.sent_since(session, account.id, "verify", now - DAY), now):
        return
    token_id, token = tokens.issue(session, account.id, Purpose.VERIFY, now)
    context = {"link": f"{settings.base_url}/verify/{token}"}
    send_mail(session, account.id, account.email, "verify", f"verify:{token_id}", context, now)


def mail_already_known(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    """Say that the address has an account, unless that was said a moment ago. The account is locked by the caller."""
    kind = "already_have_account"
    if not KNOWN.allows(queries.sent_since(session, account.id, kind, now - DAY), now):
        return
    context = {"log_in": f"{settings.base_url}/log-in", "forgot": f"{settings.base_url}/forgot"}
    send_mail(session, account.id, account.email, kind, f"known:{uuid7()}", context, now)


def mail_password_changed(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    """Tell the owner, who may not have done it."""
    context = {"log_in": f"{settings.base_url}/log-in", "forgot": f"{settings.base_url}/forgot"}
    send_mail(session, account.id, account.email, "password_changed", f"password:{uuid7()}", context, now)


def mail_deletion_asked(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    """Say on which day the account goes, and how to keep it."""
    day = account.leaves_at or now
    context = {
        "leaves_at": zones.moment_in(day, account.timezone),
        "undo": f"{settings.base_url}/account/delete",
        "forgot": f"{settings.base_url}/forgot",
    }
    send_mail(session, account.id, account.email, "deletion_asked", f"leaving:{uuid7()}", context, now)


def mail_deletion_undone(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    """Say that the account stays."""
    context = {"account": f"{settings.base_url}/account", "billing": f"{settings.base_url}/billing"}
    send_mail(session, account.id, account.email, "deletion_undone", f"staying:{uuid7()}", context, now)


def mail_account_deleted(session: Session, email: str, now: datetime) -> None:
    """The last mail: to an address that has no account any more, so its row goes a day later."""
    send_mail(session, None, email, "account_deleted", f"gone:{uuid7()}", {}, now)
