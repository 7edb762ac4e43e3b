"""Housekeeping: the sweep that keeps the promise of the job table, and the sign of life."""

from lift.kernel.db import unit_of_work
from lift.kernel.job_runner import sweep as sweep_jobs
from lift.operations.health import beat
from workers.app import app
from workers.runtime import services


@app.task(name="lift.sweep", acks_late=False)
def sweep() -> None:
    wired = services()
    now = wired.clock.now()
    beat(wired.redis, now)
    with unit_of_work(wired.session_factory) as session:
        sweep_jobs(session, wired.queue, now)
