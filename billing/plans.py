"""What is sold, as data: amounts are integer minor units, a price is known by its lookup key at the provider."""

from dataclasses import dataclass
from enum import StrEnum


class Interval(StrEnum):
    """How often a plan is charged."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


MONTHS = {Interval.MONTHLY: 1, Interval.QUARTERLY: 3, Interval.YEARLY: 12}


@dataclass(frozen=True)
class Plan:
    """One price; ``key`` is its lookup key at the provider."""

    interval: Interval
    currency: str
    amount: int

    @property
    def key(self) -> str:
        """The lookup key, such as ``lift_monthly_usd``."""
        return f"lift_{self.interval}_{self.currency}"

    @property
    def name(self) -> str:
        """Its name for people."""
        return str(self.interval).capitalize()

    @property
    def months(self) -> int:
        """How many months one payment covers."""
        return MONTHS[self.interval]

    @property
    def a_month(self) -> int:
        """What a month of it costs: exact, since every amount is a whole number of months."""
        return self.amount // self.months


PLANS: tuple[Plan, ...] = (
    Plan(Interval.MONTHLY, "usd", 2900),
    Plan(Interval.QUARTERLY, "usd", 6900),
    Plan(Interval.YEARLY, "usd", 19200),
    Plan(Interval.MONTHLY, "eur", 2700),
    Plan(Interval.QUARTERLY, "eur", 6300),
    Plan(Interval.YEARLY, "eur", 18000),
)
"""Why these: docs/decisions/0008."""

_BY_KEY = {plan.key: plan for plan in PLANS}

CURRENCIES = tuple(dict.fromkeys(plan.currency for plan in PLANS))

EXPONENTS = {
    **dict.fromkeys(
        [
            "bif",
            "clp",
            "djf",
            "gnf",
            "jpy",
            "kmf",
            "krw",
            "mga",
            "pyg",
            "rwf",
            "ugx",
            "vnd",
            "vuv",
            "xaf",
            "xof",
            "xpf",
        ],
        0,
    ),
    **dict.fromkeys(["bhd", "jod", "kwd", "omr", "tnd"], 3),
}
"""Digits after the point, where they are not two."""


def plan_for(lookup_key: str) -> Plan | None:
    """The plan of a price; None for a price that we do not sell."""
    return _BY_KEY.get(lookup_key)


def saving(plan: Plan) -> int:
    """What the plan costs less than its months paid one by one, in its currency."""
    one = next(each for each in PLANS if each.currency == plan.currency and each.interval is Interval.MONTHLY)
    return one.amount * plan.months - plan.amount


def saving_percent(plan: Plan) -> int:
    """The same in whole per cent, rounded down so that no page says more than is true."""
    return 100 * saving(plan) // (saving(plan) + plan.amount)


def spell(amount: int, currency: str) -> str:
    """An amount of minor units in words of money: ``spell(2900, "usd")`` is ``29.00 USD``; no float is involved."""
    digits = EXPONENTS.get(currency.lower(), 2)
    sign, whole = ("-", -amount) if amount < 0 else ("", amount)
    if digits == 0:
        return f"{sign}{whole} {currency.upper()}"
    units, rest = divmod(whole, 10**digits)
    return f"{sign}{units}.{rest:0{digits}d} {currency.upper()}"


def read_amount(text: str, currency: str) -> int:
    """Minor units of an amount that a person wrote: ``29``, ``29.5`` and ``29.00`` in USD; ``ValueError`` for anything else."""
    digits = EXPONENTS.get(currency.lower(), 2)
    whole, point, rest = text.strip().partition(".")
    written = whole + rest
    if not (written.isascii() and written.isdigit()) or not whole or len(written) > 12:
        raise ValueError("no amount")
    if (point and not rest) or len(rest) > digits:
        raise ValueError("no amount")
    return int(whole + rest.ljust(digits, "0"))
