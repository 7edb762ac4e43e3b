"""Argon2id at OWASP's parameters (19 MiB, t=2, p=1), a few at a time so that a flood of log-ins cannot take all memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lift.kernel.errors import Unavailable
from lift.kernel.ids import new_token

AT_ONCE = 2
"""Hashes that run side by side in one process: 38 MiB."""

PATIENCE = 10.0
"""Seconds to wait for a turn."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Unavailable("Too many people are logging in right now. Please try again in a moment.")
    try:
        yield
    finally:
        _turns.release()


def hash_password(password: str) -> str:
    """The encoded Argon2id hash."""
    with _turn():
        return _hasher.hash(password)


@cache
def _dummy() -> str:
    return _hasher.hash(new_token())


@dataclass(frozen=True)
class Tried:
    """A password that was compared with a stored hash."""

    stored: str | None
    fits: bool
    fresh: str | None = None
    """A new hash, when the password fits one that was made with other parameters than today's."""


def matches(stored: str | None, password: str) -> bool:
    """Whether the password fits; None costs the same time and never fits."""
    compared = stored if stored is not None else _dummy()
    with _turn():
        try:
            _hasher.verify(compared, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def compare(stored: str | None, password: str) -> Tried:
    """Compare, and hash anew what needs it. Slow: no connection should be held meanwhile."""
    fits = matches(stored, password)
    outdated = fits and stored is not None and _hasher.check_needs_rehash(stored)
    return Tried(stored, fits, hash_password(password) if outdated else None)
