"""How long from the answer submitted to the assessment seen, and how fast the scorer reads."""

import os
import re
import statistics
import threading
import time

from bench.empty_task import round_trip
from bench.site import Person, Site

ANSWER = (
    "Both nodes look the key up and both miss, so both charge. I would insert the key under a unique constraint before "
    "the charge so that exactly one request wins, and the loser polls for the stored result of the winner or answers "
    "409 with a hint to retry. The same key goes to the card processor, and a crash in between is resolved by asking it."
)


def scorer_rate() -> float:
    """Print short answers a CPU-second, one thread, signals encoded beforehand; returns seconds an answer."""
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    import yaml

    from lift.catalog.files import CONTENT
    from lift.scoring.embedded import EmbeddedScorer
    from lift.scoring.types import Rubric, Signal

    shelf = CONTENT / "questions" / "api-design" / "idempotency-keys.yaml"
    question = next(q for q in yaml.safe_load(shelf.read_text()) if q["id"] == "idempotency-keys-01")
    signals = tuple(Signal(s["text"], s["weight"], s["level"], s["dimension"]) for s in question["signals"])
    rubric = Rubric(question["prompt"], signals, tuple(question["levels"]), "bench")
    scorer = EmbeddedScorer()
    scorer.assess(rubric, ANSWER)
    started, count = time.process_time(), 60
    for turn in range(count):
        scorer.assess(rubric, f"{ANSWER} {turn}")
    rate = count / (time.process_time() - started)
    print(f"scorer                    {rate:6.1f} short answers a CPU-second, {rate / 25:.2f} of the bound of 25")
    return 1 / rate


def answer_latency(site: Site, person: Person, scorer_seconds: float) -> None:
    """Print the median from submit to the debrief, as the event stream tells it, and its share of what is allowed."""
    took, pause = [], threading.Event()
    for _ in range(12):
        address, _page = person.submit(
            "/questions/idempotency-keys-01", {"question": "idempotency-keys-01"}, action="/practice/start"
        )
        started = time.perf_counter()
        person.submit(address, {"text": ANSWER, "confidence": "3"})
        events = address + "/events"
        while "event: done" not in person.get(events)[1]:
            pause.wait(0.01)
        took.append(time.perf_counter() - started)
        assert re.search(r"/practice/", address)
    empty = round_trip(site.variable("LIFT_REDIS_URL"))
    allowed = 1.5 * (empty + scorer_seconds) + 0.150
    median = statistics.median(took)
    print(
        f"Celery, empty task        {empty * 1000:6.0f} ms round trip, scorer {scorer_seconds * 1000:.0f} ms an answer"
    )
    print(
        f"answer to assessment      {median * 1000:6.0f} ms median, {max(took) * 1000:.0f} ms worst,"
        f" {median / allowed:.2f} of the {allowed * 1000:.0f} ms allowed"
    )
