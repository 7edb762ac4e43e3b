"""How often somebody may try: counted in Valkey for all processes, in this process while Valkey is away."""

import hashlib
import ipaddress
import time

import structlog
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, RateLimiter
from redis import Redis

from lift.kernel.errors import RateLimited

log = structlog.get_logger(__name__)

LOG_IN = parse("10 per 5 minutes")
LOG_IN_ALL = parse("1000 per 5 minutes")
SIGN_UP = parse("20 per hour")
RESET = parse("5 per day")
RESET_PER_PEER = parse("30 per hour")
RESEND = parse("5 per hour")
TOKEN_TRIES = parse("30 per hour")


def peer_key(address: str | None) -> str:
    """Who counts as one peer: an IPv4 address, or the /64 of an IPv6 one, which a household shares."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Throttle:
    """Counts tries; ``RateLimited`` when there were too many."""

    def __init__(self, redis: Redis) -> None:
        shared = RedisStorage(
            "redis://", connection_pool=redis.connection_pool, wrap_exceptions=True, key_prefix="lift-throttle"
        )
        self._shared: RateLimiter = MovingWindowRateLimiter(shared)
        self._shared_many: RateLimiter = FixedWindowRateLimiter(shared)
        local = MemoryStorage()
        self._local: RateLimiter = MovingWindowRateLimiter(local)

    def hit(self, item: RateLimitItem, purpose: str, *who: str) -> None:
        """Count one try of ``purpose`` by each of ``who``, and refuse when any of them has had its share."""
        for one in who:
            # Hashed: no address of a person is kept in the counters.
            key = hashlib.sha256(one.lower().encode()).hexdigest()[:32]
            if not self._try(item, purpose, key):
                raise RateLimited(retry_after=self._wait(item, purpose, key))

    def _limiter(self, item: RateLimitItem) -> RateLimiter:
        # A moving window keeps every try; for the wide ones a counter is enough.
        return self._shared if item.amount <= 100 else self._shared_many

    def _try(self, item: RateLimitItem, purpose: str, key: str) -> bool:
        try:
            return bool(self._limiter(item).hit(item, purpose, key))
        except StorageError as error:
            log.warning("throttle_is_local", error=type(error.storage_error).__name__)
            return bool(self._local.hit(item, purpose, key))

    def _wait(self, item: RateLimitItem, purpose: str, key: str) -> int:
        """Seconds until the next try is free, at least one."""
        try:
            stats = self._limiter(item).get_window_stats(item, purpose, key)
        except StorageError:
            stats = self._local.get_window_stats(item, purpose, key)
        return max(1, round(stats.reset_time - time.time()))
