"""Identifiers and tokens: UUIDv7 (RFC 9562) made here, opaque tokens from ``secrets``."""

import hashlib
import hmac
import secrets
import threading
import time
from uuid import UUID

SHORTEST_SECRET = 32
"""Characters of the key that signs cookies, at least."""

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A time-ordered UUID, strictly increasing within this process."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 bits of fraction, so ids of one process sort as they were made.
        stamp = time.time_ns() * 4096 // 1_000_000
        _last = stamp = max(stamp, _last + 1)
    milliseconds, fraction = stamp >> 12, stamp & 0xFFF
    tail = secrets.randbits(62)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | tail)


def new_token(nbytes: int = 32) -> str:
    """A URL-safe random token of ``nbytes`` bytes (256 bits unless told)."""
    return secrets.token_urlsafe(nbytes)


def token_hash(token: str) -> bytes:
    """What is stored of a token: SHA-256, so a stolen table opens nothing."""
    return hashlib.sha256(token.encode()).digest()


def keyed_hash(secret: str, purpose: str, text: str) -> bytes:
    """HMAC-SHA256 of ``text``, separated by purpose."""
    return hmac.digest(f"{purpose}:{secret}".encode(), text.encode(), "sha256")
