"""The second reading of each question, kept as data: ``content/readings/<topic>.yaml``."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from lift.catalog.schema import Part, Text
from lift.catalog.yaml_source import ContentError, read, validate
from lift.questions.format import Placed, QuestionId


class Reading(Part):
    """When a question was read again, what was decided, and what changed (or why it was dropped)."""

    id: QuestionId
    date: dt.date
    verdict: Literal["kept", "changed", "dropped"]
    change: Text | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.verdict != "kept" and self.change is None:
            raise ValueError("a changed question says what changed, and a dropped one why")
        return self


def all_readings(content: Path) -> Iterator[Reading]:
    """Every second reading; ContentError at a faulty file."""
    for path in sorted(content.glob("readings/*.yaml")):
        source = read(path, content)
        yield from validate(source, list[Reading]) if source.data else []


def check_readings(content: Path, placed: Sequence[Placed], *, required: bool, whole: bool = True) -> list[str]:
    """Faults of the readings; with ``required`` also every question that was not read a second time.

    Not ``whole``: some questions could not be read, so that a reading may be of one of those.
    """
    problems: list[str] = []
    standing = {item.question.id: item.source.path.parent.name for item in placed}
    seen: set[str] = set()
    for path in sorted(content.glob("readings/*.yaml")):
        try:
            source = read(path, content)
            readings = validate(source, list[Reading]) if source.data else []
        except ContentError as error:
            problems.extend(error.problems)
            continue
        for index, reading in enumerate(readings):
            seen.add(reading.id)
            if reading.verdict == "dropped" and reading.id in standing:
                problems.append(source.problem((index,), f"{reading.id}: dropped, but it still stands in the bank"))
            if whole and reading.verdict != "dropped" and reading.id not in standing:
                problems.append(source.problem((index,), f"{reading.id}: there is no such question"))
            topic = standing.get(reading.id, path.stem)
            if topic != path.stem:
                problems.append(source.problem((index,), f"{reading.id}: belongs into readings/{topic}.yaml"))
    if required:
        problems.extend(
            item.problem("was not read a second time", "id") for item in placed if item.question.id not in seen
        )
    return problems
