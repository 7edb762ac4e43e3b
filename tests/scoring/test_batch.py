"""The batch interface: a line in, a line out, whatever the line holds."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lift.scoring.batch import INVALID_CAP, score_lines
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.types import Assessment, Rubric, SignalResult

SCORER = EmbeddedScorer()
GOOD: dict[str, Any] = {
    "id": "a",
    "question": "How did you separate the salt from the water?",
    "reference": "The water was evaporated, leaving the salt.",
    "answer": "We let the water evaporate and the salt was left.",
}


class StatusScorer:
    """Covers the first signal and misses the others."""

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        results = tuple(
            SignalResult(
                i, "missed" if i else "covered", None if i else answer[:1], None if i else 0, None if i else 1, 1.0
            )
            for i in range(len(rubric.signals))
        )
        return Assessment(bool(answer), None if answer else "Empty.", results, (), None, None, None, "status", "1")


def scored(*lines: Any, scorer: Any = SCORER) -> list[dict[str, Any]]:
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(line) for line in score_lines(raw, scorer)]


def test_a_line_comes_back_with_score_statuses_and_quotes_that_stand_in_the_answer() -> None:
    (found,) = scored(GOOD)
    assert list(found) == ["id", "score", "valid", "reason", "signals", "scorer", "version"]
    assert (found["id"], found["valid"], found["reason"], found["scorer"]) == ("a", True, None, "embedded")
    assert 0.5 < found["score"] <= 1
    (signal,) = found["signals"]
    assert signal["text"] == GOOD["reference"]
    assert signal["status"] == "covered"
    assert GOOD["answer"][signal["start"] : signal["end"]] == signal["quote"]


def test_a_better_answer_scores_higher() -> None:
    good, bad = scored(GOOD, {**GOOD, "answer": "We poured the mixture through a paper filter."})
    assert good["score"] > bad["score"] + 0.2


def test_signals_may_be_given_with_weights_in_words_or_numbers() -> None:
    signals = [{"text": "water evaporates", "weight": "must"}, {"text": "salt stays"}, {"text": "sun", "weight": 0.5}]
    (found,) = scored({**GOOD, "reference": None, "signals": signals})
    assert [signal["text"] for signal in found["signals"]] == ["water evaporates", "salt stays", "sun"]


def test_a_scorer_of_statuses_alone_is_scored_by_weight() -> None:
    signals = [{"text": "one thing", "weight": 3}, {"text": "another thing", "weight": 1}]
    (found,) = scored({**GOOD, "signals": signals}, scorer=StatusScorer())
    assert found["score"] == 0.75


def test_a_refused_answer_is_capped_and_says_why() -> None:
    (found,) = scored({**GOOD, "answer": ""})
    assert found["valid"] is False
    assert found["reason"]
    assert found["score"] <= INVALID_CAP


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"{", "JSON"), (b"\xff\xfe{}", "UTF-8"), (b"[1]", "object"), (b"NaN", "JSON"), (b"[" * 100_000, "JSON"),
        ({"question": "q", "reference": "r", "answer": "a"}, "id"), ({**GOOD, "id": None}, "id"),
        ({**GOOD, "answer": 3}, "answer"), ({**GOOD, "reference": "..."}, "reference"),
        ({"id": 1, "question": "q", "answer": "a"}, "reference"), ({**GOOD, "signals": []}, "signals"),
        ({**GOOD, "signals": [{"text": " "}]}, "signal"), ({**GOOD, "signals": [{"text": "x", "weight": -1}]}, "weight"),
        ({**GOOD, "signals": [{"text": "x", "weight": True}]}, "weight"),
    ],
)  # fmt: skip
def test_a_bad_line_gets_an_error_and_stops_nothing(line: Any, word: str) -> None:
    bad, good = scored(line, GOOD)
    assert word in bad["error"]
    assert "error" not in good


def test_blank_lines_are_passed_over() -> None:
    assert len(scored(b"\n", GOOD, b"  \r\n")) == 1


def test_the_same_lines_give_the_same_bytes() -> None:
    line = json.dumps(GOOD).encode()
    assert list(score_lines([line], SCORER)) == list(score_lines([line], EmbeddedScorer()))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=120))
def test_any_texts_give_a_legal_line(question: str, reference: str, answer: str) -> None:
    (found,) = scored({"id": 1, "question": question, "reference": reference, "answer": answer})
    if "error" not in found:
        assert 0 <= found["score"] <= 1
        for signal in found["signals"]:
            if signal["quote"] is not None:
                assert answer[signal["start"] : signal["end"]] == signal["quote"]


def test_a_lone_surrogate_in_json_is_read_and_written() -> None:
    (found,) = scored(
        b'{"id": 1, "question": "q\\ud800", "reference": "salt stays \\udfff", "answer": "salt \\ud83d stays"}'
    )
    assert "score" in found
