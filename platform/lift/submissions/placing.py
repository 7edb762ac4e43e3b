"""For which question a report counts: the one it was sent for, until a reviewer merges it into another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Place:
    """A question of the bank, or a reported question that may have become one, or both."""

    question_id: UUID | None = None
    reported_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.question_id is None and self.reported_id is None:
            raise ValueError("a place is a question or a reported question")

    def is_of(self, other: "Place") -> bool:
        """Whether the two are one question, by whichever way."""
        if self.question_id or other.question_id:
            return self.question_id == other.question_id
        return self.reported_id == other.reported_id


@dataclass(frozen=True)
class Move:
    """A merge: from then on the report counts for ``place``, unless it was undone."""

    place: Place
    undone: bool = False


def place_of(sent_for: Place, moves: Sequence[Move], adopted: Mapping[UUID, UUID]) -> Place:
    """Where a report counts: the newest merge that stands decides, and without one, what it was sent for.

    ``moves`` are in the order of time. ``adopted`` says which reported question has become which one of the bank.
    """
    standing = [move.place for move in moves if not move.undone]
    place = standing[-1] if standing else sent_for
    if place.reported_id is None:
        return place
    return Place(adopted.get(place.reported_id), place.reported_id)
