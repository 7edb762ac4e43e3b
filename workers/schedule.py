"""What beat sends, and how often in seconds."""

from datetime import datetime
from typing import Any

from celery.schedules import schedule

from lift.kernel.clock import clock_of
from lift.kernel.settings import Settings
from lift.operations.heartbeats import GROUPS
from lift.runner.commands import SWEEP_QUEUE

SWEEP_EVERY = 5.0
QUARTER = 900.0
HOUR = 3600.0

_clock = clock_of(Settings())


def site_now() -> datetime:
    """By the site's clock: when the sandbox moves it ahead by a day, what is due daily is due."""
    return _clock.now()


def every(seconds: float) -> schedule:
    """Again and again after so many seconds; by name, because beat keeps what it runs in a file."""
    return schedule(seconds, nowfun=site_now)


# What was not taken up by then is not worth doing: the next one is under way.
_SOON: dict[str, Any] = {"expires": SWEEP_EVERY * 2}

SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {"task": "lift.sweep", "schedule": every(SWEEP_EVERY), "options": {**_SOON, "queue": SWEEP_QUEUE}},
    **{
        f"heartbeat-{group}": {
            "task": "lift.heartbeat",
            "schedule": every(SWEEP_EVERY),
            "options": {**_SOON, "queue": group},
        }
        for group in GROUPS
    },
    "tidy": {"task": "lift.tidy", "schedule": every(HOUR), "options": {"expires": HOUR}},
    "purge": {"task": "lift.purge", "schedule": every(QUARTER), "options": {"expires": QUARTER}},
    "reconcile": {"task": "lift.reconcile", "schedule": every(HOUR), "options": {"expires": HOUR}},
    "trial-reminders": {"task": "lift.trial_reminders", "schedule": every(QUARTER), "options": {"expires": QUARTER}},
    "subscriptions-due": {
        "task": "lift.subscriptions_due",
        "schedule": every(QUARTER),
        "options": {"expires": QUARTER},
    },
    # Once a day would do, as reports age by the month; once an hour a page is never wrong for longer.
    "age-reports": {"task": "lift.age_reports", "schedule": every(HOUR), "options": {"expires": HOUR}},
    "count-loops": {"task": "lift.count_loops", "schedule": every(HOUR), "options": {"expires": HOUR}},
}
