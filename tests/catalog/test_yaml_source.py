"""Errors of the content name file and line."""

from pathlib import Path

import pytest

from lift.catalog.files import CONTENT, read_catalog
from lift.catalog.yaml_source import ContentError, read

FILES = ("topics", "rounds", "roles", "companies")


def broken(folder: Path, name: str, old: str, new: str) -> int:
    """Copy the catalogue with one change; the line of it, from 1."""
    (folder / "catalog").mkdir()
    for file in FILES:
        (folder / "catalog" / f"{file}.yaml").write_text((CONTENT / "catalog" / f"{file}.yaml").read_text())
    path = folder / "catalog" / f"{name}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_catalogue_is_sound() -> None:
    files = read_catalog()
    assert len(files.companies.companies) == 33
    assert files.roles.roles[0].slug == "backend-engineer"


def test_an_unknown_reference_is_named_with_its_line(tmp_path: Path) -> None:
    broken(tmp_path, "companies", "  - idempotency-keys\n", "  - no-such-competency\n")
    with pytest.raises(ContentError) as caught:
        read_catalog(tmp_path)
    (problem,) = caught.value.problems
    place, line, message = problem.split(":", 2)
    assert place == "catalog/companies.yaml"
    assert (tmp_path / place).read_text().splitlines()[int(line) - 1].strip() == "emphasis:"
    assert "no-such-competency" in message


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("roles", "order: 1\n", "order: first\n", "integer"),
        ("rounds", "family: backend-core\n", "family: Backend Core\n", "pattern"),
        ("companies", "confidence: high\n", "confidence: sure\n", "'high', 'medium' or 'low'"),
    ],
)
def test_a_fault_of_the_shape_is_named_with_its_line(tmp_path: Path, name: str, old: str, new: str, words: str) -> None:
    line = broken(tmp_path, name, old, new)
    with pytest.raises(ContentError) as caught:
        read_catalog(tmp_path)
    assert caught.value.problems[0].startswith(f"catalog/{name}.yaml:{line}: ")
    assert words in caught.value.problems[0]


def test_a_key_given_twice_is_a_fault_and_not_an_override(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one: 1\ntwo:\n  three: 3\n  three: 4\n")
    with pytest.raises(ContentError, match=r"^a\.yaml:4: the key 'three' is given twice$"):
        read(path)


def test_text_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one: 1\ntwo: [1, 2\nthree: 3\n")
    with pytest.raises(ContentError, match=r"^a\.yaml:\d: not readable as YAML"):
        read(path)
