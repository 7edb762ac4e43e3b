"""The settings of a language model that reads answers; none is asked unless one is named."""

from decimal import Decimal
from ipaddress import ip_address
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

ADDRESSES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com/v1"}
MARGIN = 6
"""Seconds of a lease that a language model leaves for the embedded scorer and the database."""


class ModelSettings(BaseSettings):
    """A part of the product's settings."""

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
        return self.llm_base_url or ADDRESSES.get(self.llm_provider, "")

    @property
    def llm_host(self) -> str:
        """The host that answers are sent to; empty where none is asked."""
        return host_of(self.llm_address) if self.llm_provider else ""

    @property
    def llm_leaves(self) -> bool:
        """Whether answers are sent to somebody else's machine."""
        return bool(self.llm_provider) and not is_this_machine(self.llm_host)

    @model_validator(mode="after")
    def _refuse_half_set_model(self) -> Self:
        if self.llm_provider and (missing := self._missing_of_model()):
            raise ValueError(f"LIFT_LLM_PROVIDER needs {', '.join(missing)}")
        return self

    def _missing_of_model(self) -> list[str]:
        """What the language model lacks. One's own server on this machine may have no key, no price and no TLS."""
        here = is_this_machine(self.llm_host)
        secure = self.llm_address.startswith("https://") or (here and self.llm_address.startswith("http://"))
        priced = self.llm_price_in and self.llm_price_out
        needs = (
            ("LIFT_LLM_MODEL", self.llm_model.strip()),
            ("LIFT_LLM_BASE_URL (https://…)", secure and self.llm_host),
            ("LIFT_LLM_API_KEY", here or self.llm_api_key.get_secret_value().strip()),
            ("LIFT_LLM_PRICE_IN and LIFT_LLM_PRICE_OUT (the caps count by them)", here or priced),
            (f"LIFT_LEASE_SECONDS {MARGIN} above LIFT_LLM_SECONDS", self.lease_seconds >= self.llm_seconds + MARGIN),
        )
        return [name for name, holds in needs if not holds]


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
