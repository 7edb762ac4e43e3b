"""What beat sends, and how often in seconds."""

SWEEP_EVERY = 5.0

SCHEDULE = {
    "sweep": {"task": "lift.sweep", "schedule": SWEEP_EVERY, "options": {"expires": SWEEP_EVERY * 2}},
}
