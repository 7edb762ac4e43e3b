"""What beat sends, and how often in seconds."""

from typing import Any

from lift.operations.heartbeats import GROUPS
from lift.runner.commands import SWEEP_QUEUE

SWEEP_EVERY = 5.0
QUARTER = 900.0
HOUR = 3600.0

# What was not taken up by then is not worth doing: the next one is under way.
_SOON: dict[str, Any] = {"expires": SWEEP_EVERY * 2}

SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {"task": "lift.sweep", "schedule": SWEEP_EVERY, "options": {**_SOON, "queue": SWEEP_QUEUE}},
    **{
        f"heartbeat-{group}": {"task": "lift.heartbeat", "schedule": SWEEP_EVERY, "options": {**_SOON, "queue": group}}
        for group in GROUPS
    },
    "tidy": {"task": "lift.tidy", "schedule": HOUR, "options": {"expires": HOUR}},
    "purge": {"task": "lift.purge", "schedule": QUARTER, "options": {"expires": QUARTER}},
    "reconcile": {"task": "lift.reconcile", "schedule": HOUR, "options": {"expires": HOUR}},
    "trial-reminders": {"task": "lift.trial_reminders", "schedule": QUARTER, "options": {"expires": QUARTER}},
    "subscriptions-due": {"task": "lift.subscriptions_due", "schedule": QUARTER, "options": {"expires": QUARTER}},
    "count-loops": {"task": "lift.count_loops", "schedule": HOUR, "options": {"expires": HOUR}},
}
