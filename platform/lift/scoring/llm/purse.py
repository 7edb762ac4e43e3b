"""What calls cost, in millionths of a currency unit, and a purse for one process without a database."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from uuid import UUID, uuid4

from lift.scoring.llm.port import Call, Outcome, Usage


@dataclass(frozen=True)
class Prices:
    """Prices per million tokens in ``currency``; a price per million is so many micro-units a token."""

    per_million_in: Decimal
    per_million_out: Decimal
    currency: str

    def micros(self, usage: Usage) -> int:
        """What ``usage`` costs in micro-units, rounded up."""
        cost = self.per_million_in * usage.tokens_in + self.per_million_out * usage.tokens_out
        return int(cost.to_integral_value(rounding=ROUND_CEILING))


def micros(amount: Decimal) -> int:
    """An amount of the currency in micro-units."""
    return int(amount * 1_000_000)


class RunPurse:
    """Pays for one run of a command, up to ``cap`` micro-units in all."""

    def __init__(self, prices: Prices, cap: int) -> None:
        self._prices = prices
        self._cap = cap
        self._spent: dict[UUID, int] = {}

    @property
    def spent(self) -> int:
        """Micro-units so far."""
        return sum(self._spent.values())

    def reserve(self, call: Call) -> UUID | None:
        cost = self._prices.micros(call.at_most)
        if self.spent + cost > self._cap:
            return None
        ticket = uuid4()
        self._spent[ticket] = cost
        return ticket

    def settle(self, ticket: UUID, outcome: Outcome, usage: Usage | None) -> None:
        if usage is not None:
            self._spent[ticket] = self._prices.micros(usage)
