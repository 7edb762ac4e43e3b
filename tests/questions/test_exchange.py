"""Files of questions: what is written is read again without a difference, and what cannot be read is said where it stands."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lift.catalog.files import read_catalog
from lift.questions import exchange
from lift.questions.csv_file import guard, unguard
from lift.questions.exchange import Format
from lift.questions.import_check import check
from lift.questions.rows import ASKED, COLUMNS, Problem, Record
from tests.questions.sheets import PROMPT, a_file, a_row

BOTH = pytest.mark.parametrize("form", list(Format))
CATALOG = read_catalog()

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a machine that does other things too."""
storable = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r")
wild = st.text(storable, min_size=1, max_size=60) | st.sampled_from(["=1+1", "'=1", "''-", '"', "a;b,c\td", "\ufeff"])
line = wild.map(lambda text: f"{text} and eight more").map(str.strip)


@st.composite
def rows(draw: st.DrawFn) -> Record:
    """Questions in the house format whose texts are anything that can be stored."""
    return a_row(
        prompt=(draw(wild) + PROMPT).strip(),
        context=draw(st.none() | wild),
        minutes=draw(st.integers(2, 60)),
        retired=draw(st.booleans()),
        companies=draw(st.lists(st.sampled_from(["microsoft", "amazon"]), unique=True)),
        pitfalls=[draw(line), draw(line)],
        by_level={"mid": draw(line), "senior": draw(line)},
    )


def problems_of(data: bytes) -> list[str]:
    read = exchange.read(data)
    return [str(problem) for problem in (*read.problems, *check(read.entries, CATALOG)[1])]


def cells(**changes: str) -> list[dict[str, str]]:
    """The rows of a sheet as a spreadsheet holds them, with cells of the first one changed."""
    text = a_file(a_row(), a_row(91), form=Format.CSV).decode("utf-8-sig")
    first, *rest = csv.DictReader(io.StringIO(text, newline=""))
    return [first | changes, *rest]


