"""Who reads answers: the embedded scorer, or a language model before it."""

import time
from typing import Literal

from lift.kernel.settings import Settings
from lift.providers.llm_models import make_model
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.llm.breaker import Breaker
from lift.scoring.llm.phraser import Phraser
from lift.scoring.llm.port import Purse
from lift.scoring.llm.purse import Prices, RunPurse, micros
from lift.scoring.llm.scorer import LlmScorer
from lift.scoring.port import Scorer

ScorerName = Literal["embedded", "llm"]


class NotSetUp(Exception):
    """The scorer needs settings that are missing; says which."""


class ProcessTime:
    """The process's own seconds."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


def prices(settings: Settings) -> Prices:
    """What the model's tokens cost."""
    return Prices(settings.llm_price_in, settings.llm_price_out, settings.llm_currency)


def make_llm_scorer(settings: Settings, embedded: EmbeddedScorer, purse: Purse, breaker: Breaker) -> LlmScorer | None:
    """The language-model scorer over ``embedded``; None where the settings name no model."""
    model = make_model(settings)
    return LlmScorer(model, embedded, purse, breaker, ProcessTime(), settings.llm_seconds) if model else None


def make_phraser(settings: Settings, purse: Purse, breaker: Breaker) -> Phraser | None:
    """Who words the copilot's help; None where the settings name no model."""
    model = make_model(settings)
    return Phraser(model, purse, breaker, ProcessTime(), settings.llm_seconds) if model else None


def make_breaker() -> Breaker:
    """A breaker for one process."""
    return Breaker(ProcessTime().now)


def make_scorer(settings: Settings, name: ScorerName) -> Scorer:
    """The scorer of a command that reads answers of nobody's account; a run may cost what a day may.

    Raises ``NotSetUp``, in one line.
    """
    embedded = EmbeddedScorer()
    if name == "embedded":
        return embedded
    purse = RunPurse(prices(settings), micros(settings.llm_cap_day))
    found = make_llm_scorer(settings, embedded, purse, make_breaker())
    if found is None:
        raise NotSetUp("The scorer llm needs LIFT_LLM_PROVIDER, LIFT_LLM_MODEL and LIFT_LLM_API_KEY.")
    return found
