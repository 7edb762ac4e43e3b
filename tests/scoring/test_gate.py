"""Obvious junk is refused with a reason; short real answers pass."""

import math

import numpy as np
import pytest

from lift.scoring import cues, gate
from lift.scoring.coefficients import Coefficients
from lift.scoring.encoder import Array
from lift.scoring.order import learn
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


def cues_of(count: int) -> Array:
    """The cues of an answer of ``count`` words of which nothing else is known."""
    found = np.zeros(len(cues.NAMES), dtype=np.float32)
    found[gate.LENGTH_CUE] = math.log1p(count) / cues.LOG_LENGTH
    found[gate.LONG_CUE] = 1
    return found


def learnt(family: str, said: float) -> Coefficients:
    """A gate of one family that says the same log-odds of everything, with its limit at nought."""
    weights = np.zeros(gate.widened(cues_of(1)).shape[1] + 1)
    weights[0] = said
    return Coefficients("test", np.zeros(1), (0.0, 0.0), {family: weights}, learn([]))


def test_a_long_answer_has_more_room_than_a_short_one_up_to_a_length() -> None:
    assert gate.trick(cues_of(20), learnt("order", 1.0), 0.9) == "order"
    assert gate.trick(cues_of(60), learnt("order", 1.0), 0.9) is None
    assert gate.trick(cues_of(1500), learnt("order", 3.5), 0.9) == "order"


def test_what_earns_less_than_half_is_refused_only_where_it_is_plainer_a_trick() -> None:
    assert gate.trick(cues_of(20), learnt("order", 1.0), 0.4) is None
    assert gate.trick(cues_of(20), learnt("order", 4.0), 0.4) == "order"


def test_what_speaks_of_something_else_is_told_so_whatever_it_earns_and_however_long_it_is() -> None:
    assert gate.trick(cues_of(200), learnt("junk", 0.1), 0.1) == "junk"