def saved(rows: list[dict[str, str]], *, delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@BOTH
@patient
@given(row=rows())
def test_what_is_written_is_read_again_without_a_difference(form: Format, row: Record) -> None:
    read = exchange.read(a_file(row, form=form))
    assert read.problems == []
    (item,), problems = check(read.entries, CATALOG)
    assert problems == []
    asked = item.question.model_dump(include=set(ASKED), exclude_none=True)
    assert asked | {"context": item.question.context, "retired": item.retired} == {name: row[name] for name in ASKED}


@patient
@given(st.text())
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_no_cell_of_an_export_begins_like_a_formula() -> None:
    sheet = a_file(a_row(prompt='=HYPERLINK("//evil.example","Look")' + PROMPT, context="@SUM(1)"), form=Format.CSV)
    for row in csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_a_spreadsheet_saves_is_read(delimiter: str, end: str, mark: str) -> None:
    assert problems_of((mark + saved(cells(), delimiter=delimiter, end=end)).encode()) == []


def test_empty_rows_and_cells_at_the_end_are_passed_over() -> None:
    padded = saved(cells()).replace("\r\n", ",,\r\n") + "," * (len(COLUMNS) + 1) + "\r\n\r\n"
    assert problems_of(padded.replace("every two seconds.\n", "every two seconds. ").encode()) == []


def test_western_bytes_are_named_with_their_row_and_column() -> None:
    sheet = saved(cells(context="Café at noon")).encode("latin-1")
    assert problems_of(sheet) == [
        "row 2, context: the byte 0xE9 is not UTF-8; save the file as UTF-8 (“CSV UTF-8” in a spreadsheet)"
    ]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("context", "a\x00b", "has the control character U+0000; delete it"),
        ("pitfalls", '["eight or more\\u0000", "eight or more"]', "has the control character U+0000; delete it"),
        ("pitfalls", '["eight or more\\ud800", "eight or more"]', "U+D800 is half of a character"),
        ("signals", "", "is empty"),
        ("signals", "[{", "is not JSON: Expecting property name enclosed in double quotes at character 3"),
        ("signals", "[" * 200_000, "is nested too deeply"),
        ("retired", "perhaps", "'perhaps' is neither yes nor no"),
        ("minutes", "ten", "input should be a valid integer, unable to parse string as an integer"),
        ("minutes", "90", "input should be less than or equal to 60"),
        ("levels", "mid, boss", "'boss' is not in the catalogue"),
        ("round", "tea", "'tea' is not in the catalogue"),
        ("id", "idempotency-keys-91", ""),
        ("id", "tea-01", "the id names 'tea', which is not among its competencies"),
        ("followups", '[{"ask": "Which of these?", "when_missed": 9}, {"ask": "And then what?", "deepen": "mid"}]',
         "when_missed: there is no signal 9"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_row_and_column(column: str, cell: str, said: str) -> None:
    if said == "is nested too deeply":
        csv.field_size_limit(1_000_000)
    try:
        found = problems_of(saved(cells(**{column: cell})).encode())
    finally:
        csv.field_size_limit(131_072)
    expected = f"row 2, {column}: {said}" if said else "row 3, id: idempotency-keys-91 is in row 2 already"
    assert expected in found


@BOTH
def test_half_a_file_is_said_to_be_cut_off(form: Format) -> None:
    whole = a_file(a_row(), a_row(91), form=form)
    cut = whole[: whole.rindex(b"signals") if form is Format.JSONL else whole.rindex(b"Adds readers")]
    (problem,) = problems_of(cut)
    if form is Format.CSV:
        assert problem == "row 3: the file ends within a quoted cell; is it cut off?"
    else:
        assert problem.startswith("row 2: is not JSON")


def test_a_row_that_lacks_cells_and_one_that_has_too_many_are_named() -> None:
    short = saved(cells()).rsplit(",", 3)[0].encode()
    assert problems_of(short) == [
        f"row 3: has {len(COLUMNS) - 3} cells, the heading {len(COLUMNS)}; is the file cut off here?"
    ]
    long = saved(cells()).rstrip() + ",one more\r\n"
    assert problems_of(long.encode()) == [
        f"row 3: has {len(COLUMNS) + 1} cells, the heading {len(COLUMNS)}; is a quote missing?"
    ]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("prompt,prompt", "row 1, prompt: is there twice"),
        ("id,promt", "row 1, promt: is no column of a question; did you mean prompt?"),
        ("id,", "row 1, prompt: is missing"),
        ("name,text", "row 1: names no column. The first row must be"),
        ("id," + ",".join(f"c{i}" for i in range(100_000)), "row 1: 99,995 more names are no columns of a question"),
    ],
)
def test_a_wrong_heading_is_explained(heading: str, said: str) -> None:
    assert any(problem.startswith(said) for problem in problems_of(f"{heading}\n1,2\n".encode()))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "the file: is empty"),
        (b"\n\n", "the file: is empty"),
        (b"PK\x03\x04zip", "the file: is a workbook or an archive; save the sheet as CSV UTF-8"),
        ("id".encode("utf-16"), "the file: is UTF-16; save it as UTF-8 (“CSV UTF-8” in a spreadsheet)"),
        (b'{"a":' * 100_000, "row 1: is nested too deeply"),
        (b'{"id": 1, "id": 2}', "row 1: the key id is given twice"),
        (b'{"id": NaN}', "row 1: NaN is no number"),
        (b'{"id": ' + b"9" * 5000 + b"}", "row 1: "),
        (b'{"id": "x"}\n[1]', "row 2: is no object: write {…} with the columns as keys"),
        (b'{"\\ud800": 1}', "row 1, \\ud800: is no column of a question"),
    ],
)
def test_a_wrong_file_is_explained(text: bytes, said: str) -> None:
    assert any(problem.startswith(said) for problem in problems_of(text))


def test_a_file_that_is_too_large_is_not_read() -> None:
    too_large = b'{"id": 1}\n' * (exchange.MOST_BYTES // 10 + 1)
    assert problems_of(too_large) == ["the file: has more than 16 MB; split it"]


@patient
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    problems_of(data)


@patient
@given(st.dictionaries(st.sampled_from(COLUMNS), st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)))  # fmt: skip
def test_no_values_break_the_check(values: dict[str, Any]) -> None:
    found = exchange.read(json.dumps(a_row() | values).encode())
    for problem in (*found.problems, *check(found.entries, CATALOG)[1]):
        assert isinstance(problem, Problem)
        str(problem).encode()
