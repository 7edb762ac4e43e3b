"""One frozen settings object, read from the environment (prefix ``LIFT_``)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from lift.kernel.ids import SHORTEST_SECRET
from lift.kernel.model_settings import ModelSettings

INSECURE_SECRET = "development-only-secret-not-for-production"  # noqa: S105 - refused in production, see below
NO_SENDER = "Interview Lift <hello@localhost>"
LIVE_KEYS = ("sk_live_", "rk_live_")
"""How keys begin that move real money."""
TEST_KEYS = ("sk_test_", "rk_test_")


class Settings(ModelSettings):
    """Every setting of the product; the defaults need no service and no key."""

    model_config = SettingsConfigDict(env_prefix="LIFT_", frozen=True, extra="ignore", hide_input_in_errors=True)

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
    mail_from: str = NO_SENDER
    stripe_secret_key: SecretStr = SecretStr("")
    """Whose money moves: ``sk_live_…`` in production, ``sk_test_…`` elsewhere; empty, nothing can be bought."""
    stripe_test_mode: bool = False
    """A production whose payments are a rehearsal: it takes ``sk_test_…``, and no card is charged."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    stripe_webhook_secret_previous: SecretStr | None = None
    """Taken beside the other one while the secret is rotated."""
    stripe_api_base: str = ""
    """Where the sandbox answers in Stripe's place; empty for Stripe itself."""
    metrics_token: SecretStr = SecretStr("")
    """What Prometheus shows to read ``/metrics``; empty, there is no such page."""
    web_threads: int = Field(default=32, ge=4)
    """Blocking threads of one web process; event streams take at most half of them."""
    log_json: bool = True

    @property
    def livemode(self) -> bool:
        """Whether real money moves."""
        return self.stripe_secret_key.get_secret_value().startswith(LIVE_KEYS)

    @property
    def sandbox(self) -> bool:
        """Whether payments go to the sandbox: no card is charged, and pages say so."""
        return bool(self.stripe_api_base)

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """What events may be signed with; none where no webhook is set up."""
        found = (self.stripe_webhook_secret, self.stripe_webhook_secret_previous)
        return tuple(secret.get_secret_value() for secret in found if secret and secret.get_secret_value().strip())

    @model_validator(mode="after")
    def _refuse_a_token_to_guess(self) -> Self:
        token = self.metrics_token.get_secret_value()
        if token and len(token) < SHORTEST_SECRET:
            raise ValueError(f"LIFT_METRICS_TOKEN needs {SHORTEST_SECRET} characters or more")
        return self

    @model_validator(mode="after")
    def _refuse_a_key_of_the_other_mode(self) -> Self:
        if self.livemode and (self.environment != "production" or self.stripe_test_mode):
            asked = "LIFT_STRIPE_TEST_MODE is set" if self.stripe_test_mode else "this is no production"
            raise ValueError(f"LIFT_STRIPE_SECRET_KEY is a live key and {asked}: no card may be charged here")
        return self

    @model_validator(mode="after")
    def _refuse_half_set_production(self) -> Self:
        if self.environment == "production":
            if self.embedded:
                raise ValueError("LIFT_EMBEDDED is for development: production needs its own PostgreSQL and mail")
            if self.sandbox:
                raise ValueError("LIFT_STRIPE_API_BASE is for the sandbox: production takes its payments from Stripe")
            if missing := self._missing_in_production():
                raise ValueError(f"production needs {', '.join(missing)}")
        return self

    def _needed_key(self) -> tuple[str, bool, bool]:
        """The key of Stripe that production needs: a live one, unless a rehearsal was asked for."""
        if self.stripe_test_mode:
            key = self.stripe_secret_key.get_secret_value()
            return "LIFT_STRIPE_SECRET_KEY (sk_test_…, for LIFT_STRIPE_TEST_MODE)", key.startswith(TEST_KEYS), True
        return "LIFT_STRIPE_SECRET_KEY (sk_live_…)", self.livemode, True

    def _missing_in_production(self) -> list[str]:
        """What must still be set, each with what it must be."""
        keys = {"LIFT_SECRET_KEY": self.secret_key, "LIFT_TRIAL_KEY": self.trial_key}
        secrets = {name: key.get_secret_value() for name, key in keys.items()}
        needs = (
            *(
                (f"{name} (32 random characters or more)", key != INSECURE_SECRET, len(key) >= SHORTEST_SECRET)
                for name, key in secrets.items()
            ),
            ("LIFT_DATABASE_URL", "database_url" in self.model_fields_set, self.database_url),
            ("LIFT_REDIS_URL", "redis_url" in self.model_fields_set, self.redis_url),
            ("LIFT_BASE_URL (https://…)", self.base_url.startswith("https://"), self.base_url != "https://"),
            ("LIFT_TRUSTED_HOSTS (a JSON list of host names)", self.trusted_hosts, all(self.trusted_hosts)),
            ("LIFT_SMTP_URL", self.smtp_url, True),
            ("LIFT_MAIL_FROM (name <address>)", self.mail_from != NO_SENDER, "@" in self.mail_from),
            self._needed_key(),
            ("LIFT_STRIPE_WEBHOOK_SECRET", self.stripe_webhook_secret.get_secret_value().strip(), True),
        )
        return [name for name, *holds in needs if not all(holds)]
