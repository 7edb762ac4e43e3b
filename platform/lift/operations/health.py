"""Readiness: database, migrations at head, Valkey, a worker of each group seen within the last half minute."""

from datetime import datetime

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from lift.kernel.migrations import script_location
from lift.operations import heartbeats

log = structlog.get_logger(__name__)


def _migrated(engine: Engine) -> tuple[bool, bool]:
    """(the database answers, its schema is at head)."""
    head = ScriptDirectory(str(script_location())).get_current_head()
    try:
        with engine.connect() as connection:
            return True, MigrationContext.configure(connection).get_current_revision() == head
    except SQLAlchemyError as error:
        log.warning("database_not_ready", error=type(error).__name__)
        return False, False


def _workers_seen(redis: Redis, now: datetime) -> tuple[bool, dict[str, bool]]:
    """(Valkey answers, each group of workers and whether one was seen)."""
    try:
        return True, heartbeats.seen(redis, now)
    except RedisError as error:
        log.warning("valkey_not_ready", error=type(error).__name__)
        return False, dict.fromkeys(heartbeats.GROUPS, False)


def check_ready(engine: Engine, redis: Redis, now: datetime) -> dict[str, bool]:
    """Each part and whether it is ready."""
    database, migrations = _migrated(engine)
    valkey, workers = _workers_seen(redis, now)
    groups = {f"worker-{group}": seen for group, seen in workers.items()}
    return {"database": database, "migrations": migrations, "valkey": valkey, **groups}
