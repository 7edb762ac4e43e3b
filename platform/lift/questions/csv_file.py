"""Questions as CSV: for spreadsheets, so a cell can never be a formula, and what spreadsheets do to files is understood."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lift.questions.rows import (
    COLUMNS,
    RETIRED,
    SLUG_LISTS,
    STRUCTURES,
    Entry,
    FileRead,
    Problem,
    Record,
    faults_of_names,
)

DELIMITERS = ",;\t"
BOM = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""
YES = frozenset({"yes", "true", "1"})
NO = frozenset({"no", "false", "0", ""})
_RISKY = "=+\\-@\t\r\n＝＋－＠"
"""With one of these a spreadsheet takes a cell for a formula (OWASP, CSV injection)."""
_TO_GUARD = re.compile(f"'*[{_RISKY}]")
_GUARDED = re.compile(f"''*[{_RISKY}]")


def guard(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguard(text: str) -> str:
    """The text that :func:`guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def lines(records: Iterable[Record]) -> Iterator[str]:
    """The file, piece by piece: the heading, then a row a question."""
    yield BOM + _line(COLUMNS)
    for record in records:
        yield _line([guard(_cell(name, record[name])) for name in COLUMNS])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(name: str, value: Any) -> str:
    if name in STRUCTURES:
        return json.dumps(value, ensure_ascii=False)
    if name in SLUG_LISTS:
        return ", ".join(value)
    if name == RETIRED:
        return "yes" if value else "no"
    return "" if value is None else str(value)


def read(text: str) -> FileRead:
    """Every row that can be read. Commas, semicolons and tabs between cells are told apart by the heading."""
    found = FileRead()
    rows = csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=_delimiter(text), strict=True)
    heading: list[str] | None = None
    number = 0
    try:
        for number, cells in enumerate(rows, start=1):
            if not any(cells):
                continue
            if heading is None:
                heading = [cell.strip() for cell in _without_empty_end(cells)]
                found.problems.extend(_faults_of_heading(heading, number))
                if found.problems:
                    return found
                continue
            _read_row(heading, number, cells, found)
    except csv.Error as error:
        found.problems.append(Problem(number + 1, "", _explain(str(error))))
    if heading is None and not found.problems:
        found.problems.append(Problem(0, "", "is empty"))
    return found


def _delimiter(text: str) -> str:
    heading = text.partition("\n")[0]
    return max(DELIMITERS, key=heading.count)


def _without_empty_end(cells: Sequence[str]) -> list[str]:
    """A spreadsheet may write empty cells beyond the last column."""
    last = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return list(cells[:last])


def _faults_of_heading(heading: list[str], row: int) -> Iterator[Problem]:
    if not set(heading) & set(COLUMNS):
        yield Problem(row, "", f"names no column. The first row must be: {', '.join(COLUMNS)}")
        return
    yield from faults_of_names(heading, row)
    for name, times in Counter(heading).items():
        if name in COLUMNS and times > 1:
            yield Problem(row, name, "is there twice")


def _read_row(heading: list[str], number: int, cells: list[str], found: FileRead) -> None:
    if len(cells) > len(heading):
        cells = [*cells[: len(heading)], *_without_empty_end(cells[len(heading) :])]
    if len(cells) != len(heading):
        hint = "; is the file cut off here?" if len(cells) < len(heading) else "; is a quote missing?"
        found.problems.append(Problem(number, "", f"has {len(cells)} cells, the heading {len(heading)}{hint}"))
        return
    data: Record = {}
    for name, cell in zip(heading, cells, strict=True):
        try:
            data[name] = _value(name, unguard(cell))
        except (ValueError, RecursionError) as error:
            found.problems.append(Problem(number, name, str(error)))
            return
    found.entries.append(Entry(number, data))


def _value(name: str, cell: str) -> Any:
    if name in SLUG_LISTS:
        return [slug.strip() for slug in re.split("[,;]", cell)] if cell.strip() else []
    if name in STRUCTURES:
        return _structure(cell)
    if name == RETIRED:
        return _flag(cell)
    if name == "context" and not cell:
        return None
    return cell


def _flag(cell: str) -> bool:
    word = cell.strip().lower()
    if word not in YES | NO:
        raise ValueError(f"{cell[:40]!r} is neither yes nor no")
    return word in YES


def _structure(cell: str) -> Any:
    if not cell.strip():
        raise ValueError("is empty")
    try:
        return json.loads(cell)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError as error:
        reason = (
            f"{error.msg} at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else "unreadable"
        )
        raise ValueError(f"is not JSON: {reason}") from None


def _explain(error: str) -> str:
    """What Python's reader means, in the words of somebody who looks at a sheet."""
    if "end of data" in error:
        return "the file ends within a quoted cell; is it cut off?"
    if "expected after" in error:
        return "a quote stands in the middle of a cell; write it twice within quotes"
    if "field limit" in error:
        return f"a cell has more than {csv.field_size_limit():,} characters; is a quote missing?"
    return f"cannot be read as CSV ({error})"
