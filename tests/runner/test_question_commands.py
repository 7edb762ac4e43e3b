"""`lift questions`: the bank into a file and back, on a database of its own rows."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from billing.models import Audit
from lift.kernel.db import make_engine, make_session_factory, unit_of_work
from lift.questions import rollups
from lift.questions.exchange import Format
from lift.questions.models import Question
from tests.conftest import NOW
from tests.questions.sheets import a_file, a_row
from tests.runner.test_cli import lift, one_line

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def questions(tmp_path: Path, database_url: str) -> Iterator[Command]:
    """`lift questions …`; what it brought into the bank goes afterwards."""

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return lift("questions", *arguments, home=tmp_path, LIFT_DATABASE_URL=database_url)

    yield command
    engine = make_engine(database_url)
    with unit_of_work(make_session_factory(engine)) as session:
        session.execute(delete(Question).where(Question.origin == "desk"))
        session.execute(delete(Audit))
        rollups.refresh(session, NOW)
    engine.dispose()


def acts(database_url: str) -> list[tuple[str, str]]:
    engine = make_engine(database_url)
    with unit_of_work(make_session_factory(engine)) as session:
        found = [(act.what, act.why) for act in session.execute(select(Audit)).scalars()]
    engine.dispose()
    return found


@pytest.mark.parametrize("form", list(Format))
def test_an_export_is_imported_without_a_difference(questions: Command, tmp_path: Path, form: Format) -> None:
    path = tmp_path / f"bank.{form}"
    done = questions("export", "--format", form, "--out", str(path), "--topic", "api-design")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert questions("import", str(path)).stdout.startswith("Nothing to do: ")


def test_a_dry_run_says_what_an_import_then_does_and_writes_down(
    questions: Command, tmp_path: Path, database_url: str
) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(a_file(a_row(), form=Format.CSV))
    assert questions("import", str(path), "--dry-run").stdout == (
        "row 2: idempotency-keys-90: new\nIt would be: 1 new.\n"
    )
    assert acts(database_url) == []
    assert questions("import", str(path), "--why", "the workshop").stdout.endswith("Imported: 1 new.\n")
    assert acts(database_url) == [("questions_imported", "the workshop")]
    assert "idempotency-keys-90" in questions("export", "--origin", "desk").stdout


def test_a_wrong_row_is_named_and_nothing_is_imported(questions: Command, tmp_path: Path, database_url: str) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_bytes(a_file(a_row(), a_row(91, minutes=0)))
    done = questions("import", str(path))
    assert (done.returncode, done.stderr) == (1, "Nothing was imported: 1 problem (above).\n")
    assert "row 2, minutes: input should be greater than or equal to 2" in done.stdout
    assert acts(database_url) == []


def test_a_format_and_a_file_that_cannot_be_are_named(questions: Command) -> None:
    assert one_line(questions("export", "--format", "xls")) == "There is no format xls; there are csv and jsonl."
    assert one_line(questions("import", "nowhere.csv")) == "nowhere.csv cannot be read: no such file or directory."
