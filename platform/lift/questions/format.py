"""The YAML format of one question, and reading all of them with their places."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from lift.catalog.schema import Kinds, Part, Slug
from lift.catalog.yaml_source import ContentError, Source, explain, read

QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*-\d{2,3}$", max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=400)]
Weight = Literal["must", "should", "bonus"]
Provenance = Literal["editorial", "reported", "corroborated", "verified"]


class SignalPart(Part):
    """A point that an answer contains or does not."""

    text: Line
    weight: Weight
    level: Slug
    dimension: Slug


class Followup(Part):
    """What is asked next: when a signal was missed, or to go deeper at a level."""

    ask: Line
    when_missed: int | None = Field(default=None, ge=0)
    deepen: Slug | None = None

    @model_validator(mode="after")
    def _one_aim(self) -> Self:
        if (self.when_missed is None) == (self.deepen is None):
            raise ValueError("give either when_missed or deepen")
        return self


class QuestionPart(Part):
    """One question as it stands in its file."""

    id: QuestionId
    prompt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=1200)]
    context: Annotated[str, StringConstraints(max_length=4000)] | None = None
    kind: Kinds
    round: Slug
    minutes: int = Field(ge=2, le=60)
    levels: list[Slug] = Field(min_length=1)
    competencies: list[Slug] = Field(min_length=1)
    companies: list[Slug] = Field(default_factory=list)
    orgs: list[Slug] = Field(default_factory=list)
    signals: list[SignalPart] = Field(min_length=4, max_length=8)
    followups: list[Followup] = Field(min_length=2, max_length=4)
    pitfalls: list[Line] = Field(min_length=2, max_length=3)
    by_level: dict[Slug, Line] = Field(min_length=1)
    outline: list[Line] = Field(min_length=4, max_length=8)
    provenance: Provenance = "editorial"

    @property
    def spoken(self) -> str:
        """The prompt as one line."""
        return " ".join(self.prompt.split())

    @property
    def rubric_version(self) -> str:
        """SHA-256 of the signals."""
        signals = [signal.model_dump() for signal in self.signals]
        return hashlib.sha256(json.dumps(signals, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


P = TypeVar("P", covariant=True)


class Located(Protocol[P]):
    """A question that knows how to say where in its source something is wrong."""

    @property
    def question(self) -> QuestionPart: ...

    def problem(self, message: str, *within: str | int) -> P: ...


@dataclass(frozen=True)
class Placed:
    """A question with where it stands."""

    question: QuestionPart
    source: Source
    index: int

    def problem(self, message: str, *within: str | int) -> str:
        """``file:line: id: message``, at the part ``within`` the question."""
        return self.source.problem((self.index, *within), f"{self.question.id}: {message}")


ONE: TypeAdapter[QuestionPart] = TypeAdapter(QuestionPart)
"""Validates plain data as one question."""


def parse(source: Source) -> tuple[list[Placed], list[str]]:
    """(questions, problems) of one file; a faulty question does not hide the others."""
    if not isinstance(source.data, list):
        return [], [source.problem((), "a list of questions is expected")]
    placed, problems = [], []
    for index, data in enumerate(source.data):
        try:
            placed.append(Placed(ONE.validate_python(data), source, index))
        except ValidationError as error:
            name = data.get("id", "?") if isinstance(data, dict) else "?"
            for text in explain(source, error, (index,)):
                place, line, message = text.split(":", 2)
                problems.append(f"{place}:{line}: {name}:{message}")
    return placed, problems


def question_files(content: Path) -> Sequence[Path]:
    """The files with questions, sorted."""
    return sorted(content.glob("questions/**/*.yaml"))


def read_questions(content: Path) -> tuple[list[Placed], list[str]]:
    """(questions, problems) of all files."""
    placed: list[Placed] = []
    problems: list[str] = []
    for path in question_files(content):
        try:
            found, wrong = parse(read(path, content))
        except ContentError as error:
            problems.extend(error.problems)
            continue
        placed.extend(found)
        problems.extend(wrong)
    return placed, problems


def repeated_ids(placed: Sequence[Placed]) -> Iterator[str]:
    """A problem for each id that was given before."""
    first: dict[str, Placed] = {}
    for item in placed:
        if item.question.id in first:
            other = first[item.question.id].source.name
            yield item.problem(f"this id is already used in {other}", "id")
        first.setdefault(item.question.id, item)
