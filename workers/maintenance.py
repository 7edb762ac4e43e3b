"""Housekeeping: the sweep that keeps the promise of the job table, signs of life, what is forgotten, what is counted."""

import structlog

from lift.kernel.db import unit_of_work
from lift.kernel.job_board import sweep as sweep_jobs
from lift.operations.deletion import purge_due
from lift.operations.retention import tidy as tidy_up
from lift.questions import rollups, vectors
from lift.submissions import upkeep
from workers.app import app
from workers.runtime import run, services

log = structlog.get_logger(__name__)


@app.task(name="lift.sweep", acks_late=False)
def sweep() -> None:
    wired = services()
    with unit_of_work(wired.session_factory) as session:
        sweep_jobs(session, wired.queue, wired.clock.now())


@app.task(name="lift.heartbeat", acks_late=False)
def heartbeat() -> None:
    """Nothing: that a task of the group has run is the sign of life (workers.app)."""


@app.task(name="lift.tidy", acks_late=False)
def tidy() -> None:
    wired = services()
    with unit_of_work(wired.session_factory) as session:
        gone = tidy_up(session, wired.clock.now())
    log.info("tidied", **gone)


@app.task(name="lift.purge", acks_late=False)
def purge() -> None:
    """Accounts whose day has come go; one whose provider does not answer waits for the next round."""
    wired = services()
    done = purge_due(wired.desk, wired.clock.now())
    log.info("purged", **done)


@app.task(name="lift.count_loops", acks_late=False)
def count_loops() -> None:
    wired = services()
    with unit_of_work(wired.session_factory) as session:
        rollups.recount(session, wired.clock.now())
        vectors.ask(session, wired.clock.now())


@app.task(name="lift.count_pages")
def count_pages(job_id: str) -> None:
    run(job_id)


@app.task(name="lift.age_reports", acks_late=False)
def age_reports() -> None:
    """Reports that are older than 24 months by now: what their questions say sinks with them."""
    wired = services()
    with unit_of_work(wired.session_factory) as session:
        changed = upkeep.age(session, wired.clock.now())
    log.info("reports_aged", questions=changed)
