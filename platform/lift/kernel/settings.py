"""One frozen settings object, read from the environment (prefix ``LIFT_``)."""

from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lift.kernel.ids import SHORTEST_SECRET

INSECURE_SECRET = "development-only-secret-not-for-production"  # noqa: S105 - refused in production, see below
NO_SENDER = "Interview Lift <hello@localhost>"
LIVE_KEYS = ("sk_live_", "rk_live_")
"""How keys begin that move real money."""

LLM_ADDRESSES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com/v1"}
LLM_MARGIN = 6
"""Seconds of a lease that a language model leaves for the embedded scorer and the database."""


class Settings(BaseSettings):
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
    """Whose money moves: ``sk_live_…``, or ``sk_test_…`` outside production; empty, nothing can be bought."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    stripe_webhook_secret_previous: SecretStr | None = None
    """Taken beside the other one while the secret is rotated."""
    stripe_api_base: str = ""
    """Where the sandbox answers in Stripe's place; empty for Stripe itself."""
    web_threads: int = Field(default=32, ge=4)
    """Blocking threads of one web process; event streams take at most half of them."""
    log_json: bool = True
    lease_seconds: int = Field(default=20, ge=15)
    """How long a worker may hold a job before the sweep hands it to another; a talk with a mail server fits in."""
    llm_provider: Literal["", "openai", "anthropic"] = ""
    """Whose protocol the language model speaks that reads answers; empty, none is asked and nothing leaves the host."""
    llm_base_url: str = ""
    """Where it answers, up to ``/v1``; empty for the provider's own address."""
    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = Field(default="", max_length=100)
    llm_price_in: Decimal = Field(default=Decimal(0), ge=0)
    """Per million tokens, in ``llm_currency``."""
    llm_price_out: Decimal = Field(default=Decimal(0), ge=0)
    llm_currency: str = Field(default="USD", pattern="^[A-Z]{3}$")
    llm_cap_account_day: Decimal = Field(default=Decimal("0.50"), ge=0)
    """The most that one account's answers may cost in a day (UTC); beyond it the embedded scorer reads."""
    llm_cap_day: Decimal = Field(default=Decimal(20), ge=0)
    """The same for all accounts together."""
    llm_seconds: int = Field(default=14, ge=5, le=75)
    """For all calls of one answer together; a task that takes 90 is stopped."""

    @property
    def llm_address(self) -> str:
        """Where the language model answers; empty where none is asked."""
        return self.llm_base_url or LLM_ADDRESSES.get(self.llm_provider, "")

    @property
    def llm_host(self) -> str:
        """The host that answers are sent to; empty where none is asked."""
        return host_of(self.llm_address) if self.llm_provider else ""

    @property
    def llm_leaves(self) -> bool:
        """Whether answers are sent to somebody else's machine."""
        return bool(self.llm_provider) and not is_this_machine(self.llm_host)

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
    def _refuse_half_set_production(self) -> Self:
        if self.environment == "production":
            if self.embedded:
                raise ValueError("LIFT_EMBEDDED is for development: production needs its own PostgreSQL and mail")
            if self.sandbox:
                raise ValueError("LIFT_STRIPE_API_BASE is for the sandbox: production takes its payments from Stripe")
            if missing := self._missing_in_production():
                raise ValueError(f"production needs {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _refuse_half_set_model(self) -> Self:
        if self.llm_provider and (missing := self._missing_of_model()):
            raise ValueError(f"LIFT_LLM_PROVIDER needs {', '.join(missing)}")
        return self

    def _missing_of_model(self) -> list[str]:
        """What the language model lacks. One's own server on this machine may have no key, no price and no TLS."""
        here = is_this_machine(self.llm_host)
        secure = self.llm_address.startswith("https://") or (here and self.llm_address.startswith("http://"))
        needs = (
            ("LIFT_LLM_MODEL", self.llm_model.strip()),
            ("LIFT_LLM_BASE_URL (https://…)", secure and self.llm_host),
            ("LIFT_LLM_API_KEY", here or self.llm_api_key.get_secret_value().strip()),
            ("LIFT_LLM_PRICE_IN and LIFT_LLM_PRICE_OUT (the caps count by them)", here or self.llm_is_priced),
            (
                f"LIFT_LEASE_SECONDS {LLM_MARGIN} above LIFT_LLM_SECONDS",
                self.lease_seconds >= self.llm_seconds + LLM_MARGIN,
            ),
        )
        return [name for name, holds in needs if not holds]

    @property
    def llm_is_priced(self) -> bool:
        """Whether calls have a cost."""
        return bool(self.llm_price_in and self.llm_price_out)

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
            ("LIFT_STRIPE_SECRET_KEY (sk_live_…)", self.livemode, True),
            ("LIFT_STRIPE_WEBHOOK_SECRET", self.stripe_webhook_secret.get_secret_value().strip(), True),
        )
        return [name for name, *holds in needs if not all(holds)]


def host_of(address: str) -> str:
    """The host of an address that can be asked by ``POST`` and a path; empty when it is none."""
    try:
        url = urlsplit(address)
        usable = url.port != 0 and url.scheme in ("http", "https") and not (url.query or url.fragment or url.username)
    except ValueError:
        return ""
    return url.hostname or "" if usable else ""


def is_this_machine(host: str) -> bool:
    """Whether what is sent to ``host`` stays here."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
