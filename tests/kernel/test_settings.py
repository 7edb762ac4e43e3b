"""Settings refuse what would be unsafe in production."""

import pytest
from pydantic import ValidationError

from lift.kernel.settings import Settings


def test_the_defaults_need_nothing() -> None:
    assert Settings().environment == "development"


@pytest.mark.parametrize("secret", ["", "short", "development-only-secret-not-for-production"])
def test_production_does_not_start_with_a_missing_or_weak_secret(secret: str) -> None:
    with pytest.raises(ValidationError, match="LIFT_SECRET_KEY"):
        Settings(environment="production", secret_key=secret)


def test_production_does_not_start_on_the_embedded_stack() -> None:
    with pytest.raises(ValidationError, match="LIFT_EMBEDDED"):
        Settings(environment="production", secret_key="x" * 40, trial_key="y" * 40, embedded=True)


@pytest.mark.parametrize("key", ["", "short", "development-only-secret-not-for-production"])
def test_production_does_not_start_without_a_trial_key_of_its_own(key: str) -> None:
    with pytest.raises(ValidationError, match="LIFT_TRIAL_KEY"):
        Settings(environment="production", secret_key="x" * 40, trial_key=key)


def test_production_starts_with_both_keys() -> None:
    assert Settings(environment="production", secret_key="x" * 40, trial_key="y" * 40).environment == "production"
