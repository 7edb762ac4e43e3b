"""The queue port on Celery: sends a task's name and a row's id, and never fails the caller."""

from typing import Any
from uuid import UUID

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from lift.kernel.jobs import QUEUES, Job

log = structlog.get_logger(__name__)

TASK_PREFIX = "lift."
BROKER_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "visibility_timeout": 60}


class CeleryQueue:
    """Nudges a worker through the broker. A broker that is away is logged: the sweep sends the job later."""

    def __init__(self, redis_url: str) -> None:
        # Celery keeps the calls of a queue in a list of its name.
        self._redis = Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=5)
        self._app = Celery("lift-producer", broker=redis_url, set_as_current=False)
        self._app.conf.update(
            broker_transport_options=BROKER_OPTIONS,
            broker_connection_timeout=1,
            task_ignore_result=True,
            task_serializer="json",
            accept_content=["json"],
        )

    def nudge(self, job: Job, job_id: UUID) -> None:
        try:
            self._app.send_task(
                TASK_PREFIX + job, args=[str(job_id)], queue=QUEUES[job], retry=False, ignore_result=True
            )
        except (OperationalError, RedisError, OSError) as error:
            log.warning("nudge_lost", job=job, job_id=str(job_id), error=str(error))

    def waiting(self, name: str) -> int:
        try:
            # redis-py types every call for its asynchronous client too.
            found: Any = self._redis.llen(name)
            return int(found)
        except (RedisError, OSError) as error:
            log.warning("queue_unseen", queue=name, error=str(error))
            return 0


class RecordingQueue:
    """Keeps the nudges in a list, for tests and for commands that run no worker."""

    def __init__(self) -> None:
        self.nudges: list[tuple[Job, UUID]] = []
        self.unread: dict[str, int] = {}
        """Calls that wait, by queue."""

    def waiting(self, name: str) -> int:
        return self.unread.get(name, 0)

    def nudge(self, job: Job, job_id: UUID) -> None:
        self.nudges.append((job, job_id))
