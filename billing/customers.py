"""The provider's customer of an account: made once, because the key of the call is stored before the call."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing.desk import Desk
from billing.gateway import Refused
from billing.models import CustomerRow


def _fresh_key(account_id: UUID) -> str:
    return f"customer:{account_id}:{uuid4().hex}"


def customer_of(session: Session, account_id: UUID) -> str | None:
    """The provider's id of the account, if it has one."""
    return session.execute(
        select(CustomerRow.provider_id).where(CustomerRow.account_id == account_id)
    ).scalar_one_or_none()


def ensure_customer(desk: Desk, account_id: UUID, email: str, now: datetime) -> str:
    """The provider's id of the account; calls that run at once share one key, hence one customer."""
    with desk.uow() as session:
        session.execute(
            insert(CustomerRow)
            .values(account_id=account_id, idempotency_key=_fresh_key(account_id), created_at=now)
            .on_conflict_do_nothing()
        )
        provider_id, key = session.execute(
            select(CustomerRow.provider_id, CustomerRow.idempotency_key).where(CustomerRow.account_id == account_id)
        ).one()
    if provider_id is not None:
        return str(provider_id)
    try:
        made = desk.gateway.create_customer(account=str(account_id), email=email, key=key)
    except Refused:
        # The stored key was used with another address before.
        with desk.uow() as session:
            key = _renew(session, account_id)
        made = desk.gateway.create_customer(account=str(account_id), email=email, key=key)
    with desk.uow() as session:
        session.execute(
            update(CustomerRow)
            .where(CustomerRow.account_id == account_id, CustomerRow.idempotency_key == key)
            .values(provider_id=made.id)
        )
    return made.id


def _renew(session: Session, account_id: UUID) -> str:
    return session.execute(
        update(CustomerRow)
        .where(CustomerRow.account_id == account_id)
        .values(idempotency_key=_fresh_key(account_id))
        .returning(CustomerRow.idempotency_key)
    ).scalar_one()


def forget_customer(session: Session, provider_id: str) -> None:
    """The provider has deleted this customer: the next call makes another."""
    account_id = session.execute(
        select(CustomerRow.account_id).where(CustomerRow.provider_id == provider_id)
    ).scalar_one_or_none()
    if account_id is not None:
        session.execute(
            update(CustomerRow)
            .where(CustomerRow.account_id == account_id, CustomerRow.provider_id == provider_id)
            .values(provider_id=None, idempotency_key=_fresh_key(account_id))
        )
