"""For which question a report counts."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.submissions.placing import Move, Place, place_of

IDS = st.integers(1, 5).map(lambda number: UUID(int=number))
PLACES = st.one_of(IDS.map(Place), IDS.map(lambda number: Place(reported_id=number)))
MOVES = st.lists(st.builds(Move, PLACES, st.booleans()), max_size=6)
ADOPTED = st.dictionaries(IDS, IDS, max_size=4)


def test_a_report_counts_for_what_it_was_sent_for_until_it_is_merged() -> None:
    here, there = Place(UUID(int=1)), Place(UUID(int=2))
    assert place_of(here, [], {}) == here
    assert place_of(here, [Move(there)], {}) == there
    assert place_of(here, [Move(there, undone=True)], {}) == here


def test_a_reported_question_that_came_into_the_bank_takes_its_reports_along() -> None:
    reported, question = UUID(int=1), UUID(int=2)
    assert place_of(Place(reported_id=reported), [], {reported: question}) == Place(question, reported)


def test_a_place_is_somewhere() -> None:
    with pytest.raises(ValueError, match="a place is"):
        Place()


@given(PLACES, MOVES, PLACES, ADOPTED)
def test_merging_and_parting_again_gives_back_what_was(
    sent_for: Place, moves: list[Move], into: Place, adopted: dict[UUID, UUID]
) -> None:
    before = place_of(sent_for, moves, adopted)
    assert place_of(sent_for, [*moves, Move(into)], adopted) == place_of(into, [], adopted)
    assert place_of(sent_for, [*moves, Move(into, undone=True)], adopted) == before


@given(PLACES, MOVES, ADOPTED)
def test_with_every_merge_undone_it_is_back_where_it_was_sent(
    sent_for: Place, moves: list[Move], adopted: dict[UUID, UUID]
) -> None:
    undone = [Move(move.place, undone=True) for move in moves]
    assert place_of(sent_for, undone, adopted) == place_of(sent_for, [], adopted)
