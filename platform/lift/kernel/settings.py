"""One frozen settings object, read from the environment (prefix ``LIFT_``)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

INSECURE_SECRET = "development-only-secret-not-for-production"  # noqa: S105 - refused in production, see below


class Settings(BaseSettings):
    """Every setting of the product; the defaults need no service and no key."""

    model_config = SettingsConfigDict(env_prefix="LIFT_", frozen=True, extra="ignore")

    environment: Literal["development", "test", "production"] = "development"
    home: Path = Path(".lift/home")
    database_url: str = "postgresql+psycopg://lift@127.0.0.1:5432/lift"
    redis_url: str = "redis://127.0.0.1:6379/0"
    secret_key: SecretStr = SecretStr(INSECURE_SECRET)
    secret_key_previous: SecretStr | None = None
    trial_key: SecretStr = SecretStr(INSECURE_SECRET)
    """Mailboxes that had a trial are remembered under it: it must outlive every rotation of the secret key."""
    base_url: str = "http://127.0.0.1:8000"
    embedded: bool = False
    """Our own servers run: mail lands on ``/dev/mail`` and nothing leaves the host."""
    trusted_hosts: list[str] = Field(default_factory=list)
    proxy_count: int = Field(default=0, ge=0, le=4)
    smtp_url: str = ""
    mail_from: str = "Interview Lift <hello@localhost>"
    web_threads: int = Field(default=32, ge=4)
    """Blocking threads of one web process; event streams take at most half of them."""
    log_json: bool = True
    lease_seconds: int = Field(default=20, ge=2)
    """How long a worker may hold a job before the sweep hands it to another."""
    max_attempts: int = Field(default=5, ge=1)

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.environment == "production":
            for name, key in (("LIFT_SECRET_KEY", self.secret_key), ("LIFT_TRIAL_KEY", self.trial_key)):
                if key.get_secret_value() == INSECURE_SECRET or len(key.get_secret_value()) < 32:
                    raise ValueError(f"{name} must be set to at least 32 random characters in production")
            if self.embedded:
                raise ValueError("LIFT_EMBEDDED is for development: production needs its own PostgreSQL and mail")
        return self
