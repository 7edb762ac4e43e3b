"""A question of the bank and answers to it, as the scoring tests use them."""

from pathlib import Path

from lift.scoring.types import Rubric, Signal

SPOKEN = (Path(__file__).parent / "long_answer.txt").read_text(encoding="utf-8")
"""Six minutes of speech about ``IDEMPOTENCY``: 846 words, as somebody would say them."""

IDEMPOTENCY = Rubric(
    question=(
        "Mobile clients retry our payment call after eight seconds. Yesterday two requests with the same idempotency "
        "key reached two nodes in the same millisecond, and the customer was charged twice. Walk me through what each "
        "node should see, step by step, and what you would change."
    ),
    signals=(
        Signal("Check-then-act race: both nodes read no key before either writes it, so a lookup in Redis decides "
               "nothing", "must", "mid", "failure-and-concurrency"),
        Signal("A unique constraint, or a conditional insert, on the key before the charge lets exactly one request "
               "win", "must", "mid", "database-tier-reasoning"),
        Signal("The loser waits for or polls the winner's stored result, or gets a conflict that tells the client to "
               "retry, and never charges", "must", "mid", "api-design-quality"),
        Signal("The same key is passed on to the card processor, so a retry after our own crash cannot charge again",
               "should", "senior", "failure-and-concurrency"),
        Signal("A crash between charge and stored reply leaves an in-progress record that is resolved by asking the "
               "processor, not by charging again", "should", "senior", "operational-maturity"),
        Signal("The key is bound to the caller and a hash of the body, and a different body under the same key is "
               "refused", "should", "mid", "api-design-quality"),
        Signal("Keys are kept longer than any client or queue may retry, and the retention is part of the contract",
               "bonus", "senior", "api-design-quality"),
    ),
    levels=("mid", "senior", "staff"),
    version="idempotency",
)  # fmt: skip

JITTER = Rubric(
    question="Last night one key of our product cache expired during a sale and the database went down. Why?",
    signals=(
        Signal("Lets one loader per key work, by a lock or single flight, while the others wait for it", "must", "mid",
               "failure-and-concurrency"),
        Signal("Serves the stale value while one request refreshes it before or after the expiry", "should", "mid",
               "trade-off-articulation"),
        Signal("The lock has an expiry and an owner, and a dead loader does not block the others", "should", "mid",
               "failure-and-concurrency"),
    ),
    levels=("mid",),
    version="jitter",
)  # fmt: skip

GOOD = (
    "So the problem is that both nodes look the key up in Redis at the same moment, neither of them finds it, and so "
    "both go and charge the card. A look-up and then a write is a classic race. What I'd do is make the database "
    "decide. Before charging, insert a row with the key into Postgres with a unique index on it, status pending. One "
    "insert succeeds, the other gets a duplicate key violation. Whoever wins does the charge, then saves the response "
    "in that row. The one that lost never talks to the card processor, it polls the row until the result is there and "
    "sends back the same response, or after a second or so returns a 409 so the client tries later. I'd also send the "
    "same idempotency key along to the processor, so if we crash after charging and retry it won't bill the customer "
    "a second time. For rows stuck in pending because a node died, a background job asks the processor what happened "
    "and fills in the result. And I would hash the request body and store it with the key, if someone reuses the key "
    "with a different amount we reject with 422."
)
WEAK = "I would add a cache and some retries and check the logs to make it faster and more reliable."
OTHER_TOPIC = (
    "Averaging percentiles has no meaning. Export histograms with shared buckets, add up the counts over the hosts "
    "and take the quantile of the sum. Put bucket bounds near the target, and measure at the edge."
)
