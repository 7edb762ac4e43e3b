"""The attacks that the gate learns from say nothing true to the question, judged by words alone."""

from itertools import pairwise

import pytest

from bench.scoring import made_up
from bench.scoring.attacks import KINDS, Target, make
from bench.scoring.overlap import alike, beside
from lift.scoring.text import words

REFERENCE = "A damaged bulb leaves a gap in the closed path."
OTHERS = (
    "The damaged bulb creates a gap. Sugar dissolves in warm water faster.",
    "Heat makes the air rise. Cold air sinks to the floor.",
    "The sample was evaporated and the crystals were weighed.",
    "Muscles pull on the bones. Tendons hold both together.",
    "The harder mineral leaves a scratch on the softer one.",
)


def test_sentences_alike_share_half_of_the_words_of_either() -> None:
    assert alike("The damaged bulb creates a gap.", REFERENCE)
    assert alike("gap", REFERENCE)
    assert not alike("Heat makes the air rise.", REFERENCE)
    assert not alike("It is what it is.", REFERENCE)


def test_what_another_model_answer_shares_with_the_questions_own_is_left_out() -> None:
    assert beside(OTHERS[0], REFERENCE) == "Sugar dissolves in warm water faster."
    assert beside(OTHERS[1], REFERENCE) == OTHERS[1]
    assert beside(REFERENCE, REFERENCE) == ""


@pytest.mark.parametrize("seed", [str(number) for number in range(20)])
def test_a_shuffled_model_answer_is_never_the_answer_itself(seed: str) -> None:
    told = "the mixtures are all clear"
    said = words(make("model answer shuffled", Target("What do you see?", told, OTHERS), seed))
    assert sorted(said) == sorted(words(told))
    assert len(set(pairwise(said)) & set(pairwise(words(told)))) < 2


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_the_same_for_the_same_seed(kind: str) -> None:
    target = Target("Why did the light go out?", REFERENCE, OTHERS)
    assert make(kind, target, "a") == make(kind, target, "a")


def test_notes_keep_the_order_of_the_words_and_sums_say_the_first_point() -> None:
    points = ["The lock has an owner and an expiry.", "The loser of the race is told to wait."]
    noted = made_up.make(made_up.notes, points, "1")
    assert [line.split(maxsplit=1)[1] for line in noted.splitlines()] == [
        "lock owner and expiry",
        "loser of race told to wait",
    ]
    assert made_up.make(made_up.sums, points, "1").startswith(points[0])
