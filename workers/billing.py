"""Billing tasks: events, accounts to compare with the provider, reminders of the trial, pauses that are over."""

import structlog

from lift.kernel.db import unit_of_work
from lift.payments import rounds
from workers.app import app
from workers.runtime import run, services

log = structlog.get_logger(__name__)


@app.task(name="lift.billing_event")
def billing_event(job_id: str) -> None:
    run(job_id)


@app.task(name="lift.billing_sync")
def billing_sync(job_id: str) -> None:
    run(job_id)


@app.task(name="lift.reconcile", acks_late=False)
def reconcile() -> None:
    """A job for each account that pays, so that one that fails is tried again and holds up no other."""
    wired = services()
    with unit_of_work(wired.session_factory) as session:
        asked = rounds.ask_for_all(session, wired.clock.now())
    log.info("reconcile_asked", accounts=asked)


@app.task(name="lift.trial_reminders", acks_late=False)
def trial_reminders() -> None:
    wired = services()
    with unit_of_work(wired.session_factory) as session:
        sent = rounds.remind(session, wired.mail, wired.clock.now(), livemode=wired.settings.livemode)
    log.info("trial_reminders", sent=sent)


@app.task(name="lift.subscriptions_due", acks_late=False)
def subscriptions_due() -> None:
    """Pauses that are over go on, and what was unpaid for too long is cancelled."""
    wired = services()
    done = rounds.tend_subscriptions(wired.desk, wired.clock.now())
    log.info("subscriptions_due", **done)
