"""A question as one row of a file: the same columns for CSV and JSON Lines, out and in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from lift.questions.models import Question

RETIRED = "retired"
SLUG_LISTS = ("levels", "competencies", "companies", "orgs")
"""In CSV slugs with a comma between; in JSON Lines a list."""
STRUCTURES = ("signals", "followups", "pitfalls", "by_level", "outline")
"""In CSV the JSON that a line of JSON Lines has."""
ASKED = ("id", RETIRED, "prompt", "context", "kind", "round", "minutes", *SLUG_LISTS, *STRUCTURES)
"""What an import reads."""
TOLD = ("origin", "provenance", "reports", "last_reported")
"""What an export tells and no file decides: an import passes over it."""
COLUMNS = (*ASKED, *TOLD)
OPTIONAL = frozenset({RETIRED, "context", "companies", "orgs", *TOLD})
"""Columns that a file may leave out."""

SIGNAL = ("text", "weight", "level", "dimension")
FOLLOWUP = ("ask", "when_missed", "deepen")
MOST_UNKNOWN = 5
"""Unknown names of one row that are told one by one."""

Record = dict[str, Any]
"""A question by its columns, as plain JSON."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file, and where: ``row`` counts from 1, the heading of a CSV included; 0 is the file."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "the file"
        return f"{place}, {self.column}: {self.message}" if self.column else f"{place}: {self.message}"


@dataclass(frozen=True)
class Entry:
    """A row as it was read: not looked at yet."""

    row: int
    data: Record


@dataclass
class FileRead:
    """Everything that a file says, and what of it cannot be read."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def record_of(question: Question) -> Record:
    """The row of a stored question."""
    return {
        "id": question.slug,
        RETIRED: question.retired_at is not None,
        "prompt": question.prompt,
        "context": question.context,
        "kind": question.kind,
        "round": question.round_kind,
        "minutes": question.minutes,
        **{name: list(getattr(question, name)) for name in SLUG_LISTS},
        "signals": [_ordered(signal, SIGNAL) for signal in question.signals],
        "followups": [_ordered(followup, FOLLOWUP) for followup in question.followups],
        "pitfalls": list(question.pitfalls),
        "by_level": _ordered(question.by_level, question.levels),
        "outline": list(question.outline),
        "origin": question.origin,
        "provenance": question.provenance,
        "reports": question.reports,
        "last_reported": question.last_reported.isoformat() if question.last_reported else None,
    }


def _ordered(part: Mapping[str, Any], names: Sequence[str]) -> Record:
    """With its keys as a person writes them: PostgreSQL keeps them by length."""
    return {**{name: part[name] for name in names if name in part}, **part}


def shown(text: str) -> str:
    """A name from a file, fit to be printed."""
    return text[:60].encode("utf-8", "backslashreplace").decode()


def unstorable(value: Any) -> str | None:
    """Why a text within ``value`` cannot be stored: a byte that is no UTF-8, half a character, a control character."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            found = _RISKY.search(each)
            if found:
                return _why(ord(found.group()))
        elif isinstance(each, Mapping):
            waiting.extend([*each.keys(), *each.values()])
        elif isinstance(each, list):
            waiting.extend(each)
    return None


_RISKY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _why(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:
        # How Python marks what it could not read as UTF-8.
        return f"the byte 0x{code - 0xDC00:02X} is not UTF-8; save the file as UTF-8 (“CSV UTF-8” in a spreadsheet)"
    if code >= 0xD800:
        return f"U+{code:04X} is half of a character"
    return f"has the control character U+{code:04X}; delete it"


def faults_of_names(names: Sequence[str], row: int) -> Iterator[Problem]:
    """Names of columns that are unknown, and columns that are missing."""
    unknown = [name for name in names if name not in COLUMNS]
    for name in unknown[:MOST_UNKNOWN]:
        near = get_close_matches(name[:60], COLUMNS, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        yield Problem(row, shown(name), f"is no column of a question{hint}")
    if len(unknown) > MOST_UNKNOWN:
        yield Problem(row, "", f"{len(unknown) - MOST_UNKNOWN:,} more names are no columns of a question")
    for name in COLUMNS:
        if name not in names and name not in OPTIONAL:
            yield Problem(row, name, "is missing")
