"""What counts as saying a point."""

import pytest

from lift.scoring.alignment import Evidence, find
from lift.scoring.encoder import shared_encoder
from lift.scoring.keypoints import asked, key_point, read
from lift.scoring.text import digits, estimate

POINT = "With a heartbeat each 30 seconds that is roughly 270,000 heartbeats a second"


def evidence(point: str, answer: str, question: str = "") -> Evidence:
    encoder = shared_encoder()
    before = asked(question, encoder.encode(question))
    found = find(key_point(point, encoder.encode(point), before), read(answer, encoder.encode(answer)))
    assert found is not None
    return found


@pytest.mark.parametrize("said", ["270,000", "270k", "270 thousand", "270000"])
def test_a_number_is_the_same_however_it_is_written(said: str) -> None:
    assert digits(said, 0) == "27"


def test_a_wrong_number_earns_less_than_the_right_one() -> None:
    right = evidence(POINT, "One heartbeat per 30 seconds makes 270k heartbeats a second.")
    wrong = evidence(POINT, "One heartbeat per 45 seconds makes 410k heartbeats a second.")
    assert right.score > wrong.score + 0.1


def test_an_estimate_is_met_by_another_rounding_of_it() -> None:
    exact = evidence(POINT, "One heartbeat per 30 seconds makes 270k heartbeats a second.")
    rounded = evidence(POINT, "One heartbeat per 30 seconds makes 280k heartbeats a second.")
    assert rounded.score == pytest.approx(exact.score, abs=0.02)


def test_a_number_that_is_no_estimate_is_held_to_its_digits() -> None:
    point = "The listener moves from port 8443 to port 8543"
    right = evidence(point, "The listener goes to port 8543.")
    assert right.score > evidence(point, "The listener goes to port 8600.").score + 0.05


def test_an_estimate_of_another_size_is_another_number() -> None:
    point = "The same rate needs about 181 threads at the slower speed"
    right = evidence(point, "At the slower speed it needs 180 threads.")
    assert right.score > evidence(point, "At the slower speed it needs 19.2 threads.").score + 0.05


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("about 19 threads", 19),
        ("almost a 100 users", 100),
        ("~20 hosts", 20),
        ("roughly 1.5 million a day", 1.5e6),
        ("around 270,000 a second", 270_000),
        ("some 12k of them", 12_000),
        ("Talks about port 19", 0),
        ("exactly 19", 0),
    ],
)
def test_what_stands_before_a_number_makes_it_an_estimate(text: str, value: float) -> None:
    assert estimate(text, next(i for i, char in enumerate(text) if char.isdigit())) == value


def test_the_best_passage_is_found_and_its_quote_lies_inside() -> None:
    answer = "First some words about the team. Add a unique index on the key. Then we had lunch together."
    found = evidence("A unique constraint on the key lets one request win", answer)
    assert answer[slice(*found.quote)] == "Add a unique index on the key."
    assert found.window[0] <= found.quote[0] < found.quote[1] <= found.window[1]


def test_words_that_the_question_already_says_earn_nothing() -> None:
    point = "The cache key expires with random jitter"
    said = evidence(point, "The cache key expires, expires, the key", "Which cache key expires at once?")
    assert said.score < 0.4


def test_a_point_spread_over_neighbouring_sentences_is_put_together() -> None:
    point = "The lock has an owner and an expiry"
    both = evidence(point, "The lock stores its owner. It also carries an expiry.")
    assert both.score > evidence(point, "The lock stores its owner.").score


def test_a_negation_on_both_sides_is_no_contradiction() -> None:
    assert not evidence("The loser never charges the card", "The one that lost does not charge the card.").negated


def test_a_negation_on_one_side_is_a_contradiction() -> None:
    assert evidence("One request refreshes the stale value", "Do not let one request refresh the stale value.").negated


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("A two-phase commit over both stores", "We run 2PC over both stores."),
        ("Watch the 99th percentile", "We watch p99."),
        ("The service checks authorization", "The service checks authz."),
    ],
)
def test_an_acronym_says_what_it_stands_for(point: str, said: str) -> None:
    assert evidence(point, said).score > 0.75
