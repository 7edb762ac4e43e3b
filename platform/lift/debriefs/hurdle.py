"""What stood between an answer and its next level: the rule of ``lift.scoring.bands.highest_level``, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lift.scoring.bands import LEVELS, rank


class Line(Protocol):
    """The part of a signal's line that the rule looks at."""

    @property
    def weight(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True)
class Hurdle:
    """The level that was not cleared, and why: ``2 musts were missed``."""

    level: str
    why: str


def hurdle(lines: Sequence[Line], highest: str | None) -> Hurdle | None:
    """The first level above ``highest`` at which the question expects something; None above the last one."""
    reached = rank(highest) if highest is not None else -1
    level = min((rank(line.level) for line in lines if rank(line.level) > reached), default=None)
    if level is None:
        return None
    musts = [line.status for line in lines if line.weight == "must" and rank(line.level) <= level]
    return Hurdle(LEVELS[level], _why(musts))


def _why(musts: Sequence[str]) -> str:
    missed, partly = musts.count("missed"), musts.count("partly")
    if missed:
        return f"{_count(missed)} missed"
    if partly > 1:
        return f"{_count(partly)} heard only partly"
    return "less than two thirds of what is expected up to there was heard"


def _count(musts: int) -> str:
    return "1 must was" if musts == 1 else f"{musts} musts were"
