"""The guard over free text: what tells who somebody is, and what looks like leaked text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.submissions.guarding import CODE, CONFIDENTIAL, LONGEST_WORDS, MASKS, QUOTE, TOO_LONG, guard


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Ask jane.doe@contoso.com about it", "email", "jane.doe@contoso.com"),
        ("write to jane (at) contoso.com", "email", "jane (at) contoso.com"),
        ("see https://example.org/doc?id=3 for it", "link", "https://example.org/doc?id=3"),
        ("it is on leetcode.com/problems/two-sum now", "link", "leetcode.com/problems/two-sum"),
        ("call +49 170 1234567 today", "phone", "+49 170 1234567"),
        ("call (425) 555-0100 today", "phone", "(425) 555-0100"),
        ("ping @jane_doe later", "handle", "@jane_doe"),
        ("My interviewer Jane Doe asked about caches", "name", "Jane Doe"),
        ("my interviewer was Priyanka and wanted a design", "name", "Priyanka"),
        ("I spoke with John about queues", "name", "John"),
        ("Dr. Chen asked for the complexity", "name", "Chen"),
        ("Mrs Okafor wanted more", "name", "Okafor"),
        ("then Sarah asked me to reverse a list", "name", "Sarah"),
        ("The hiring manager, Thomas, pushed on scale", "name", "Thomas"),
        ("interviewer Julia wanted an estimate", "name", "Julia"),
        ("the recruiter named Wei Zhang said so", "name", "Wei Zhang"),
    ],
)
def test_it_masks(text: str, kind: str, found: str) -> None:
    said = guard(text)
    assert [(finding.kind, finding.text) for finding in said.masked] == [(kind, found)]
    assert found not in said.text
    assert MASKS[kind] in said.text


@pytest.mark.parametrize(
    "text",
    [
        "Apply Little's law to a thread pool",
        "Run Dijkstra's algorithm with a heap, then with Bellman-Ford",
        "Build a cache with Redis and a queue from Kafka",
        "Compare Cassandra with MongoDB, and Jenkins with GitHub Actions",
        "The interviewer asked how a Bloom filter by Google works",
        "Design Teams, Slack or Zoom for a million users in London",
        "What does Amdahl's law say to the manager of a Node.js service?",
        "A service called Payments talks to one named Ledger",
        "My interviewer: Given an array of 1,000,000 numbers, find the median",
        "Estimate 10 000 000 000 requests and 86 400 seconds, or 3.5e9 rows from 2024-10-01",
        "Use @Transactional here; 192.168.100.200 is the address of the box",
        "With Python or Swift, and by Monday",
        "the Google Maps team from Seattle asked about tiles",
        "Explain ACID to a Staff Engineer and to a Director of Engineering",
        "How does Raft by Ongaro differ from Paxos?",
        "Huffman coding with Patricia tries and Fenwick trees",
    ],
)
def test_it_leaves_alone(text: str) -> None:
    said = guard(text)
    assert said.masked == ()
    assert said.text == text


def test_several_findings_are_masked_each_in_its_place() -> None:
    said = guard("With John (john@x.org, +1 425 555 0100) and Maria.")
    assert said.text == "With [name] ([e-mail address], [phone number]) and [name]."


def test_a_long_text_is_asked_to_be_shorter() -> None:
    assert guard("word " * LONGEST_WORDS).refusals == ()
    assert guard("word " * (LONGEST_WORDS + 1)).refusals == (TOO_LONG,)


def test_code_and_long_quotations_and_what_is_marked_confidential_are_refused() -> None:
    assert guard("def f(x):\n    return g(x)\nfor (i = 0; i < 3; i++) {").refusals == (CODE,)
    assert guard("```\nx\n```").refusals == (CODE,)
    assert guard(f"They read “{'word ' * 30}” to me").refusals == (QUOTE,)
    assert guard("\n".join(["> one two three four five six seven eight nine ten"] * 3)).refusals == (QUOTE,)
    assert guard("The sheet said Company Confidential.").refusals == (CONFIDENTIAL,)


def test_a_line_or_two_with_a_call_in_it_is_no_listing() -> None:
    assert guard("Implement get(key) and put(key, value);\nboth in O(1).").refusals == ()


@given(st.text(max_size=400))
def test_any_text_gets_an_answer_and_what_is_masked_stays_masked(text: str) -> None:
    said = guard(text)
    assert said.masked or said.text == text
    again = guard(said.text)
    assert {finding.kind for finding in again.masked} <= {finding.kind for finding in said.masked} | {"name"}
