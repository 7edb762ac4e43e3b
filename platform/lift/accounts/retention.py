"""What of accounts is forgotten: dead sessions, dead tokens, sign-ups that nobody confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_
from sqlalchemy.orm import Session

from lift.accounts.models import Account, AccountToken, WebSession
from lift.accounts.sessions import IDLE


@dataclass(frozen=True)
class Forgotten:
    """How many rows went."""

    accounts: int
    sessions: int
    tokens: int


def forget_stale(
    session: Session, now: datetime, *, unconfirmed_kept_for: timedelta, ended_kept_for: timedelta
) -> Forgotten:
    """Delete sign-ups that were never confirmed, and sessions and tokens that ended a while ago."""
    return Forgotten(
        accounts=_unconfirmed(session, now - unconfirmed_kept_for),
        sessions=_sessions(session, now, now - ended_kept_for, now - unconfirmed_kept_for),
        tokens=_tokens(session, now - ended_kept_for),
    )


def _unconfirmed(session: Session, before: datetime) -> int:
    """Never confirmed, and nobody signed up or logged in with it since. Its sessions, tokens and mails go with it."""
    used_since = exists().where(WebSession.account_id == Account.id, WebSession.created_at >= before)
    stale = delete(Account).where(Account.email_verified_at.is_(None), Account.created_at < before, ~used_since)
    return len(session.execute(stale.returning(Account.id)).all())


def _sessions(session: Session, now: datetime, ended_before: datetime, stand_ins_before: datetime) -> int:
    over = or_(
        WebSession.ended_at < ended_before,
        WebSession.expires_at < ended_before,
        WebSession.last_seen_at < ended_before - IDLE,
    )
    # What looks like an unconfirmed sign-up lives as long as one, or its end would tell whose address is taken.
    stand_in = and_(WebSession.account_id.is_(None), WebSession.created_at < stand_ins_before)
    # An address without an account is of no use once the session is over.
    over_stand_in = and_(WebSession.account_id.is_(None), or_(WebSession.ended_at < now, WebSession.expires_at < now))
    gone = delete(WebSession).where(or_(over, stand_in, over_stand_in)).returning(WebSession.id)
    return len(session.execute(gone).all())


def _tokens(session: Session, before: datetime) -> int:
    gone = delete(AccountToken).where(or_(AccountToken.used_at < before, AccountToken.expires_at < before))
    return len(session.execute(gone.returning(AccountToken.id)).all())
