"""Mailed tokens: 256 bits, one purpose, once, for a while."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lift.accounts.models import AccountToken
from lift.kernel.errors import Invalid
from lift.kernel.ids import new_token, token_hash, uuid7


class Purpose(StrEnum):
    """What a token opens."""

    VERIFY = "verify"
    RESET = "reset"


LIVES: dict[Purpose, timedelta] = {Purpose.VERIFY: timedelta(hours=24), Purpose.RESET: timedelta(hours=1)}


class StaleLink(Invalid):
    """A mailed link that opens nothing any more."""

    def __init__(self) -> None:
        super().__init__("It was used, or it is too old.")


def issue(session: Session, account_id: UUID | None, purpose: Purpose, now: datetime) -> tuple[UUID, str]:
    """(id, token); an earlier reset token stops working, an earlier verification mail may still be followed."""
    if purpose is Purpose.RESET:
        void(session, account_id, purpose, now)
    token, made = new_token(), uuid7()
    session.add(
        AccountToken(
            id=made,
            account_id=account_id,
            purpose=purpose,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + LIVES[purpose],
        )
    )
    session.flush()
    return made, token


def owner(session: Session, token: str, purpose: Purpose, now: datetime) -> UUID | None:
    """Whose token this is while it works; looking does not use it up."""
    return session.execute(
        select(AccountToken.account_id).where(
            AccountToken.token_hash == token_hash(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
        )
    ).scalar_one_or_none()


def holder(session: Session, token: str, purpose: Purpose) -> UUID | None:
    """Whose token this is or was."""
    return session.execute(
        select(AccountToken.account_id).where(
            AccountToken.token_hash == token_hash(token), AccountToken.purpose == purpose
        )
    ).scalar_one_or_none()


def use(session: Session, token: str, purpose: Purpose, now: datetime) -> UUID | None:
    """Use the token up; of two at the same moment one gets the account and the other None."""
    return session.execute(
        update(AccountToken)
        .where(
            AccountToken.token_hash == token_hash(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
        )
        .values(used_at=now)
        .returning(AccountToken.account_id)
    ).scalar_one_or_none()


def void(session: Session, account_id: UUID | None, purpose: Purpose, now: datetime) -> None:
    """Stop the account's tokens of the purpose from working."""
    session.execute(
        update(AccountToken)
        .where(AccountToken.account_id == account_id, AccountToken.purpose == purpose, AccountToken.used_at.is_(None))
        .values(used_at=now)
    )
