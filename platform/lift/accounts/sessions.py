"""Sessions live here and not in the cookie: ending one ends it, wherever its cookie was copied to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from lift.accounts.models import Account, WebSession
from lift.kernel.errors import NotFound
from lift.kernel.ids import new_token, token_hash, uuid7

IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)


def start(
    session: Session, account_id: UUID | None, now: datetime, user_agent: str, *, claimed_email: str | None = None
) -> str:
    """A new session; returns the token for its cookie, which is stored nowhere."""
    token = new_token()
    session.add(
        WebSession(
            id=uuid7(),
            account_id=account_id,
            claimed_email=claimed_email,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
            user_agent="".join(char for char in user_agent if char.isprintable())[:300],
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, now: datetime, *, note: bool = True) -> tuple[Account, WebSession] | None:
    """Whose living session this is, in one query; its last use is noted at most every five minutes, if ``note``."""
    row = session.execute(_FIND, {"hash": token_hash(token), **_at(now)}).one_or_none()
    if row is None:
        return None
    found, account = row[0], row[1]
    if account is None:
        account = _stand_in(found)
    elif account.deleted_at is not None:
        return None
    if note and now - found.last_seen_at >= SEEN_EVERY:
        found.last_seen_at = now
    return account, found


_LIVING = (
    WebSession.ended_at.is_(None),
    WebSession.expires_at > bindparam("now"),
    WebSession.last_seen_at > bindparam("idle_since"),
)

# Asked by every request of a signed-in person, so it is built once.
_FIND = (
    select(WebSession, Account)
    .outerjoin(Account, Account.id == WebSession.account_id)
    .where(WebSession.token_hash == bindparam("hash"), *_LIVING)
)


def _at(now: datetime) -> dict[str, datetime]:
    """The values that ``_LIVING`` compares with."""
    return {"now": now, "idle_since": now - IDLE}


def _stand_in(found: WebSession) -> Account:
    """What a session without an account shows: an unverified account, which is not stored."""
    return Account(
        id=found.id,
        email=found.claimed_email or "",
        email_canonical="",
        password_hash="",
        created_at=found.created_at,
        timezone="UTC",
    )


def living(session: Session, account_id: UUID, now: datetime) -> Sequence[WebSession]:
    """The account's living sessions, last used first."""
    statement = select(WebSession).where(WebSession.account_id == account_id, *_LIVING)
    ordered = statement.order_by(WebSession.last_seen_at.desc(), WebSession.id)
    return session.execute(ordered, _at(now)).scalars().all()


def end(session: Session, found: WebSession, now: datetime) -> None:
    """End this session."""
    session.execute(
        update(WebSession).where(WebSession.id == found.id, WebSession.ended_at.is_(None)).values(ended_at=now)
    )


def end_own(session: Session, account_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one of the account's own sessions; anybody else's is not found."""
    ended = session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.account_id == account_id, WebSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(WebSession.id)
    ).scalar_one_or_none()
    if ended is None:
        raise NotFound("There is no such session.")


def end_all(session: Session, account_id: UUID, email: str, now: datetime) -> None:
    """End every session of the account, and those that only claim its address: a stranger sees no difference."""
    claimed = WebSession.account_id.is_(None) & (func.lower(WebSession.claimed_email) == func.lower(email))
    session.execute(
        update(WebSession)
        .where(or_(WebSession.account_id == account_id, claimed), WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_claims(session: Session, email: str, now: datetime) -> None:
    """End the sessions that only claim this address; its owner's stay."""
    session.execute(
        update(WebSession)
        .where(
            WebSession.account_id.is_(None),
            func.lower(WebSession.claimed_email) == func.lower(email),
            WebSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
