"""Settings refuse what would be unsafe in production, in one line that names everything that is missing."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from lift.kernel.settings import INSECURE_SECRET, Settings
from lift.providers.mail import DEADLINE
from lift.runner.failures import describe

WHOLE: dict[str, Any] = {
    "environment": "production",
    "secret_key": "x" * 32,
    "trial_key": "y" * 32,
    "database_url": "postgresql+psycopg://lift:secret@db/lift",
    "redis_url": "redis://:secret@valkey/0",
    "base_url": "https://lift.example",
    "trusted_hosts": ["lift.example", "127.0.0.1"],
    "smtp_url": "smtp://lift:secret@mail.example:587",
    "mail_from": "Interview Lift <hello@lift.example>",
    "stripe_secret_key": "sk_live_of_nobody",
    "stripe_webhook_secret": "whsec_of_nobody",
}


def complaint(**settings: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        Settings(**settings)
    return describe(refused.value)


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WHOLE:
        monkeypatch.delenv(f"LIFT_{name.upper()}", raising=False)


def test_the_defaults_need_nothing() -> None:
    assert Settings().environment == "development"


def test_a_production_that_is_wholly_set_starts() -> None:
    assert Settings(**WHOLE).environment == "production"


@pytest.mark.parametrize("name", ["secret_key", "trial_key"])
@pytest.mark.parametrize("secret", ["", "short", "x" * 31, INSECURE_SECRET])
def test_production_does_not_start_with_a_missing_or_weak_key(name: str, secret: str) -> None:
    assert f"LIFT_{name.upper()}" in complaint(**{**WHOLE, name: secret})


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "environment"])
def test_production_does_not_start_without(name: str) -> None:
    said = complaint(**{key: value for key, value in WHOLE.items() if key != name})
    assert said.startswith(f"production needs LIFT_{name.upper()}")
    assert said.count("LIFT_") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", "http://lift.example"),
        ("base_url", "https://"),
        ("trusted_hosts", []),
        ("trusted_hosts", [""]),
        ("database_url", ""),
        ("redis_url", ""),
        ("smtp_url", ""),
        ("mail_from", "Interview Lift <hello@localhost>"),
        ("mail_from", "nobody"),
        ("stripe_secret_key", "sk_test_of_nobody"),
        ("stripe_secret_key", ""),
        ("stripe_webhook_secret", " "),
    ],
)
def test_production_does_not_start_with(name: str, value: Any) -> None:
    assert f"LIFT_{name.upper()}" in complaint(**{**WHOLE, name: value})


def test_one_line_names_all_that_is_missing() -> None:
    said = complaint(environment="production")
    assert "\n" not in said
    for name in WHOLE:
        assert (f"LIFT_{name.upper()}" in said) is (name != "environment")


def test_production_does_not_start_on_the_embedded_stack() -> None:
    assert "LIFT_EMBEDDED" in complaint(**WHOLE, embedded=True)


def test_production_does_not_start_on_the_sandbox() -> None:
    assert "LIFT_STRIPE_API_BASE" in complaint(**WHOLE, stripe_api_base="http://127.0.0.1:9")


def test_a_secret_that_is_rotated_is_taken_beside_the_new_one() -> None:
    rotating = Settings(stripe_webhook_secret="new", stripe_webhook_secret_previous="old")
    assert rotating.webhook_secrets == ("new", "old")
    assert Settings(stripe_webhook_secret="", stripe_webhook_secret_previous=" ").webhook_secrets == ()


def test_every_wrong_setting_is_named_by_its_variable() -> None:
    said = complaint(web_threads=2, proxy_count=9)
    assert said.startswith("LIFT_PROXY_COUNT: ")
    assert "; LIFT_WEB_THREADS: Input should be greater than or equal to 4" in said
    assert "\n" not in said


def test_the_shortest_lease_outlasts_a_talk_with_a_mail_server() -> None:
    assert "LIFT_LEASE_SECONDS" in complaint(lease_seconds=int(DEADLINE))
    assert Settings(lease_seconds=15).lease_seconds > DEADLINE + 2


def test_a_complaint_shows_no_secret() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(environment="production", secret_key="x" * 40, smtp_url="smtp://lift:hunter2@mail")
    assert "hunter2" not in str(refused.value)
    assert "x" * 10 not in str(refused.value)


MODEL: dict[str, Any] = {
    "llm_provider": "anthropic",
    "llm_model": "reader-1",
    "llm_api_key": "sk-of-nobody",
    "llm_price_in": Decimal(3),
    "llm_price_out": Decimal(15),
}


def test_no_language_model_is_asked_unless_one_is_named() -> None:
    assert (Settings().llm_host, Settings().llm_leaves) == ("", False)


def test_a_language_model_that_is_wholly_set_is_asked_at_its_providers_address() -> None:
    assert (Settings(**MODEL).llm_host, Settings(**MODEL).llm_leaves) == ("api.anthropic.com", True)
    assert Settings(**{**MODEL, "llm_provider": "openai"}).llm_host == "api.openai.com"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("llm_model", " ", "LIFT_LLM_MODEL"),
        ("llm_api_key", "", "LIFT_LLM_API_KEY"),
        ("llm_price_in", 0, "LIFT_LLM_PRICE_IN"),
        ("llm_price_out", 0, "LIFT_LLM_PRICE_OUT"),
        ("llm_base_url", "http://models.example/v1", "LIFT_LLM_BASE_URL (https://…)"),
        ("llm_base_url", "models.example", "LIFT_LLM_BASE_URL (https://…)"),
        ("llm_base_url", "https://", "LIFT_LLM_BASE_URL (https://…)"),
        ("llm_base_url", "https://models.example:99999/v1", "LIFT_LLM_BASE_URL (https://…)"),
        ("llm_base_url", "https://[models/v1", "LIFT_LLM_BASE_URL (https://…)"),
        ("llm_base_url", "https://models.example/v1?key=1", "LIFT_LLM_BASE_URL (https://…)"),
        ("llm_seconds", 15, "LIFT_LEASE_SECONDS 6 above LIFT_LLM_SECONDS"),
    ],
)
def test_a_language_model_is_not_asked_with(name: str, value: Any, said: str) -> None:
    heard = complaint(**{**MODEL, name: value})
    assert heard.startswith("LIFT_LLM_PROVIDER needs ")
    assert said in heard
    assert "sk-of-nobody" not in heard


def test_a_model_on_this_machine_needs_no_key_no_price_and_no_tls() -> None:
    for base in ("http://127.0.0.1:8080/v1", "http://localhost:8080/v1", "http://[::1]:8080/v1"):
        here = Settings(llm_provider="openai", llm_model="m", llm_base_url=base)
        assert (bool(here.llm_host), here.llm_leaves) == (True, False)


def test_a_longer_lease_leaves_a_language_model_more_time() -> None:
    assert Settings(**MODEL, lease_seconds=60, llm_seconds=54).llm_seconds == 54


@pytest.mark.parametrize("key", ["sk_live_of_nobody", "rk_live_of_nobody"])
@pytest.mark.parametrize("environment", ["development", "test"])
def test_a_live_key_is_refused_where_no_card_may_be_charged(key: str, environment: str) -> None:
    said = complaint(environment=environment, stripe_secret_key=key)
    assert said.startswith("LIFT_STRIPE_SECRET_KEY is a live key and this is no production")
    assert key not in said


@pytest.mark.parametrize("key", ["sk_test_of_nobody", "rk_test_of_nobody"])
def test_production_rehearses_with_a_test_key_only_when_it_was_asked_to(key: str) -> None:
    whole = {**WHOLE, "stripe_secret_key": key}
    assert "LIFT_STRIPE_SECRET_KEY (sk_live_…)" in complaint(**whole)
    assert not Settings(**whole, stripe_test_mode=True).livemode


def test_a_rehearsal_takes_no_live_key() -> None:
    assert "LIFT_STRIPE_TEST_MODE is set" in complaint(**WHOLE, stripe_test_mode=True)
