"""One line for an error that no command expected."""

from pydantic import ValidationError


def describe(error: Exception) -> str:
    """What went wrong; settings are named by their variable, everything else by its type."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        return f"LIFT_{name}: {reason}" if name else reason
    text = str(error).strip().splitlines()
    kind = type(error).__name__
    return f"{kind}: {text[0]} (set LIFT_TRACEBACK=1 to see where)" if text else f"{kind} (set LIFT_TRACEBACK=1)"
