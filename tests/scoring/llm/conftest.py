"""A model server for each test, and a scorer that asks it over both protocols."""

from collections.abc import Iterator

import pytest

from lift.providers.llm_models import AnthropicMessages, OpenAiChat
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.llm.breaker import Breaker
from lift.scoring.llm.port import LanguageModel
from lift.scoring.llm.scorer import LlmScorer
from tests.scoring.llm.doubles import OpenPurse, RemembersReadings, SteppingTime
from tests.scoring.llm.model_server import ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().running() as running:
        yield running


@pytest.fixture(params=["openai", "anthropic"])
def model(request: pytest.FixtureRequest, server: ModelServer) -> LanguageModel:
    if request.param == "openai":
        return OpenAiChat(server.url, "sk-of-nobody", "reader-1", "127.0.0.1")
    return AnthropicMessages(server.url, "sk-of-nobody", "reader-1", "127.0.0.1")


@pytest.fixture(scope="session")
def embedded() -> EmbeddedScorer:
    return RemembersReadings()


@pytest.fixture
def time() -> SteppingTime:
    return SteppingTime()


@pytest.fixture
def purse() -> OpenPurse:
    return OpenPurse()


@pytest.fixture
def scorer(model: LanguageModel, embedded: EmbeddedScorer, purse: OpenPurse, time: SteppingTime) -> LlmScorer:
    return LlmScorer(model, embedded, purse, Breaker(time.now), time, seconds=20)
