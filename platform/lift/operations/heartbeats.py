"""Signs of life of the workers: one a group, noted whenever a task of the group has run."""

from datetime import datetime, timedelta
from typing import Any

from redis import Redis

GROUPS = ("score", "default")
"""Named by a queue: a worker belongs to the groups whose queue it reads."""
SEEN_WITHIN = timedelta(seconds=30)


def key(group: str) -> str:
    """Where a group's last sign of life is kept."""
    return f"lift:worker-seen:{group}"


def beat(redis: Redis, group: str, now: datetime) -> None:
    """Say that a worker of ``group`` ran a task at ``now``."""
    redis.set(key(group), now.timestamp(), ex=int(SEEN_WITHIN.total_seconds()) * 4)


class Pulse:
    """The signs of life of one process: at most one a second and group, however many tasks it runs."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._shown: dict[str, datetime] = {}

    def beat(self, group: str, now: datetime) -> None:
        """Note that a task of the group has run, unless that was noted less than a second ago."""
        shown = self._shown.get(group)
        if shown is not None and shown <= now < shown + timedelta(seconds=1):
            return
        beat(self._redis, group, now)
        self._shown[group] = now


def seen(redis: Redis, now: datetime) -> dict[str, bool]:
    """Each group, and whether a worker of it was seen within half a minute."""
    stamps: Any = redis.mget([key(group) for group in GROUPS])
    fresh_after = (now - SEEN_WITHIN).timestamp()
    return {
        group: stamp is not None and float(stamp) >= fresh_after for group, stamp in zip(GROUPS, stamps, strict=True)
    }
