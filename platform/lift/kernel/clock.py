"""The clock is a port: rules take ``now``, only the edges read it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # The runner reads this module and stays small: it never reads pydantic.
    from lift.kernel.settings import Settings


class Clock(Protocol):
    """Tells the moment, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """The machine's clock, ahead by what :func:`move_ahead` wrote last: every process of a site reads the same file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead())

    def ahead(self) -> int:
        """Seconds; 0 while nobody has moved it."""
        try:
            return int(self._file.read_text())
        except FileNotFoundError:
            return 0


def move_ahead(file: Path, seconds: int) -> None:
    """From now on whoever reads ``file`` is that far ahead; nobody sees it half written."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(seconds))
    fresh.replace(file)


def clock_file(home: Path) -> Path:
    """Where a site keeps how far its clock was moved."""
    return home / "clock-ahead"


def clock_of(settings: "Settings") -> Clock:
    """The clock by which the whole site goes.

    Where payments go to the sandbox that is the sandbox's, because a site and the one who takes its money must agree
    on the day (docs/decisions/0007). Settings refuse a sandbox in production: there it is always the machine's.
    """
    return MovedClock(clock_file(settings.home)) if settings.sandbox else SystemClock()


class FixedClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by
