"""One reading from the model: reserved, asked, tried again while there is time, and settled."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from lift.scoring.llm.breaker import Breaker
from lift.scoring.llm.framing import most_usage
from lift.scoring.llm.port import NOTHING, Call, CallFailed, LanguageModel, Prompt, Purse
from lift.scoring.llm.reading import BadReply

TRIES = 3
WAITS = (0.5, 2.0)
"""Seconds before the second and the third try, where the other side names no time."""
LEAST_TIME = 2.0
"""Seconds without which a call is not worth beginning."""

Read = TypeVar("Read")


class Away(Exception):
    """No reading came: the model is down, too slow or resting."""


class OverBudget(Exception):
    """The call could pass a cap."""


class Time(Protocol):
    """Seconds that never go back, and a way to let some pass."""

    def now(self) -> float: ...

    def wait(self, seconds: float) -> None: ...


def pause(attempt: int, retry_after: float | None, left: float) -> float | None:
    """Seconds to wait after the failed ``attempt`` (1, 2, …); None when another would come too late."""
    if attempt >= TRIES:
        return None
    wait = max(retry_after or 0.0, WAITS[attempt - 1])
    return wait if left - wait >= LEAST_TIME else None


class Talk:
    """Asks ``model`` within the caller's time, and pays from ``purse``."""

    def __init__(self, model: LanguageModel, purse: Purse, breaker: Breaker, time: Time) -> None:
        self._model = model
        self._purse = purse
        self._breaker = breaker
        self._time = time

    def read(self, prompt: Prompt, check: Callable[[object], Read], until: float) -> Read:
        """What ``check`` makes of the reply. Raises ``Away``, ``OverBudget``, or the ``BadReply`` of ``check``."""
        for attempt in range(1, TRIES + 1):
            left = until - self._time.now()
            if left < LEAST_TIME:
                raise Away("there was no time left")
            if not self._breaker.allows():
                raise Away("it failed too often, or asked for a pause")
            try:
                return self._once(prompt, check, left)
            except CallFailed as failure:
                self._breaker.failed()
                wait = pause(attempt, failure.retry_after, until - self._time.now()) if failure.again else None
                if wait is None:
                    # Nobody else need ask before the time that it named.
                    self._breaker.rest(failure.retry_after or 0.0)
                    raise Away(f"{failure.outcome}: {failure}") from None
            self._time.wait(wait)
        raise AssertionError("the last try ends in a reading or in Away")

    def _once(self, prompt: Prompt, check: Callable[[object], Read], seconds: float) -> Read:
        model = self._model
        ticket = self._purse.reserve(Call(model.provider, model.host, model.model, most_usage(prompt)))
        if ticket is None:
            raise OverBudget
        try:
            reply = model.ask(prompt, seconds)
        except CallFailed as failure:
            spent = failure.usage if failure.charged else NOTHING
            self._purse.settle(ticket, failure.outcome, spent)
            if failure.outcome == "bad_reply":
                self._breaker.succeeded()
                raise BadReply(str(failure)) from None
            raise
        self._breaker.succeeded()
        try:
            found = check(reply.value)
        except BadReply:
            self._purse.settle(ticket, "bad_reply", reply.usage)
            raise
        self._purse.settle(ticket, "read", reply.usage)
        return found
