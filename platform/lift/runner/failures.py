"""One line for an error that no command expected."""

import sys

from pydantic import ValidationError
from pydantic_settings import SettingsError


def describe(error: Exception) -> str:
    """What went wrong; settings are named by their variable, everything else by its type."""
    if isinstance(error, ValidationError):
        return "; ".join(_setting(tuple(found["loc"]), found["msg"]) for found in error.errors(include_input=False))
    text = str(error).strip().splitlines()
    if isinstance(error, SettingsError):
        field = text[0].partition('field "')[2].partition('"')[0]
        return f"LIFT_{field.upper()}: this is not JSON" if field else text[0]
    kind = type(error).__name__
    return f"{kind}: {text[0]} (set LIFT_TRACEBACK=1 to see where)" if text else f"{kind} (set LIFT_TRACEBACK=1)"


def _setting(place: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    return f"LIFT_{str(place[0]).upper()}: {reason}" if place else reason


def main() -> int:
    """Read the settings; one line on standard output when they cannot be.

    A process of its own, because the runner, which stays for days, need not hold the memory of the reader.
    """
    from lift.kernel.settings import Settings

    try:
        Settings()
    except (ValidationError, SettingsError) as error:
        print(describe(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
