"""What a debrief says of an assessment."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lift.debriefs.view import band_words, draw, segments

ANSWER = "I would insert the key under a unique constraint. The loser waits, maybe. I would keep keys for a day."
RUBRIC = [
    {"text": "A unique constraint on the key decides who wins", "weight": "must", "level": "mid", "dimension": "d"},
    {"text": "The loser replays the stored result", "weight": "must", "level": "mid", "dimension": "d"},
    {"text": "The key is bound to the body", "weight": "bonus", "level": "senior", "dimension": "e"},
]


def found(index: int, status: str, quote: str | None = None, confidence: float = 0.9) -> dict[str, Any]:
    start = ANSWER.index(quote) if quote else None
    end = start + len(quote) if quote and start is not None else None
    return {
        "signal_index": index,
        "status": status,
        "quote": quote,
        "start": start,
        "end": end,
        "confidence": confidence,
    }


ASKED: dict[str, Any] = {
    "prompt": "Two requests with one key arrive at once. What happens?",
    "followups": [{"ask": "Deeper?", "deepen": "senior"}, {"ask": "And the loser?", "when_missed": 1}],
    "pitfalls": ["Lets a key be used for another body", "Retries without a limit"],
    "by_level": {"mid": "Names the constraint.", "senior": "S"},
    "outline": ["Insert the key", "Replay the result"],
    "companies": [],
}


@dataclass
class Facts:
    valid: bool = True
    reason: str | None = None
    band: int | None = 2
    highest_level: str | None = None
    followup_signal: int | None = 1
    rubric: list[Any] = field(default_factory=lambda: RUBRIC)
    asked: dict[str, Any] = field(default_factory=lambda: ASKED)
    signals: list[Any] = field(
        default_factory=lambda: [
            found(0, "covered", "insert the key under a unique constraint"),
            found(1, "partly", "The loser waits"),
            found(2, "missed"),
        ]
    )
    dimensions: list[Any] = field(
        default_factory=lambda: [
            {"dimension": "d", "low": 2, "high": 3},
            {"dimension": "e", "low": None, "high": None},
        ]
    )


def drawn(facts: Facts, before: Facts | None = None) -> Any:
    return draw(ANSWER, facts, dimension_names={"d": "Data"}, before=before)


def test_each_heard_signal_carries_the_persons_own_words() -> None:
    heard = drawn(Facts()).signals[0]
    assert "insert the key under a unique constraint" in heard.heard
    assert heard.quote in ANSWER


def test_the_fix_comes_from_the_heaviest_open_signal() -> None:
    assert drawn(Facts()).fix_first.number == 1


def test_the_followup_is_aimed_at_the_chosen_miss() -> None:
    assert drawn(Facts()).followup == "And the loser?"


def test_when_all_was_heard_the_followup_deepens_and_there_is_nothing_to_fix() -> None:
    everything = Facts(signals=[found(i, "covered", "a unique constraint") for i in range(3)], followup_signal=None)
    assert drawn(everything).followup == "Deeper?"
    assert drawn(everything).fix_first is None


def test_the_next_level_is_the_first_above_the_cleared_one() -> None:
    assert drawn(Facts(highest_level="mid")).next_level == ("senior", "S")
    assert drawn(Facts()).next_level == ("mid", "Names the constraint.")
    assert drawn(Facts(highest_level="senior")).next_level is None


def test_a_second_try_shows_what_changed_for_better_and_worse() -> None:
    first = Facts(signals=[found(0, "covered", "a unique constraint"), found(1, "missed"), found(2, "missed")])
    second = Facts(signals=[found(0, "missed"), found(1, "covered", "The loser waits"), found(2, "missed")])
    lines = drawn(second, before=first)
    assert (lines.gained, lines.lost) == (1, 1)


def test_tries_under_different_rubrics_are_not_compared() -> None:
    first = Facts(signals=[found(0, "missed"), found(1, "missed"), found(2, "missed")], rubric=RUBRIC[:2])
    assert drawn(Facts(), before=first).gained == 0


def test_bands_are_words_and_ranges_and_say_when_evidence_is_missing() -> None:
    assert band_words(3, 3) == "3 · at the bar"
    assert band_words(2, 3) == "2–3 · mixed or at the bar"
    assert band_words(1, 3) == "1–3 · not settled yet"
    assert band_words(None, None) == "not enough evidence"


def test_a_quote_that_is_not_at_its_offsets_colours_nothing() -> None:
    forged = {**found(0, "covered", "The loser waits"), "start": 0, "end": 15}
    assert [run.status for run in segments(ANSWER, [forged])] == [None]


@given(
    st.lists(
        st.tuples(st.integers(0, len(ANSWER)), st.integers(1, 30), st.sampled_from(["covered", "partly"])), max_size=6
    )
)
def test_segments_always_join_to_the_whole_answer(spans: list[tuple[int, int, str]]) -> None:
    signals = [
        {
            "signal_index": i,
            "status": status,
            "start": start,
            "end": min(start + length, len(ANSWER)),
            "quote": ANSWER[start : start + length],
            "confidence": 1.0,
        }
        for i, (start, length, status) in enumerate(spans)
    ]
    assert "".join(run.text for run in segments(ANSWER, signals)) == ANSWER


def test_only_what_was_not_fully_heard_says_why_it_matters() -> None:
    lines = {line.number: line for line in drawn(Facts()).signals}
    assert lines[0].why is None
    assert lines[1].why == "It leaves them asking: “And the loser?”"
    assert lines[1].heard == "Partly: “The loser waits” touches it. Not in those words: “replays”, “stored”, “result”."
    assert lines[2].why is not None


def test_the_debrief_needs_nothing_but_the_row() -> None:
    shown = drawn(Facts())
    assert (shown.outline, shown.pitfalls) == (ASKED["outline"], ASKED["pitfalls"])
    bare = drawn(Facts(asked={}))
    assert (bare.followup, bare.next_level, bare.outline) == (None, None, ())


def test_an_answer_that_was_not_scored_has_lost_nothing() -> None:
    refused = Facts(valid=False, reason="It is empty.", signals=[found(i, "missed") for i in range(3)])
    assert drawn(refused, before=Facts()).lost == 0
