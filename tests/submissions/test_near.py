"""Finding the question of the bank that somebody means: in words of their own, months after the loop."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from lift.submissions.near import MOST, affordable, near

# What a candidate might write who was asked the question of the slug: other words, no figures, half of it forgotten.
PARAPHRASES = {
    "ambiguity-and-judgement-01": "Shortly before a big AI launch the security people can make the model reveal documents the owner had shared by accident. Do you ship or not, and who do you ask?",
    "backpressure-and-flow-control-01": "A pipeline reads events faster than the destination can take them for a few minutes, with an unbounded queue in the middle. Work out the memory and redesign.",
    "cache-consistency-guarantees-01": "Somebody was fired and disabled but could still read mail ten minutes later because of several caches with short TTLs. What can you promise about revocation?",
    "consensus-and-leader-election-01": "Replicas of a stateful service lose quorum during an upgrade, writes stop, and a manager wants you to force it. What do you do?",
    "context-propagation-01": "Traces break when an order goes through a message bus, lots of orphaned spans on the consumer side. Find out why and fix it.",
    "contract-testing-01": "Both teams mock each other, tests pass, production breaks because a field changed from number to string. They want nightly end to end tests. Your opinion?",
    "debugging-unfamiliar-code-01": "I got code of an importer that says it's finished but only some of the rows are in the database and there are no errors in the log. Find the bug.",
    "delivery-semantics-01": "Queue worker with peek lock: long jobs get processed several times in parallel and end in dead letter although they were successful. Explain.",
    "distributed-transactions-01": "Players exchange an item for coins, actors on different machines, after a crash the item is duplicated. Make the trade atomic.",
    "failure-modes-and-redundancy-01": "Login outage after a signing key was rotated away, and engineers could not even see the dashboards because those need the same login. How do you prevent that?",
    "grpc-deadlines-and-load-balancing-01": "Search fans out to many shards with a deadline, some queries time out, the leaves keep working on abandoned requests and some hosts are hot.",
    "http-and-cdn-caching-01": "After turning on a CDN for a portal users saw other users' names and the origin still had most of the traffic. Which headers were wrong?",
    "job-scheduling-and-workers-02": "Code review of a durable orchestrator which creates servers multiple times because of replay, and the timeout doesn't work.",
    "jwt-vs-opaque-01": "Compare introspection of opaque tokens with signed tokens plus a denylist when revocation must work in half a minute; calculate the load.",
    "long-running-operations-02": "Background export jobs: some are stuck in queued, some produce the file two times, cancelled ones still deliver. Why?",
    "multi-tenant-data-01": "Hundreds of thousands of small tenant databases with custom columns, finance wants to pack them into shared tables. How do you decide?",
    "negative-caching-and-penetration-01": "Attackers query user names that don't exist so every lookup misses the cache and hits the directory. Protect it without revealing who exists.",
    "online-schema-migration-01": "An online migration with gh-ost on a huge table finished copying but the cut over keeps timing out. What is happening, what would you do?",
    "retry-policy-and-backoff-01": "Three layers each retry three times without waiting when the database stalls. How much load arrives and why doesn't it recover?",
    "secrets-and-keys-01": "Customer managed keys: when they revoke the key all data must be unreadable within the hour, but the vault allows few operations. Design the key hierarchy.",
    "retries-and-dead-letters-01": "A poison message crashes the scanner and goes back to the queue until all servers restart in a loop. What should happen instead?",
    "log-pipeline-and-cost-01": "The log workspace had a daily cap to save money and the logs were missing exactly when there was an outage. Change the setup.",
}


def ranks(session: Session) -> dict[str, int]:
    """The place of the question that was meant, from 1; 0 where it is not shown."""
    places = {}
    for slug, words in PARAPHRASES.items():
        shown = [found.slug for found in near(session, words, "microsoft")]
        places[slug] = shown.index(slug) + 1 if slug in shown else 0
    return places


def test_of_22_paraphrases_nearly_all_are_among_the_five(session: Session) -> None:
    places = ranks(session)
    shown = sum(place > 0 for place in places.values())
    assert shown / len(places) >= 0.9, {slug: place for slug, place in places.items() if not place}


def test_in_a_large_bank_only_rare_stems_are_asked_for() -> None:
    stems = frozenset({"design", "cach", "servic", "gh-ost", "cut-ov", "stutter"})
    known = {"design": 0.4, "servic": 0.3, "cach": 0.02, "lock": 0.001}
    assert set(affordable(stems, known, 1_000_000)) == {"gh-ost", "cut-ov", "stutter"}
    assert set(affordable(stems, known, 169)) == stems
    assert set(affordable(stems, {}, 1_000_000)) == stems


def test_it_is_found_without_the_company_too(session: Session) -> None:
    slug = "retry-policy-and-backoff-01"
    assert near(session, PARAPHRASES[slug])[0].slug == slug


@pytest.mark.parametrize(
    "words",
    [
        "Tell me about your favourite holiday in the mountains and what you cooked there.",
        "How would you paint a bicycle blue without removing its saddle?",
        "Two words",
        "",
    ],
)
def test_what_is_not_in_the_bank_has_no_near_duplicates(session: Session, words: str) -> None:
    assert near(session, words, "microsoft") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=300))
def test_any_text_gets_an_answer(session: Session, words: str) -> None:
    assert len(near(session, words)) <= MOST
