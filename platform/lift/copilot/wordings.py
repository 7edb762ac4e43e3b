"""Whose words are shown for one thing that was asked. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from lift.scoring.llm.phraser import AWAY

PATIENCE = timedelta(seconds=30)
"""How long a wording by the model is waited for; a later one is of no use to who has read on."""
State = Literal["ours", "waiting", "model", "fallback"]


class Ask(Protocol):
    """The part of a row that decides."""

    asked_at: datetime
    model_asked: bool
    wording: str | None
    why_not: str | None


@dataclass(frozen=True)
class Wording:
    """``text`` is the model's wording in state ``model``, and the reason for ours in state ``fallback``."""

    state: State
    text: str = ""


def wording(ask: Ask, now: datetime) -> Wording:
    """Whose words ``ask`` is shown in at ``now``: ours at once, the model's when they have come."""
    if ask.wording:
        return Wording("model", ask.wording)
    if not ask.model_asked:
        return Wording("ours")
    if ask.why_not:
        return Wording("fallback", ask.why_not)
    return Wording("waiting") if now < ask.asked_at + PATIENCE else Wording("fallback", AWAY)
