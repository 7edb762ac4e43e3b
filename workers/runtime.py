"""One set of services a process, and the runner that holds the promise of the job table."""

from collections.abc import Collection
from datetime import timedelta
from functools import cache
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from lift.job_handlers import handlers
from lift.kernel.job_runner import Claim, JobRunner
from lift.kernel.settings import Settings
from lift.operations.heartbeats import GROUPS, Pulse
from lift.scoring.encoder import shared_encoder
from lift.wiring import Services, build

log = structlog.get_logger(__name__)


@cache
def services() -> Services:
    """Made after the fork, so that no connection is shared between processes."""
    return build(Settings())


@cache
def runner() -> JobRunner:
    """The job runner of this process."""
    wired = services()
    return JobRunner(
        wired.session_factory,
        wired.clock,
        handlers(wired),
        timedelta(seconds=wired.settings.lease_seconds),
    )


def run(job_id: str) -> Claim | None:
    """Run the job named by a nudge; None when there was nothing to do."""
    return runner().run(UUID(job_id))


def warm_up(queues: Collection[str]) -> None:
    """Make the services of this process and, where answers are scored, read the model."""
    runner()
    if "score" in queues:
        shared_encoder()


@cache
def pulse() -> Pulse:
    """The signs of life of this process."""
    return Pulse(services().redis)


def show_life(queues: Collection[str]) -> None:
    """Note that this process has run a task, for each group that it belongs to."""
    wired = services()
    for group in set(GROUPS).intersection(queues):
        try:
            pulse().beat(group, wired.clock.now())
        except RedisError as error:
            log.warning("sign_of_life_lost", error=type(error).__name__)
