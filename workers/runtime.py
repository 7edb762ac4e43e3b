"""One set of services a process, and the runner that holds the promise of the job table."""

from datetime import timedelta
from functools import cache
from uuid import UUID

from lift.job_handlers import handlers
from lift.kernel.job_runner import Claim, JobRunner
from lift.kernel.settings import Settings
from lift.wiring import Services, build


@cache
def services() -> Services:
    """Made after the fork, so that no connection is shared between processes."""
    return build(Settings(), connections=4)


@cache
def runner() -> JobRunner:
    """The job runner of this process."""
    wired = services()
    return JobRunner(
        wired.session_factory,
        wired.clock,
        handlers(wired),
        timedelta(seconds=wired.settings.lease_seconds),
        wired.settings.max_attempts,
    )


def run(job_id: str) -> Claim | None:
    """Run the job named by a nudge; None when there was nothing to do."""
    return runner().run(UUID(job_id))


def warm_up() -> None:
    """Make the services of this process."""
    runner()
