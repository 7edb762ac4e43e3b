"""Questions as JSON Lines: one object a line."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from lift.questions.rows import COLUMNS, Entry, FileRead, Problem, Record, faults_of_names, shown


def lines(records: Iterable[Record]) -> Iterator[str]:
    """The file, line by line."""
    for record in records:
        yield json.dumps({name: record[name] for name in COLUMNS}, ensure_ascii=False) + "\n"


def read(text: str) -> FileRead:
    """Every line that can be read; empty lines are passed over."""
    found = FileRead()
    # By line feeds alone: JSON may hold other characters that Python takes for the end of a line.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            _read_line(number, line, found)
    if not found.entries and not found.problems:
        found.problems.append(Problem(0, "", "is empty"))
    return found


def _read_line(number: int, line: str, found: FileRead) -> None:
    try:
        data = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        found.problems.append(Problem(number, "", "is nested too deeply"))
        return
    except json.JSONDecodeError as error:
        found.problems.append(Problem(number, "", f"is not JSON: {error.msg} at character {error.pos + 1}"))
        return
    except ValueError as error:
        found.problems.append(Problem(number, "", str(error)))
        return
    if not isinstance(data, dict):
        found.problems.append(Problem(number, "", "is no object: write {…} with the columns as keys"))
        return
    faults = list(faults_of_names(list(data), number))
    found.problems.extend(faults)
    if not faults:
        found.entries.append(Entry(number, data))


def _once(pairs: list[tuple[str, Any]]) -> Record:
    data = dict(pairs)
    if len(data) < len(pairs):
        repeated, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {shown(repeated)} is given twice")
    return data


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")
