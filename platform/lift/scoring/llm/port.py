"""What the language-model scorer needs from outside: a model to ask, a purse to pay from, and a first reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from lift.scoring.types import Assessment, Rubric

Outcome = Literal["asked", "read", "bad_reply", "timed_out", "limited", "down", "unreached", "refused"]
"""How a call ended; ``asked`` is one whose end nobody has noted, ``unreached`` one that was never sent."""


@dataclass(frozen=True)
class Prompt:
    """What is asked: who the model is, the text, and the JSON schema that the reply must have."""

    system: str
    text: str
    schema: Mapping[str, Any]
    most_tokens: int
    """Tokens after which the reply is cut off."""


@dataclass(frozen=True)
class Usage:
    """Tokens of one call, as its provider counted them."""

    tokens_in: int
    tokens_out: int


NOTHING = Usage(0, 0)


@dataclass(frozen=True)
class Reply:
    """The JSON value that came back, unchecked; ``usage`` is None when the provider did not say."""

    value: object
    usage: Usage | None


class CallFailed(Exception):
    """A call without a reply that could be read.

    ``charged`` says whether it may have cost something; ``again`` whether the same call may succeed soon, after
    ``retry_after`` seconds when the other side named a time.
    """

    def __init__(
        self,
        outcome: Outcome,
        why: str,
        *,
        again: bool = False,
        charged: bool = False,
        retry_after: float | None = None,
        usage: Usage | None = None,
    ) -> None:
        super().__init__(why)
        self.outcome = outcome
        self.again = again
        self.charged = charged
        self.retry_after = retry_after
        self.usage = usage


class LanguageModel(Protocol):
    """Answers one prompt with JSON within ``seconds``, or raises ``CallFailed`` and nothing else."""

    provider: str
    host: str
    """Whom the answer is sent to."""
    model: str

    def ask(self, prompt: Prompt, seconds: float) -> Reply: ...


@dataclass(frozen=True)
class Call:
    """A call that is about to be made, with the most that it can use."""

    provider: str
    host: str
    model: str
    at_most: Usage


class Purse(Protocol):
    """Pays for calls. A call is reserved at the most that it can cost and settled at what it did cost."""

    def reserve(self, call: Call) -> UUID | None:
        """A ticket for the call, or None when it could pass a cap."""
        ...

    def settle(self, ticket: UUID, outcome: Outcome, usage: Usage | None) -> None:
        """Note how the call ended; without ``usage`` the reserved cost stands."""
        ...


class FirstReader(Protocol):
    """The embedded scorer, as far as this one leans on it."""

    def assess(self, rubric: Rubric, answer: str) -> Assessment: ...

    def alignments(self, rubric: Rubric, answer: str) -> Sequence[float]:
        """How much of each signal ``answer`` says, 0..1."""
        ...
