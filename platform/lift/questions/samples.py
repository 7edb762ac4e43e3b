"""Questions that a public page shows in full, as a roll-up keeps them."""

import hashlib
from dataclasses import dataclass, fields
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

    @property
    def key(self) -> str:
        """Equal for samples that look alike."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


ROW = f"json_build_array({', '.join(f'q.{field.name}' for field in fields(Sample))})::text"
"""SQL: a sample of the question ``q`` as JSON, in the order of the fields."""
