"""What is measured of a whole answer."""

from lift.scoring.encoder import shared_encoder
from lift.scoring.keypoints import asked, key_point, read
from lift.scoring.measures import NAMES, measure, stray

QUESTION = "How did you separate the salt from the water?"
SIGNALS = ("The water was evaporated", "The salt was left behind in the pan")


def measured(
    answer: str, signals: tuple[str, ...] = SIGNALS, weights: tuple[float, ...] | None = None
) -> dict[str, float]:
    encoder = shared_encoder()
    question = asked(QUESTION, encoder.encode(QUESTION))
    points = [key_point(text, encoder.encode(text), question) for text in signals]
    found = measure(points, weights or (1.0,) * len(points), read(answer, encoder.encode(answer)), question)
    return dict(zip(NAMES, map(float, found), strict=True))


def strayed(answer: str) -> float:
    encoder = shared_encoder()
    question = asked(QUESTION, encoder.encode(QUESTION))
    points = [key_point(text, encoder.encode(text), question) for text in SIGNALS]
    return stray(points, read(answer, encoder.encode(answer)), question)


def test_a_full_answer_is_better_aligned_than_half_of_one_and_that_than_another_topic() -> None:
    full = measured("We evaporated the water, and the salt was left in the pan.")
    half = measured("We evaporated it.")
    other = measured("The dog barked at the cat.")
    assert full["whole"] > half["whole"] > other["whole"]
    assert full["centre"] > other["centre"]
    assert full["one_to_one"] > half["one_to_one"]


def test_words_that_belong_neither_to_question_nor_rubric_are_stray() -> None:
    assert strayed("We evaporated the water while my grandmother played football in Paris.") > 0.2
    assert strayed("The water evaporated and left the salt.") == 0
    assert strayed("It is what it is.") == 0


def test_one_clear_word_counts_for_more_the_higher_its_power() -> None:
    found = measured("We evaporated it.")
    assert found["whole"] > found["squared"] > found["cubed"] > 0


def test_what_stands_beside_the_question_is_compared_apart_from_it() -> None:
    said_back = measured("How did we separate the salt from the water?")
    answered = measured("We evaporated the water, and the salt was left in the pan.")
    assert answered["aside"] > said_back["aside"] + 0.2


def test_a_heavier_signal_counts_more() -> None:
    answer = "We evaporated the water."
    assert measured(answer, weights=(3, 1))["whole"] > measured(answer, weights=(1, 3))["whole"]


def test_an_answer_or_a_rubric_without_content_measures_nothing() -> None:
    assert set(measured("It is what it is.").values()) == {0.0}
    assert set(measured("The water evaporated.", signals=("It is", "so")).values()) == {0.0}
