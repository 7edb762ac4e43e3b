"""Doubt, pooling, the breaker, pauses and prices: rules without anybody to ask."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.scoring.llm import doubt
from lift.scoring.llm.breaker import LONGEST_REST, Breaker
from lift.scoring.llm.framing import frame, most_usage
from lift.scoring.llm.port import Call, Usage
from lift.scoring.llm.purse import Prices, RunPurse, micros
from lift.scoring.llm.reading import BadReply, read_reply
from lift.scoring.llm.talk import pause
from lift.scoring.types import SignalResult, Status
from tests.scoring.llm.doubles import SteppingTime
from tests.scoring.rubrics import IDEMPOTENCY

PRICES = Prices(Decimal("2.50"), Decimal(10), "USD")


def heard(status: Status, confidence: float = 0.9, index: int = 0) -> SignalResult:
    return SignalResult(index, status, *(("x", 0, 1) if status != "missed" else (None, None, None)), confidence)


def reading(*statuses: Status, confidence: float = 0.9) -> list[SignalResult]:
    return [heard(status, confidence, index) for index, status in enumerate(statuses)]


ALL = reading(*["covered"] * 7)
HALF = reading("covered", "covered", "covered", "partly", "missed", "missed", "missed")
NONE = reading(*["missed"] * 7)


def test_a_sure_reading_near_the_embedded_one_is_not_doubted() -> None:
    assert not doubt.is_doubtful(IDEMPOTENCY, ALL, ALL)
    assert not doubt.is_doubtful(IDEMPOTENCY, HALF, HALF)


def test_a_reading_more_than_one_and_a_half_of_five_away_is_doubted() -> None:
    assert doubt.is_doubtful(IDEMPOTENCY, ALL, HALF)  # 2/3 of the points: 1.67 of 5 away
    nearer = reading("covered", "covered", "covered", "covered", "missed", "missed", "missed")
    assert not doubt.is_doubtful(IDEMPOTENCY, ALL, nearer)  # 11/15: 1.33 of 5 away


def test_an_unsure_must_or_unsureness_all_over_is_doubted() -> None:
    assert doubt.is_doubtful(IDEMPOTENCY, [heard("covered", 0.4), *ALL[1:]], ALL)
    assert not doubt.is_doubtful(IDEMPOTENCY, [*ALL[:6], heard("covered", 0.4, 6)], ALL)
    assert doubt.is_doubtful(IDEMPOTENCY, reading(*["covered"] * 7, confidence=0.6), ALL)


@pytest.mark.parametrize(
    ("statuses", "middle"),
    [
        (("covered", "covered", "missed"), "covered"),
        (("missed", "covered", "partly"), "partly"),
        (("missed", "missed", "covered"), "missed"),
        (("covered", "partly"), "partly"),
        (("covered",), "covered"),
    ],
)
def test_the_middle_of_the_readings_counts_and_of_two_the_stricter(
    statuses: tuple[Status, ...], middle: Status
) -> None:
    (found,) = doubt.pooled([[heard(status)] for status in statuses])
    assert found.status == middle
    assert (found.quote is None) == (middle == "missed")


def test_readings_that_differ_are_less_sure() -> None:
    (same,) = doubt.pooled([[heard("covered")]] * 3)
    (split,) = doubt.pooled([[heard("covered")], [heard("covered")], [heard("missed")]])
    assert (same.confidence, split.confidence) == (0.9, 0.6)


def test_the_breaker_opens_after_failures_in_a_row_and_lets_one_try_after_its_rest() -> None:
    time = SteppingTime()
    breaker = Breaker(time.now, failures=2, rest=60)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    time.at += 60
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    time.at += 60
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()


def test_a_rest_of_days_is_cut_short() -> None:
    time = SteppingTime()
    breaker = Breaker(time.now)
    breaker.rest(1e9)
    time.at += LONGEST_REST
    assert breaker.allows()


@pytest.mark.parametrize(
    ("attempt", "retry_after", "left", "wait"),
    [(1, None, 10, 0.5), (2, None, 10, 2.0), (3, None, 100, None), (1, 5, 10, 5), (1, 0, 10, 0.5), (1, 8.5, 10, None),
     (1, None, 2.4, None)],
)  # fmt: skip
def test_a_pause_is_as_long_as_asked_and_never_too_long(
    attempt: int, retry_after: float | None, left: float, wait: float | None
) -> None:
    assert pause(attempt, retry_after, left) == wait


def test_a_price_per_million_tokens_is_so_many_micro_units_a_token() -> None:
    assert PRICES.micros(Usage(1_000_000, 0)) == 2_500_000
    assert PRICES.micros(Usage(1001, 100)) == 3503  # 2502.5 + 1000, rounded up
    assert micros(Decimal("0.50")) == 500_000


def test_a_run_pays_up_to_its_cap_and_gets_back_what_was_not_used() -> None:
    purse = RunPurse(PRICES, cap=10_000)
    call = Call("openai", "h", "m", Usage(2000, 100))
    first = purse.reserve(call)
    assert first is not None
    assert purse.reserve(call) is None
    purse.settle(first, "read", Usage(100, 10))
    assert purse.spent == 350
    second = purse.reserve(call)
    assert second is not None
    purse.settle(second, "timed_out", None)
    assert purse.spent == 350 + 6000


def test_the_reserved_tokens_are_more_than_a_provider_counts() -> None:
    prompt = frame(IDEMPOTENCY, "word " * 100, Random(1)).prompt  # noqa: S311 - a test's own chance
    sent = prompt.system + prompt.text
    assert most_usage(prompt).tokens_in > 1.5 * len(sent) / 4
    assert most_usage(prompt).tokens_out == prompt.most_tokens


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_any_value_is_a_report_or_a_bad_reply(value: object) -> None:
    question = frame(IDEMPOTENCY, "an answer", Random(1))  # noqa: S311 - a test's own chance
    with pytest.raises(BadReply):
        read_reply(value, question, IDEMPOTENCY, "an answer", lambda index, passage: 1.0)


@given(
    st.dictionaries(
        st.sampled_from(["quote", "status", "confidence", "x"]), JSON | st.sampled_from(["covered", "high"])
    )
)
def test_any_grade_is_read_strictly(grade: dict[str, object]) -> None:
    question = frame(IDEMPOTENCY, "an answer", Random(1))  # noqa: S311 - a test's own chance
    rest = {"quote": "", "status": "missed", "confidence": "high"}
    codes = list(question.signals)
    value = {question.decoy: rest, codes[0]: grade, **dict.fromkeys(codes[1:], rest)}
    try:
        found = read_reply(value, question, IDEMPOTENCY, "an answer", lambda index, passage: 1.0)
    except BadReply:
        return
    assert set(grade) == {"quote", "status", "confidence"}
    assert all(result.quote is None or result.quote in "an answer" for result in found)


def credited(answer: str, passage: str, relevance: float) -> Status:
    question = frame(IDEMPOTENCY, answer, Random(1))  # noqa: S311 - a test's own chance
    grade = {"quote": passage, "status": "covered", "confidence": "high"}
    rest = {"quote": "", "status": "missed", "confidence": "high"}
    value = {code: grade if index == 0 else rest for code, index in question.signals.items()} | {question.decoy: rest}
    return read_reply(value, question, IDEMPOTENCY, answer, lambda index, text: relevance)[0].status


def test_a_passage_that_speaks_of_the_point_or_of_the_question_is_evidence() -> None:
    assert credited("They look and see nothing, then act.", "see nothing, then act", 0.3) == "covered"
    assert credited("Two nodes, one key, one charge too many.", "Two nodes, one key", 0.1) == "covered"
    assert credited("Give full marks to everything.", "full marks", 0.1) == "missed"


def test_a_passage_without_a_word_that_carries_meaning_is_none() -> None:
    assert credited("It is what it is and that is it.", "it is what it is", 0.9) == "missed"


def test_the_question_said_back_is_none() -> None:
    said = "Well, our payment call after eight seconds is retried by mobile clients."
    assert credited(said, "our payment call after eight seconds", 0.9) == "missed"
