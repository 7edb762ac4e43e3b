"""What a scorer reads and what it returns."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["covered", "partly", "missed"]


@dataclass(frozen=True)
class Signal:
    """One observable key point of a rubric."""

    text: str
    weight: str
    """``must``, ``should`` or ``bonus``."""
    level: str
    """Lowest common level at which the point is expected."""
    dimension: str


@dataclass(frozen=True)
class Rubric:
    """A question with its key points; ``version`` names this exact set of signals."""

    question: str
    signals: tuple[Signal, ...]
    levels: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class SignalResult:
    """What was heard of one signal: ``answer[start:end] == quote`` whenever there is a quote."""

    signal_index: int
    status: Status
    quote: str | None
    start: int | None
    end: int | None
    confidence: float
    """0..1: how far the evidence lies from the nearest limit between two statuses."""


@dataclass(frozen=True)
class DimensionBand:
    """A dimension's band as a range of 1..4; both None means not enough evidence."""

    dimension: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Assessment:
    """One answer read against one rubric."""

    valid: bool
    reason: str | None
    """Why the answer was refused; of a valid answer, a note such as that it was cut."""
    signals: tuple[SignalResult, ...]
    dimensions: tuple[DimensionBand, ...]
    band: int | None
    highest_level: str | None
    followup_signal: int | None
    scorer: str
    version: str
