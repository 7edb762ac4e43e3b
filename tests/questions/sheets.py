"""Rows of questions for tests: in the house format, and as files of both formats."""

from typing import Any

from lift.questions import exchange
from lift.questions.exchange import Format
from lift.questions.rows import Record

PROMPT = (
    "A courier app shows the last known place of each rider. After a release the map lags by a minute at noon, though "
    "the feed and the database are idle. Find what holds the places back."
)


def a_row(number: int = 90, **changes: Any) -> Record:
    """A sound question that the shipped bank does not have."""
    plain: Record = {
        "id": f"idempotency-keys-{number:02}",
        "retired": False,
        "prompt": PROMPT,
        "context": "Riders report every two seconds.\nThe map polls.",
        "kind": "debug",
        "round": "api-design",
        "minutes": 10,
        "levels": ["mid", "senior"],
        "competencies": ["idempotency-keys"],
        "companies": ["microsoft"],
        "orgs": [],
        "signals": [
            {"text": text, "weight": weight, "level": "mid", "dimension": "api-design-quality"}
            for text, weight in (
                ("Follows one report from phone to screen", "must"),
                ("Finds the queue that grows at noon", "must"),
                ("Drops reports that a later one replaces", "should"),
                ("Watches the age of what is shown", "bonus"),
            )
        ],
        "followups": [
            {"ask": "Which of these reports may be lost?", "when_missed": 2},
            {"ask": "What would tell you before the customers do?", "deepen": "senior"},
        ],
        "pitfalls": ["Adds readers to an idle database", "Raises the polling rate"],
        "by_level": {"mid": "Finds the queue.", "senior": "Bounds the age of what is shown."},
        "outline": ["Follow one report.", "Find the queue.", "Drop what is replaced.", "Watch the age."],
        "origin": "desk",
        "provenance": "editorial",
        "reports": 0,
        "last_reported": None,
    }
    return plain | changes


def a_file(*rows: Record, form: Format = Format.JSONL) -> bytes:
    """The rows as a file."""
    return "".join(exchange.write(form, rows)).encode()
