"""The scorer of a command, by its name and the settings."""

from collections.abc import Iterator

import pytest

from lift.kernel.settings import Settings
from lift.providers.scorers import NotSetUp, make_scorer
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.llm import scorer as notes
from tests.scoring.llm.model_server import ModelServer
from tests.scoring.rubrics import GOOD, IDEMPOTENCY


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().running() as running:
        yield running


def settings(server: ModelServer, **changes: object) -> Settings:
    named = {"llm_provider": "openai", "llm_base_url": server.url, "llm_model": "reader-1", **changes}
    return Settings.model_validate(named)


def test_the_embedded_scorer_needs_no_setting() -> None:
    assert isinstance(make_scorer(Settings(), "embedded"), EmbeddedScorer)


def test_a_language_model_that_is_not_set_up_is_said_in_one_line() -> None:
    with pytest.raises(NotSetUp, match=r"^The scorer llm needs LIFT_LLM_PROVIDER.*\.$"):
        make_scorer(Settings(), "llm")


def test_a_command_reads_with_the_model_that_the_settings_name(server: ModelServer) -> None:
    server.hears = {signal.text: GOOD[:80] for signal in IDEMPOTENCY.signals[:1]}
    found = make_scorer(settings(server), "llm").assess(IDEMPOTENCY, GOOD)
    assert (found.scorer, found.version) == ("llm", "1 reader-1")


def test_a_run_stops_asking_where_a_days_cap_would_be_passed(server: ModelServer) -> None:
    capped = settings(server, llm_price_in=3, llm_price_out=15, llm_cap_day="0.01")
    assert make_scorer(capped, "llm").assess(IDEMPOTENCY, GOOD).reason == notes.SPENT
    assert server.asked == []
