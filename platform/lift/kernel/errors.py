"""Errors with a message fit for a person; the web and the command line decide how to show them."""

from collections.abc import Sequence


class LiftError(Exception):
    """Base of all expected errors."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(LiftError):
    """No such thing, or not yours; ``suggestions`` are (name, address) of what may have been meant."""

    def __init__(self, message: str = "", suggestions: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class Invalid(LiftError):
    """The input cannot be accepted; the message says why."""


class Conflict(LiftError):
    """The state does not allow it now."""


class Denied(LiftError):
    """Known person, no right."""


class Unavailable(LiftError):
    """A part we depend on is away; try again."""


class RateLimited(LiftError):
    """Too many tries; ``retry_after`` is in seconds."""

    def __init__(self, message: str = "Too many tries. Please wait a moment.", retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after
