"""Readiness: database, migrations at head, Valkey, a worker seen within the last half minute."""

from datetime import datetime, timedelta

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from lift.kernel.migrations import script_location

log = structlog.get_logger(__name__)
HEARTBEAT_KEY = "lift:worker-seen"
WORKER_SEEN_WITHIN = timedelta(seconds=30)


def beat(redis: Redis, now: datetime) -> None:
    """Say that a worker ran a task at ``now``."""
    redis.set(HEARTBEAT_KEY, now.timestamp(), ex=int(WORKER_SEEN_WITHIN.total_seconds()) * 4)


def _migrated(engine: Engine) -> tuple[bool, bool]:
    """(the database answers, its schema is at head)."""
    head = ScriptDirectory(str(script_location())).get_current_head()
    try:
        with engine.connect() as connection:
            return True, MigrationContext.configure(connection).get_current_revision() == head
    except SQLAlchemyError as error:
        log.warning("database_not_ready", error=type(error).__name__)
        return False, False


def _worker_seen(redis: Redis, now: datetime) -> tuple[bool, bool]:
    """(Valkey answers, a worker was seen)."""
    try:
        seen = redis.get(HEARTBEAT_KEY)
    except RedisError as error:
        log.warning("valkey_not_ready", error=type(error).__name__)
        return False, False
    if seen is None:
        return True, False
    return True, now.timestamp() - float(str(seen, "ascii") if isinstance(seen, bytes) else str(seen)) <= 30


def check_ready(engine: Engine, redis: Redis, now: datetime) -> dict[str, bool]:
    """Each part and whether it is ready."""
    database, migrations = _migrated(engine)
    valkey, worker = _worker_seen(redis, now)
    return {"database": database, "migrations": migrations, "valkey": valkey, "worker": worker}
