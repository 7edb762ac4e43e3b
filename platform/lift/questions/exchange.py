"""Files of questions: which format a file has, and turning its bytes into rows."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from lift.questions import csv_file, jsonl_file
from lift.questions.rows import FileRead, Problem, Record, unstorable

MOST_BYTES = 16 * 1024 * 1024
"""Of one file; 3,700 questions are some 14 MB."""


class Format(StrEnum):
    """Both hold the same rows."""

    CSV = "csv"
    JSONL = "jsonl"

    @property
    def mimetype(self) -> str:
        """The media type of such a file."""
        return "text/csv" if self is Format.CSV else "application/jsonl"


def write(form: Format, records: Iterable[Record]) -> Iterator[str]:
    """The file of these rows, piece by piece."""
    return csv_file.lines(records) if form is Format.CSV else jsonl_file.lines(records)


def read(data: bytes) -> FileRead:
    """The rows of a file. Its format is seen from its first character: JSON Lines begin with a brace, no CSV does."""
    if len(data) > MOST_BYTES:
        megabytes = MOST_BYTES // (1024 * 1024)
        return FileRead(problems=[Problem(0, "", f"has more than {megabytes} MB; split it")])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileRead(problems=[Problem(0, "", "is UTF-16; save it as UTF-8 (“CSV UTF-8” in a spreadsheet)")])
    if data.startswith(b"PK\x03\x04"):
        return FileRead(problems=[Problem(0, "", "is a workbook or an archive; save the sheet as CSV UTF-8")])
    # What is no UTF-8 is kept visible, so that it is reported with its row and column.
    text = data.decode("utf-8", "surrogateescape")
    form = Format.JSONL if text.lstrip("\ufeff \t\r\n").startswith("{") else Format.CSV
    found = jsonl_file.read(text) if form is Format.JSONL else csv_file.read(text)
    sound = []
    for entry in found.entries:
        faults = [Problem(entry.row, name, fault) for name, value in entry.data.items() if (fault := unstorable(value))]
        found.problems.extend(faults)
        if not faults:
            sound.append(entry)
    found.entries = sound
    found.problems.sort(key=lambda problem: problem.row)
    return found
