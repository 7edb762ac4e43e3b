"""Use cases of accounts. What a stranger sees never depends on whether an address has an account."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import available_timezones

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing import trial
from lift.accounts import passwords, sessions, tokens
from lift.accounts.addresses import parse_address
from lift.accounts.models import Account
from lift.accounts.password_rules import problem_with
from lift.accounts.tokens import Purpose
from lift.kernel.errors import Denied, Invalid, LiftError
from lift.kernel.ids import keyed_hash, uuid7
from lift.kernel.settings import Settings
from lift.notifications.service import send_mail

log = structlog.get_logger(__name__)

STALE_LINK = "This link no longer works: it was used, or it is too old. Ask for a new one."
WRONG = "This address and password do not belong together."


def _by_email(session: Session, email: str, *, for_update: bool = False) -> Account | None:
    statement = select(Account).where(Account.email == email)
    if for_update:
        statement = statement.with_for_update()
    return session.execute(statement).scalar_one_or_none()


def _mail_verification(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    token_id, token = tokens.issue(session, account.id, Purpose.VERIFY, now)
    context = {"link": f"{settings.base_url}/verify/{token}"}
    send_mail(session, account.id, account.email, "verify", f"verify:{token_id}", context, now)


def _mail_already_known(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    context = {"log_in": f"{settings.base_url}/log-in", "forgot": f"{settings.base_url}/forgot"}
    # At most one an hour, so that signing up again and again fills nobody's mailbox.
    key = f"known:{account.id}:{now:%Y%m%d%H}"
    send_mail(session, account.id, account.email, "already_have_account", key, context, now)


def _open_account(session: Session, email: str, password_hash: str, now: datetime) -> Account:
    """The account of the address, locked; made with this password, unless somebody proved the mailbox before."""
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
    account = _by_email(session, email, for_update=True)
    if account is None:
        raise RuntimeError("an account was neither inserted nor found")
    return account


def sign_up(session: Session, settings: Settings, email: str, password: str, now: datetime, user_agent: str) -> str:
    """Open an account, mail its link, and log the browser in; returns the session's token.

    An address that has a proved account gets a mail that says so, and the browser a session that can do nothing.
    Until the mailbox is proved the last sign-up counts: an earlier one may have been somebody else's.
    """
    address = parse_address(email)
    problem = problem_with(password, address)
    if problem:
        raise Invalid(problem)
    hashed = passwords.hash_password(password)
    account = _open_account(session, address, hashed, now)
    if account.email_verified_at is not None or account.deleted_at is not None:
        _mail_already_known(session, settings, account, now)
        return sessions.start(session, None, now, user_agent, claimed_email=address)
    account.password_hash = hashed
    sessions.end_all(session, account.id, now)
    tokens.void(session, account.id, Purpose.VERIFY, now)
    _mail_verification(session, settings, account, now)
    log.info("signed_up", account_id=str(account.id))
    return sessions.start(session, account.id, now, user_agent)


def resend_verification(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    """Mail the link again; to an address that is taken, the mail that says so."""
    stored = session.get(Account, account.id)
    if stored is None:
        known = _by_email(session, account.email)
        if known is not None:
            _mail_already_known(session, settings, known, now)
    elif stored.email_verified_at is None:
        _mail_verification(session, settings, stored, now)


def verification_owner(session: Session, token: str, now: datetime) -> UUID:
    """Whose mailbox the link proves; ``Invalid`` when it no longer works. Changes nothing."""
    account_id = tokens.owner(session, token, Purpose.VERIFY, now)
    if account_id is None:
        raise Invalid(STALE_LINK)
    return account_id


def verify(session: Session, settings: Settings, account_id: UUID, token: str, now: datetime) -> bool:
    """Prove the mailbox of the signed-in account; True when its trial runs now.

    Signed in, because whoever opens the link must be who chose the password: else a stranger could sign up with
    your address and have you confirm it for them.
    """
    if verification_owner(session, token, now) != account_id:
        raise Denied("This link belongs to another account. Log out and follow it again.")
    if tokens.use(session, token, Purpose.VERIFY, now) is None:
        raise Invalid(STALE_LINK)
    account = session.get_one(Account, account_id)
    return _prove_mailbox(session, settings, account, now)


def _prove_mailbox(session: Session, settings: Settings, account: Account, now: datetime) -> bool:
    if account.email_verified_at is None:
        account.email_verified_at = now
        session.flush()
    secret = settings.trial_key.get_secret_value()
    mailbox = keyed_hash(secret, "trial-mailbox", trial.canonical_email(account.email))
    granted = trial.grant(session, account.id, mailbox, now)
    log.info("mailbox_proved", account_id=str(account.id), trial=granted is not None)
    return granted is not None and now < granted.ends_at


def log_in(session: Session, email: str, password: str, now: datetime, user_agent: str) -> str:
    """A new session's token; ``Invalid`` with one and the same sentence for whatever was wrong."""
    try:
        account = _by_email(session, parse_address(email))
    except Invalid:
        account = None
    usable = account if account is not None and account.deleted_at is None else None
    fits = passwords.matches(usable.password_hash if usable else None, password)
    if usable is None or not fits:
        log.info("log_in_refused", account_id=str(usable.id) if usable else None)
        raise Invalid(WRONG)
    if passwords.needs_rehash(usable.password_hash):
        usable.password_hash = passwords.hash_password(password)
    log.info("logged_in", account_id=str(usable.id))
    return sessions.start(session, usable.id, now, user_agent)


def request_reset(session: Session, settings: Settings, email: str, now: datetime) -> None:
    """Mail a link to choose a new password, or say to the mailbox that it has no account."""
    address = parse_address(email)
    account = _by_email(session, address)
    if account is None or account.deleted_at is not None:
        context = {"sign_up": f"{settings.base_url}/sign-up"}
        send_mail(session, None, address, "reset_unknown", f"reset-unknown:{uuid7()}", context, now)
        return
    token_id, token = tokens.issue(session, account.id, Purpose.RESET, now)
    context = {"link": f"{settings.base_url}/reset/{token}"}
    send_mail(session, account.id, account.email, "reset", f"reset:{token_id}", context, now)


def check_reset(session: Session, token: str, now: datetime) -> None:
    """``Invalid`` when the link no longer works; changes nothing."""
    if tokens.owner(session, token, Purpose.RESET, now) is None:
        raise Invalid(STALE_LINK)


class BadPassword(LiftError):
    """The new password is refused; the link still works."""


def reset_password(session: Session, settings: Settings, token: str, password: str, now: datetime) -> None:
    """Set a new password by the mailed link: ends all sessions and, as the mail arrived, proves the mailbox."""
    account_id = tokens.owner(session, token, Purpose.RESET, now)
    account = session.get(Account, account_id) if account_id else None
    if account is None or account.deleted_at is not None:
        raise Invalid(STALE_LINK)
    problem = problem_with(password, account.email)
    if problem:
        raise BadPassword(problem)
    hashed = passwords.hash_password(password)
    if tokens.use(session, token, Purpose.RESET, now) is None:
        raise Invalid(STALE_LINK)
    account.password_hash = hashed
    session.flush()
    tokens.void(session, account.id, Purpose.VERIFY, now)
    sessions.end_all(session, account.id, now)
    _prove_mailbox(session, settings, account, now)
    context = {"log_in": f"{settings.base_url}/log-in", "forgot": f"{settings.base_url}/forgot"}
    send_mail(session, account.id, account.email, "password_changed", f"password:{uuid7()}", context, now)
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
    if name not in available_timezones():
        raise Invalid("There is no such time zone.")
    account.timezone = name
    session.flush()
