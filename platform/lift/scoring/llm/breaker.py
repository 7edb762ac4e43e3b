"""A circuit breaker: after failures in a row the model is left alone for a while.

Its state lives in the process. A few workers learn of an outage each for itself, at the price of three calls; a shared
state would need Valkey to be there, and answers would be read differently while it is not.
"""

from collections.abc import Callable

FAILURES = 3
REST = 60.0
LONGEST_REST = 900.0


class Breaker:
    """``clock`` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float], failures: int = FAILURES, rest: float = REST) -> None:
        self._clock = clock
        self._failures = failures
        self._rest = rest
        self._in_a_row = 0
        self._closed_until = 0.0

    def allows(self) -> bool:
        """Whether a call may be made; after a rest the next call decides whether another rest begins."""
        return self._clock() >= self._closed_until

    def succeeded(self) -> None:
        """The model answered, whatever it said."""
        # A reply of the wrong form counts as one: a candidate could provoke it, and so take the scorer from all others.
        self._in_a_row = 0

    def failed(self) -> None:
        """The model was away."""
        self._in_a_row += 1
        if self._in_a_row >= self._failures:
            self.rest(self._rest)

    def rest(self, seconds: float) -> None:
        """No call for so long, as the model itself asked; an hour that it names is cut short."""
        self._closed_until = max(self._closed_until, self._clock() + min(seconds, LONGEST_REST))
