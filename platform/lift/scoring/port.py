"""The scorer port."""

from typing import Protocol

from lift.scoring.types import Assessment, Rubric


class Scorer(Protocol):
    """Reads an answer against a rubric; pure and repeatable."""

    def assess(self, rubric: Rubric, answer: str) -> Assessment: ...
