"""How usual the order of words is."""

import pytest

from lift.scoring.coefficients import from_json, pack_order, shipped
from lift.scoring.order import KINDS, kinds, learn, likeness


def test_a_sentence_is_more_usual_than_its_words_shuffled() -> None:
    order = shipped().order
    plain = likeness("The water was evaporated, and the salt was left in the pan.", order)
    mixed = likeness("was the pan and evaporated salt in left water the was the", order)
    assert plain.typical > mixed.typical + 0.3
    assert plain.odd < mixed.odd


def test_marks_and_line_ends_are_edges_and_never_two_in_a_row() -> None:
    assert kinds("One. \n\n Two!") == [0, KINDS.index("one"), 0, KINDS.index("-"), 0]


def test_a_text_of_one_word_has_no_order() -> None:
    assert likeness("", learn(["a b"])).typical == 0


def test_the_table_survives_the_file() -> None:
    order = learn(["the cat sat on the mat", "a dog and a cat"])
    packed = pack_order(order)
    assert pack_order(order) == packed
    assert len(packed) < 100_000


def test_coefficients_of_other_measures_are_refused() -> None:
    with pytest.raises(ValueError, match="other measures"):
        from_json({"measures": ["other"], "cues": []})
