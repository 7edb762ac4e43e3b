"""Questions that a public page shows in full, as a roll-up keeps them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from lift.questions.queries import QuestionLine

SAMPLES = 3
"""Questions that a public page shows."""


@dataclass(frozen=True)
class Sample(QuestionLine):
    """A question as an interviewer would put it, with what each level adds.

    Neither signals nor the outline: they are the answer, and three samples a page of each competency are the whole bank.
    """

    context: str | None
    competencies: list[str]
    by_level: dict[str, str]
    followups: list[dict[str, Any]]

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Sample":
        """From a roll-up, where a date is a text."""
        values = dict(zip((field.name for field in fields(cls)), row, strict=True))
        if values["last_reported"] is not None:
            values["last_reported"] = date.fromisoformat(values["last_reported"])
        return cls(**values)

    @property
    def key(self) -> str:
        """Equal for samples that look alike."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def samples_of(rows: Sequence[Sequence[Any]]) -> list[Sample]:
    """The samples of a roll-up; one that another version of the product has written comes with the next count."""
    return [Sample.of(row) for row in rows if len(row) == len(fields(Sample))]


ROW = f"json_build_array({', '.join(f'q.{field.name}' for field in fields(Sample))})::text"
"""SQL: a sample of the question ``q`` as JSON, in the order of the fields."""
