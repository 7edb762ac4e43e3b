"""Answers whose statuses are pinned, signal by signal, in gold.json."""

from lift.scoring.types import Rubric, Signal
from tests.scoring.rubrics import GOOD, IDEMPOTENCY, JITTER, OTHER_TOPIC, WEAK

PERCENTILES = Rubric(
    question="Each host reports its p99 latency every minute, and the dashboard shows the average over forty hosts. A customer "
    "complains of slow calls that the dashboard does not show. What is wrong, and what would you do?",
    signals=(
        Signal("An average of percentiles is no percentile of anything", "must", "mid", "operational-maturity"),
        Signal("Hosts export histograms with the same buckets, which are summed before the quantile is taken", "must", "mid",
               "operational-maturity"),
        Signal("Hosts with little traffic weigh as much as busy ones", "should", "senior", "scalability-anchoring"),
        Signal("The latency is also measured at the edge or in the client, where queueing shows", "should", "senior",
               "operational-maturity"),
    ),
    levels=("mid", "senior"),
    version="percentiles",
)  # fmt: skip

RUBRICS = {"idempotency": IDEMPOTENCY, "jitter": JITTER, "percentiles": PERCENTILES}

ANSWERS: dict[str, tuple[str, str]] = {
    "idempotency, strong": ("idempotency", GOOD),
    "idempotency, weak": ("idempotency", WEAK),
    "idempotency, middling": (
        "idempotency",
        "Two requests with the same key arrive together and each one sees that nothing is stored yet. I would put a "
        "unique index on the key, so the second insert fails. The second request should then wait until the first is done.",
    ),
    "idempotency, telegram": ("idempotency", "unique index on key, loser polls stored result, same key to processor"),
    "idempotency, other topic": ("idempotency", OTHER_TOPIC),
    "idempotency, half denied": (
        "idempotency",
        "A unique constraint on the key before the charge lets one request win. The key should not be passed on to the card "
        "processor. Keys need not be kept longer than a minute.",
    ),
    "jitter, strong": (
        "jitter",
        "Everybody missed at once and hit the database. Let one loader per key refill it under a lock while the others wait. "
        "Give that lock an expiry and an owner, so that a dead loader blocks nobody. Meanwhile serve the stale value.",
    ),
    "jitter, middling": ("jitter", "Use a mutex so that only one process reloads the product, the rest wait for it."),
    "jitter, denied": ("jitter", "We should not serve the stale value. Do not let one request refresh it at expiry."),
    "jitter, weak": ("jitter", "The cache was too small, so add more memory and a bigger database."),
    "percentiles, strong": (
        "percentiles",
        "You cannot average p99 values, the mean of percentiles is not a percentile of the whole. Export histograms with "
        "shared bucket bounds, add the counts of all hosts and compute the quantile from the sum. A nearly idle host counts as "
        "much as a busy one here. And measure at the load balancer or in the client too, since waiting in queues is invisible "
        "on the host.",
    ),
    "percentiles, middling": (
        "percentiles",
        "Averaging percentiles makes no sense. Use histograms and sum the buckets.",
    ),
    "percentiles, weak": ("percentiles", "I would restart the slow hosts and buy faster disks for the dashboard."),
}
