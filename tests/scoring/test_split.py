"""A model answer in prose becomes signals."""

from hypothesis import given
from hypothesis import strategies as st

from lift.scoring.split import MOST, split_reference


def test_each_sentence_is_a_signal() -> None:
    assert split_reference("The lock has an owner. A dead loader is timed out.") == (
        "The lock has an owner.",
        "A dead loader is timed out.",
    )


def test_list_items_are_signals_without_their_marks() -> None:
    assert split_reference("- unique index on the key\n- the loser polls the row\n3. the same key goes on") == (
        "unique index on the key",
        "the loser polls the row",
        "the same key goes on",
    )


def test_a_piece_that_says_nothing_alone_joins_its_neighbour() -> None:
    assert split_reference("Yes. The water was evaporated, leaving the salt.") == (
        "Yes. The water was evaporated, leaving the salt.",
    )


def test_a_short_reference_is_one_signal() -> None:
    assert split_reference("Terminals 1 and 2 are connected") == ("Terminals 1 and 2 are connected",)


def test_a_reference_without_words_has_no_signals() -> None:
    assert split_reference("...\n- ") == ()


@given(st.text(max_size=400))
def test_every_signal_stands_in_the_text_and_there_are_never_too_many(text: str) -> None:
    signals = split_reference(text)
    assert len(signals) <= MOST
    assert all(signal in text for signal in signals)
