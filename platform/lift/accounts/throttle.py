"""How often somebody may try: counted in PostgreSQL, so that neither a flushed nor an absent Valkey gives fresh tries."""

import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.accounts.addresses import parse_address
from lift.accounts.models import Tries
from lift.kernel.db import SessionFactory, unit_of_work
from lift.kernel.errors import Invalid, RateLimited
from lift.kernel.ids import keyed_hash

CLEARED_AT_ONCE = 100
"""Rows nobody needs any more that one try takes away."""


@dataclass(frozen=True)
class Limit:
    """At most ``amount`` tries within any ``window``."""

    amount: int
    window: timedelta


LOG_IN = Limit(10, timedelta(minutes=5))
LOG_IN_ALL = Limit(1000, timedelta(minutes=5))
SIGN_UP = Limit(20, timedelta(hours=1))
RESET = Limit(5, timedelta(days=1))
RESET_PER_PEER = Limit(30, timedelta(hours=1))
RESEND = Limit(5, timedelta(hours=1))
TOKEN_TRIES = Limit(30, timedelta(hours=1))
NEAR_LOOKS = Limit(400, timedelta(hours=1))
"""A form that looks for near-duplicates while one writes looks often; who reads the bank out by it needs more."""
TAKEDOWN = Limit(5, timedelta(hours=1))


def peer_key(address: str | None) -> str:
    """Who counts as one peer: an IPv4 address, or the /64 of an IPv6 one, which a household shares."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "peer:unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return f"peer:{ipaddress.ip_network((found, 64), strict=False)}"
    return f"peer:{found}"


def address_key(text: str) -> str:
    """One key for all spellings that reach one account."""
    try:
        return f"address:{parse_address(text).lower()}"
    except Invalid:
        return f"address:{text.strip().lower()}"


def recent(limit: Limit, tries: Sequence[datetime], now: datetime) -> list[datetime]:
    """The tries that still count, oldest first; after a clock was set back, what lies ahead counts as made now."""
    return sorted(min(moment, now) for moment in tries if moment > now - limit.window)


def wait_for(limit: Limit, counted: Sequence[datetime], now: datetime) -> int:
    """Seconds until the next try is free; 0 when it is now. ``counted`` comes from ``recent``."""
    if len(counted) < limit.amount:
        return 0
    return max(1, math.ceil((counted[-limit.amount] + limit.window - now).total_seconds()))


class Throttle:
    """Counts tries, each in a transaction of its own: what becomes of the request changes nothing."""

    def __init__(self, factory: SessionFactory, secret: str) -> None:
        self._factory = factory
        self._secret = secret

    def hit(self, limit: Limit, purpose: str, *who: str, now: datetime) -> None:
        """Count one try of ``purpose`` by each of ``who``; ``RateLimited`` when any of them has had its share."""
        for one in who:
            # Hashed: no address of a person is kept in the counters.
            key = keyed_hash(self._secret, f"tries-{purpose}", one)
            with unit_of_work(self._factory) as session:
                wait = _count(session, key, limit, now)
            if wait:
                raise RateLimited(retry_after=wait)


def _count(session: Session, key: bytes, limit: Limit, now: datetime) -> int:
    """Seconds to wait, or 0 and the try is counted. The row's lock puts tries of one key in line."""
    expires = now + limit.window
    touch = insert(Tries).values(key=key, at=[], expires_at=expires)
    row = session.execute(
        touch.on_conflict_do_update(index_elements=["key"], set_={"key": key}).returning(Tries)
    ).scalar_one()
    counted = recent(limit, row.at, now)
    wait = wait_for(limit, counted, now)
    if wait == 0:
        row.at, row.expires_at = [*counted, now], expires
        session.flush()
        _clear(session, now)
    return wait


def _clear(session: Session, now: datetime) -> None:
    """Take away some rows whose tries count no longer; those that somebody counts in are left to them."""
    old = select(Tries.key).where(Tries.expires_at <= now).limit(CLEARED_AT_ONCE).with_for_update(skip_locked=True)
    # As a subquery it may be run once for each row that is deleted, and find others each time.
    spent = old.cte("spent").prefix_with("MATERIALIZED")
    session.execute(delete(Tries).where(Tries.key.in_(select(spent.c.key))))
