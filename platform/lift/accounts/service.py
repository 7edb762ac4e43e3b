"""Use cases of accounts. What a stranger sees never depends on whether an address has an account.

Whoever writes takes the account's lock first and its tokens after it, so that no two of these wait for each other.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing import trial
from lift.accounts import letters, passwords, sessions, tokens, zones
from lift.accounts.addresses import parse_address
from lift.accounts.models import Account
from lift.accounts.password_rules import problem_with
from lift.accounts.passwords import Tried
from lift.accounts.tokens import Purpose, StaleLink
from lift.kernel.errors import Invalid, LiftError
from lift.kernel.ids import keyed_hash, uuid7
from lift.kernel.settings import Settings
from lift.notifications.service import send_mail

log = structlog.get_logger(__name__)

WRONG = (
    "This address and password do not belong together, or the address is not confirmed yet. "
    "If that is what it waits for, the mail with the link is on its way."
)


def _by_email(session: Session, email: str) -> Account | None:
    return session.execute(select(Account).where(Account.email == email)).scalar_one_or_none()


def _lock(session: Session, account_id: UUID | None) -> Account | None:
    """The living account as it is now, locked against everybody who writes it."""
    locked = select(Account).where(Account.id == account_id, Account.deleted_at.is_(None))
    statement = locked.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.execute(statement).scalar_one_or_none()


def _holder(session: Session, account_id: UUID | None) -> Account:
    """The living account that a token belongs to."""
    account = session.get(Account, account_id) if account_id else None
    if account is None or account.deleted_at is not None:
        raise StaleLink
    return account


def _open_account(session: Session, email: str, password_hash: str, now: datetime) -> Account:
    """The account of the address, locked; made with this password when there was none."""
    session.execute(
        insert(Account)
        .values(
            id=uuid7(),
            email=email,
            email_canonical=trial.canonical_email(email),
            password_hash=password_hash,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["email"])
    )
    statement = select(Account).where(Account.email == email).with_for_update(key_share=True)
    return session.execute(statement.execution_options(populate_existing=True)).scalar_one()


def sign_up(session: Session, settings: Settings, email: str, password: str, now: datetime, user_agent: str) -> str:
    """Open an account, mail its link, and log the browser in; returns the session's token.

    An address that has a proved account gets a mail that says so, and the browser a session that can do nothing.
    Until the mailbox is proved the last sign-up counts: an earlier one may have been somebody else's.
    """
    address = parse_address(email)
    problem = problem_with(password, address)
    if problem:
        raise Invalid(problem)
    # Before the first statement: no connection is held meanwhile.
    hashed = passwords.hash_password(password)
    account = _open_account(session, address, hashed, now)
    if account.email_verified_at is not None or account.deleted_at is not None:
        letters.mail_already_known(session, settings, account, now)
        sessions.end_claims(session, address, now)
        return sessions.start(session, None, now, user_agent, claimed_email=address)
    account.password_hash = hashed
    sessions.end_all(session, account.id, account.email, now)
    letters.mail_verification(session, settings, account, now)
    log.info("signed_up", account_id=str(account.id))
    return sessions.start(session, account.id, now, user_agent)


def resend_verification(session: Session, settings: Settings, account_id: UUID, email: str, now: datetime) -> None:
    """Mail the link again; to an address that is taken, the mail that says so."""
    stored = _lock(session, account_id)
    if stored is None:
        known = _by_email(session, email)
        locked = _lock(session, known.id) if known else None
        if locked is not None:
            letters.mail_already_known(session, settings, locked, now)
    elif stored.email_verified_at is None:
        letters.mail_verification(session, settings, stored, now)


@dataclass(frozen=True)
class VerificationLink:
    """What a mailed link to prove a mailbox is good for."""

    account_id: UUID
    password_hash: str
    confirmed: bool
    """Whether the mailbox is proved already, by this link or another."""


def verification_link(session: Session, token: str, now: datetime) -> VerificationLink:
    """Whose mailbox the link proves or proved; ``StaleLink`` when it opens nothing. Changes nothing."""
    # The token before the account: whoever uses it in between confirms the account, which is then seen.
    opens = tokens.owner(session, token, Purpose.VERIFY, now) is not None
    account = _holder(session, tokens.holder(session, token, Purpose.VERIFY))
    confirmed = account.email_verified_at is not None
    if not confirmed and not opens:
        raise StaleLink
    return VerificationLink(account.id, account.password_hash, confirmed)


class Confirmed(StrEnum):
    """What became of a link that was followed."""

    TRIAL_STARTED = "trial_started"
    NO_TRIAL = "no_trial"
    BEFORE = "before"


def verify(
    session: Session, settings: Settings, link: VerificationLink, token: str, now: datetime, zone: str | None = None
) -> Confirmed:
    """Prove the mailbox; twice at once is as good as once. ``zone`` is where the browser says that it is.

    The caller has seen that whoever opens the link is who chose the password, by session or by password: else a
    stranger could sign up with your address and have you confirm it for them.
    """
    account = _lock(session, link.account_id)
    # Another sign-up or a reset may have come between the look at the password and the lock.
    if account is None or account.password_hash != link.password_hash:
        raise StaleLink
    if account.email_verified_at is not None:
        return Confirmed.BEFORE
    if tokens.use(session, token, Purpose.VERIFY, now) is None:
        raise StaleLink
    started = _prove_mailbox(session, settings, account, now, zone)
    return Confirmed.TRIAL_STARTED if started else Confirmed.NO_TRIAL


def _prove_mailbox(session: Session, settings: Settings, account: Account, now: datetime, zone: str | None) -> bool:
    """Whether the trial runs now; the account is locked."""
    if account.email_verified_at is None:
        account.email_verified_at = now
        # Learnt once, here: later the person's own choice stands.
        if zone in zones.known():
            account.timezone = zone
        session.flush()
    secret = settings.trial_key.get_secret_value()
    mailbox = keyed_hash(secret, "trial-mailbox", trial.canonical_email(account.email))
    granted = trial.grant(session, account.id, mailbox, now)
    log.info("mailbox_proved", account_id=str(account.id), trial=granted is not None)
    return granted is not None and now < granted.ends_at


@dataclass(frozen=True)
class Credentials:
    """What an address logs in with; both are None when nobody can."""

    account_id: UUID | None = None
    password_hash: str | None = None


def credentials(session: Session, email: str) -> Credentials:
    """What a password is to be compared with. Changes nothing."""
    try:
        account = _by_email(session, parse_address(email))
    except Invalid:
        return Credentials()
    if account is None or account.deleted_at is not None:
        return Credentials()
    return Credentials(account.id, account.password_hash)


def log_in(
    session: Session, settings: Settings, account_id: UUID | None, tried: Tried, now: datetime, user_agent: str
) -> str:
    """A new session's token; ``Invalid`` with one and the same sentence for whatever was wrong.

    The password was compared before, without a connection. A mailbox that is not proved logs nobody in, or a
    stranger would learn which addresses are free: it is sent its link again, which is to be kept though we refuse.
    """
    account = _lock(session, account_id) if tried.fits else None
    if account is None or account.password_hash != tried.stored:
        log.info("log_in_refused", account_id=str(account_id) if account_id else None)
        raise Invalid(WRONG)
    if account.email_verified_at is None:
        letters.mail_verification(session, settings, account, now)
        log.info("log_in_refused", account_id=str(account_id), reason="unverified")
        raise Invalid(WRONG)
    if tried.fresh is not None:
        account.password_hash = tried.fresh
    log.info("logged_in", account_id=str(account.id))
    return sessions.start(session, account.id, now, user_agent)


def request_reset(session: Session, settings: Settings, email: str, now: datetime) -> None:
    """Mail a link to choose a new password, or say to the mailbox that it has no account."""
    address = parse_address(email)
    known = _by_email(session, address)
    account = _lock(session, known.id if known else None)
    # Made in either case, or the time that it takes would tell.
    token_id, token = tokens.issue(session, account.id if account else None, Purpose.RESET, now)
    if account is None:
        context = {"sign_up": f"{settings.base_url}/sign-up"}
        send_mail(session, None, address, "reset_unknown", f"reset-unknown:{token_id}", context, now)
        return
    context = {"link": f"{settings.base_url}/reset/{token}"}
    send_mail(session, account.id, account.email, "reset", f"reset:{token_id}", context, now)


def check_reset(session: Session, token: str, now: datetime) -> Account:
    """Whose password the link sets; ``StaleLink`` when it no longer works. Changes nothing."""
    return _holder(session, tokens.owner(session, token, Purpose.RESET, now))


class BadPassword(LiftError):
    """The new password is refused; the link still works."""


def check_new_password(session: Session, token: str, password: str, now: datetime) -> None:
    """``StaleLink``, or ``BadPassword`` with words for the person. Changes nothing."""
    problem = problem_with(password, check_reset(session, token, now).email)
    if problem:
        raise BadPassword(problem)


def reset_password(
    session: Session, settings: Settings, token: str, password_hash: str, now: datetime, zone: str | None = None
) -> None:
    """Set a new password by the mailed link: ends all sessions and, as the mail arrived, proves the mailbox."""
    account = _lock(session, check_reset(session, token, now).id)
    if account is None or tokens.use(session, token, Purpose.RESET, now) is None:
        raise StaleLink
    account.password_hash = password_hash
    session.flush()
    tokens.void(session, account.id, Purpose.VERIFY, now)
    sessions.end_all(session, account.id, account.email, now)
    _prove_mailbox(session, settings, account, now, zone)
    letters.mail_password_changed(session, settings, account, now)
    log.info("password_reset", account_id=str(account.id))


def complete_onboarding(
    session: Session,
    account: Account,
    *,
    company: str | None,
    role: str | None,
    level: str | None,
    interview_date: date | None,
    now: datetime,
) -> None:
    """Remember what the person prepares for; each part may be empty."""
    account.target_company = company or None
    account.target_role = role or None
    account.target_level = level or None
    account.interview_date = interview_date
    account.onboarded_at = account.onboarded_at or now
    session.flush()


def set_timezone(session: Session, account: Account, name: str) -> None:
    """Show times in this zone."""
    if name not in zones.known():
        raise Invalid("There is no such time zone.")
    account.timezone = name
    session.flush()
