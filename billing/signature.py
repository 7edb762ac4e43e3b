"""The signature of a webhook: HMAC-SHA256 over moment and raw body, fail closed."""

import hashlib
import hmac
from datetime import datetime, timedelta

OLDEST = timedelta(seconds=300)
NEWEST = timedelta(seconds=60)


class BadSignature(Exception):
    """The request is not, or not now, from the provider."""


def check_secrets(secrets: tuple[str, ...]) -> tuple[str, ...]:
    """The secrets as they are; ``ValueError`` when there is none or one is blank: to be called at the start."""
    if not secrets or any(not secret.strip() for secret in secrets):
        raise ValueError("The webhook secret is empty: with it anybody could sign events.")
    return secrets


def sign(raw: bytes, secret: str, moment: int) -> str:
    """The ``v1`` signature in hexadecimal."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + raw, hashlib.sha256).hexdigest()


def header_for(raw: bytes, secret: str, moment: int) -> str:
    """A whole header, as the provider sends it."""
    return f"t={moment},v1={sign(raw, secret, moment)}"


def verify(raw: bytes, header: str | None, secrets: tuple[str, ...], now: datetime) -> None:
    """``BadSignature`` unless one of the secrets (two during a rotation) signed this very body lately."""
    check_secrets(secrets)
    parts = [part.strip().partition("=") for part in (header or "").split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    signatures = [value for name, _, value in parts if name == "v1"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdigit()) or len(moments[0]) > 12:
        raise BadSignature("The signature has no moment.")
    moment = int(moments[0])
    expected = [sign(raw, secret, moment).encode() for secret in secrets]
    if not any(hmac.compare_digest(e, s.encode()) for e in expected for s in signatures):
        raise BadSignature("The signature does not fit.")
    age = timedelta(seconds=now.timestamp() - moment)
    if age > OLDEST or -age > NEWEST:
        raise BadSignature("The signature is of another time.")
