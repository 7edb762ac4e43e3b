"""Tells open pages that something is ready: Redis pub/sub, best effort; the row stays the truth."""

from typing import Protocol

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
CHANNEL = "lift:ready"


class Announcer(Protocol):
    """Says that the thing named ``topic`` has changed."""

    def announce(self, topic: str) -> None: ...


class RedisAnnouncer:
    """Announces on one channel that every web process listens to."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def announce(self, topic: str) -> None:
        try:
            self._redis.publish(CHANNEL, topic)
        except RedisError as error:
            log.warning("announcement_lost", topic=topic, error=str(error))


class RecordingAnnouncer:
    """Keeps the topics in a list."""

    def __init__(self) -> None:
        self.topics: list[str] = []

    def announce(self, topic: str) -> None:
        self.topics.append(topic)
