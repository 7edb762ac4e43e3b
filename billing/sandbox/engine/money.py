"""Integer arithmetic in minor units, rounded half away from zero."""

from decimal import ROUND_HALF_UP, Decimal

from billing.plans import EXPONENTS


def part(amount: int, numerator: int, denominator: int) -> int:
    """``amount`` × ``numerator`` / ``denominator``, without a float in between."""
    exact = Decimal(amount) * numerator / denominator
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def percent(amount: int, rate: float) -> int:
    """``rate`` per cent of ``amount``."""
    return int((Decimal(amount) * Decimal(str(rate)) / 100).quantize(Decimal(1), ROUND_HALF_UP))


def written(amount: int, currency: str) -> str:
    """The amount as a page shows it: ``29.00 EUR``, ``2900 JPY``."""
    digits = EXPONENTS.get(currency, 2)
    return f"{Decimal(amount).scaleb(-digits):,.{digits}f} {currency.upper()}"
