"""Obvious junk is refused with a reason; short real answers pass."""

import pytest

from lift.scoring import gate
from tests.scoring.rubrics import GOOD, IDEMPOTENCY

QUESTION = IDEMPOTENCY.question


def pieces(word: str) -> int:
    """Stands in for the vocabulary: a word without a vowel falls to pieces."""
    return 1 if set(word) & set("aeiou") else len(word)


def refused(answer: str) -> str | None:
    return gate.refusal(answer, QUESTION, pieces)


@pytest.mark.parametrize("answer", ["", "   \n\t", "...", "🙂🙂🙂", "\x00\x00"])
def test_an_empty_answer_is_refused(answer: str) -> None:
    assert refused(answer) == gate.EMPTY


@pytest.mark.parametrize(
    "answer",
    [
        "I don't know", "i dont know", "I don’t know, sorry.", "No idea.", "idk", "Honestly I have absolutely no clue",
        "I really do not remember this one", "Sorry, I'm not sure.", "pass", "Dunno. Next question please",
    ],
)  # fmt: skip
def test_i_do_not_know_is_refused_in_its_many_forms(answer: str) -> None:
    assert refused(answer) == gate.UNKNOWN


def test_modesty_before_a_real_answer_is_not_refused() -> None:
    assert refused("I'm not sure, but a unique index on the key lets one insert win, the loser polls.") is None


@pytest.mark.parametrize("frame", ["{}", "Well, the question is: {}", "So, {} That is what I would do, basically."])
def test_the_question_said_back_is_refused(frame: str) -> None:
    assert refused(frame.format(QUESTION)) == gate.COPIED


def test_an_answer_that_opens_with_the_question_is_not_refused() -> None:
    assert refused(f"{QUESTION} {GOOD}") is None


@pytest.mark.parametrize("answer", ["It is what it is.", "Yes.", "because", "I did"])
def test_words_without_any_content_are_refused(answer: str) -> None:
    assert refused(answer) == gate.SHORT


@pytest.mark.parametrize("answer", ["Use a unique index.", "evaporation", "the loser polls", "pass the key along"])
def test_a_few_words_with_content_are_an_answer(answer: str) -> None:
    assert refused(answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        "unique index on key, loser polls",
        "Insert row first; duplicate violation -> 409; winner charges.",
        "SELECT ... FOR UPDATE, then charge, then commit row",
        "p99 300 ms, 8 M conns, 270k hb/s, fan-out x12",
    ],
)
def test_short_telegraphic_answers_are_not_refused(answer: str) -> None:
    assert refused(answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        "cache " * 30,
        "Use a unique index on the key. " * 3,
        "lock lock lock lock lock retry",
        "scale it up fast now\n" * 40,
    ],
)
def test_one_word_or_one_sentence_again_and_again_is_refused(answer: str) -> None:
    assert refused(answer) == gate.REPEATED


def test_a_hammered_keyboard_is_refused() -> None:
    assert refused("sdfkj wqrtp zxcvb mnbvc qwrty plkjh dfghj") == gate.GIBBERISH


def test_a_full_answer_is_not_refused() -> None:
    assert refused(GOOD) is None
