"""Whose words are shown for one thing that was asked. Pure."""

import hashlib
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
    worded_from: str | None
    why_not: str | None


@dataclass(frozen=True)
class Wording:
    """``text`` is the model's wording in state ``model``, and the reason for ours in state ``fallback``."""

    state: State
    text: str = ""


def digest(text: str) -> str:
    """The text by which a wording is known to be of it."""
    return hashlib.sha256(text.encode()).hexdigest()


def wording(ask: Ask, text: str, now: datetime) -> Wording:
    """Whose words our ``text`` is shown in at ``now``: ours at once, the model's when they have come.

    A wording of another text, as of a question that was edited since, is not shown.
    """
    if ask.wording and ask.worded_from == digest(text):
        return Wording("model", ask.wording)
    if ask.wording or not ask.model_asked:
        return Wording("ours")
    if ask.why_not:
        return Wording("fallback", ask.why_not)
    return Wording("waiting") if now < ask.asked_at + PATIENCE else Wording("fallback", AWAY)
