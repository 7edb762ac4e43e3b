"""Calls of the language model that reads answers and words the copilot's help: what each cost, and the caps of an account and of a day.

A call is noted before it is made, at the most that it can cost, and corrected afterwards: a worker that dies, or a reply
that never comes, leaves a cost too high rather than none. Its row holds no word of what was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7
from lift.kernel.job_runner import Work
from lift.scoring.llm.port import Call, Outcome, Usage
from lift.scoring.llm.purse import Prices

_ONE_AT_A_TIME = 4_117_020
"""The advisory lock under which a call is held against the caps."""


class ModelCall(Base):
    """One call. ``tokens_*`` and ``cost_micros`` (millionths of ``currency``) are the most it could use until it is settled."""

    __tablename__ = "model_calls"
    __table_args__ = (
        Index("ix_model_calls_at", "at"),
        Index("ix_model_calls_account_id", "account_id"),
        Index("ix_model_calls_answer_id", "answer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    """The answer that was read; None of a call for the copilot."""
    at: Mapped[datetime]
    provider: Mapped[str] = mapped_column(String(20))
    host: Mapped[str] = mapped_column(String(255))
    model: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(20))
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost_micros: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


@dataclass(frozen=True)
class Caps:
    """The most that calls of one day (UTC) may cost, in micro-units."""

    account: int
    everybody: int


@dataclass(frozen=True)
class AccountPurse:
    """Pays from one account for the reading of one answer, or for the copilot. Each note is a unit of work of its own: none is open during a call."""

    work: Work
    account_id: UUID
    answer_id: UUID | None
    prices: Prices
    caps: Caps
    now: datetime

    def reserve(self, call: Call) -> UUID | None:
        """A ticket, or None when the account or the day could come to cost more than its cap."""
        cost = self.prices.micros(call.at_most)
        with self.work() as session:
            # Else two workers would both find room for the same money.
            session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
            own, all_of_it = spent_today(session, self.account_id, self.prices.currency, self.now)
            if own + cost > self.caps.account or all_of_it + cost > self.caps.everybody:
                return None
            made = ModelCall(
                id=uuid7(),
                account_id=self.account_id,
                answer_id=self.answer_id,
                at=self.now,
                provider=call.provider,
                host=call.host,
                model=call.model,
                outcome="asked",
                tokens_in=call.at_most.tokens_in,
                tokens_out=call.at_most.tokens_out,
                cost_micros=cost,
                currency=self.prices.currency,
            )
            session.add(made)
            return made.id

    def settle(self, ticket: UUID, outcome: Outcome, usage: Usage | None) -> None:
        """Note how the call ended; without ``usage`` the reserved cost stands."""
        known = (
            {}
            if usage is None
            else {
                "tokens_in": usage.tokens_in,
                "tokens_out": usage.tokens_out,
                "cost_micros": self.prices.micros(usage),
            }
        )
        with self.work() as session:
            session.execute(update(ModelCall).where(ModelCall.id == ticket).values(outcome=outcome, **known))


def spent_today(session: Session, account_id: UUID, currency: str, now: datetime) -> tuple[int, int]:
    """Micro-units of ``currency`` that calls of the day of ``now`` cost: the account's, and everybody's."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    total = func.coalesce(func.sum(ModelCall.cost_micros), 0)
    own, all_of_it = session.execute(
        select(
            func.coalesce(func.sum(ModelCall.cost_micros).filter(ModelCall.account_id == account_id), 0), total
        ).where(ModelCall.at >= midnight, ModelCall.currency == currency)
    ).one()
    return int(own), int(all_of_it)


def sent_to(session: Session, answer_id: UUID) -> Sequence[str]:
    """The hosts that the answer was sent to, or may have been."""
    sent = select(ModelCall.host).where(ModelCall.answer_id == answer_id, ModelCall.outcome != "unreached")
    hosts = sent.distinct().order_by(ModelCall.host)
    return session.execute(hosts).scalars().all()


def forget(session: Session, before: datetime) -> int:
    """Delete the calls made before; how many went."""
    return len(session.execute(delete(ModelCall).where(ModelCall.at < before).returning(ModelCall.id)).all())
