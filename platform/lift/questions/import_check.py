"""Rows of a file against the house format and the catalogue: what the YAML files are held to, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from lift.catalog.files import CatalogFiles
from lift.questions.format import ONE, QuestionPart
from lift.questions.references import unresolved
from lift.questions.rows import RETIRED, TOLD, Entry, Problem


@dataclass(frozen=True)
class Located:
    """A question with the row it stands in."""

    row: int
    question: QuestionPart
    retired: bool

    def problem(self, message: str, *within: str | int) -> Problem:
        """In the column that ``within`` begins with."""
        column = str(within[0]) if within else ""
        return Problem(self.row, column, message.removeprefix(f"{column}: "))


def check(entries: Sequence[Entry], files: CatalogFiles) -> tuple[list[Located], list[Problem]]:
    """(questions that can be taken for what they say, problems of the others)."""
    sound: list[Located] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for entry in entries:
        item = _parse(entry)
        if not isinstance(item, Located):
            problems.extend(item)
            continue
        faults = [*_repeated(item, first), *unresolved(item, files)]
        problems.extend(faults)
        if not faults:
            sound.append(item)
    return sound, problems


def _repeated(item: Located, first: dict[str, int]) -> Iterator[Problem]:
    before = first.setdefault(item.question.id, item.row)
    if before != item.row:
        yield Problem(item.row, "id", f"{item.question.id} is in row {before} already")


def _parse(entry: Entry) -> Located | list[Problem]:
    asked = {name: value for name, value in entry.data.items() if name not in (*TOLD, RETIRED)}
    retired = entry.data.get(RETIRED)
    problems = []
    if not isinstance(retired, bool | None):
        problems.append(Problem(entry.row, RETIRED, "is neither true nor false"))
    # A list that need not be given may be null.
    data = {name: value for name, value in asked.items() if value is not None}
    try:
        part = ONE.validate_python(data)
    except ValidationError as error:
        problems.extend(_explain(entry.row, error))
    else:
        if not problems:
            return Located(entry.row, part, bool(retired))
    return problems


def _explain(row: int, error: ValidationError) -> Iterator[Problem]:
    """The column, the place within it (the first signal is number 0, as follow-ups count them), and what is wrong."""
    for fault in error.errors(include_url=False, include_input=False):
        column, *within = (str(step) for step in fault["loc"])
        place = f"{'.'.join(within)}: " if within else ""
        message = fault["msg"].removeprefix("Value error, ")
        yield Problem(row, column, f"{place}{message[0].lower()}{message[1:]}")
