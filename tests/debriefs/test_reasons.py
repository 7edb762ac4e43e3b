"""Why a point matters is said in the question's own words, or not at all."""

from typing import Any

from lift.debriefs.reasons import NOTHING_MORE, reason

RUBRIC = [
    {"text": "A unique constraint on the key decides who wins", "weight": "must", "level": "mid", "dimension": "d"},
    {"text": "Adds jitter so that keys do not expire together", "weight": "must", "level": "mid", "dimension": "d"},
    {"text": "Counts success by item and not by call", "weight": "bonus", "level": "senior", "dimension": "e"},
]


def asked(**parts: Any) -> dict[str, Any]:
    return {"followups": [], "pitfalls": [], "by_level": {}, **parts}


def test_the_follow_up_aimed_at_the_point_comes_first() -> None:
    found = asked(
        followups=[{"ask": "Deeper?", "deepen": "mid"}, {"ask": "And the loser?", "when_missed": 0}],
        pitfalls=["Leaves the unique constraint out"],
    )
    assert reason(0, RUBRIC, found, {}) == "It leaves them asking: “And the loser?”"


def test_else_the_mistake_that_speaks_of_the_same_thing() -> None:
    found = asked(pitfalls=["Retries for ever", "Lets all keys expire in the same second"])
    assert reason(1, RUBRIC, found, {}) == "A common mistake instead: “Lets all keys expire in the same second”"


def test_a_mistake_is_not_given_to_a_point_that_it_speaks_of_less() -> None:
    found = asked(pitfalls=["Forgets the unique constraint on the key, and the jitter"])
    assert "mistake" in reason(0, RUBRIC, found, {})
    assert reason(1, RUBRIC, found, {}) == NOTHING_MORE


def test_else_the_sentence_of_its_level_where_it_speaks_of_the_point() -> None:
    found = asked(by_level={"senior": "Proves success by item.", "mid": "Replays the interleaving."})
    assert reason(2, RUBRIC, found, {}) == "At its level a good answer does this: “Proves success by item.”"
    assert reason(0, RUBRIC, found, {}) == NOTHING_MORE


def test_words_of_the_question_itself_tie_nothing_to_a_point() -> None:
    found = asked(
        prompt="Each call counts an item: how do you count success?", by_level={"senior": "Proves success by item."}
    )
    assert reason(2, RUBRIC, found, {}) == NOTHING_MORE


def test_where_the_question_has_nothing_to_add_it_says_so() -> None:
    assert reason(0, RUBRIC, asked(), {}) == "The question says no more about this point."
    assert reason(0, RUBRIC, {}, {}) == "The question says no more about this point."


def test_a_point_of_which_the_question_says_nothing_is_told_by_its_dimension() -> None:
    anchors = {"d": "Derives keys and isolation from invariants"}
    assert reason(0, RUBRIC, asked(), anchors) == (
        "What an interviewer wants to see there: “Derives keys and isolation from invariants”"
    )
    assert reason(2, RUBRIC, asked(), anchors) == NOTHING_MORE
