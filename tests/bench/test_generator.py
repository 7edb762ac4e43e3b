"""Generated banks are like real ones: rows that the table takes, the same ones each time, with the skews that matter."""

from collections import Counter

import pytest
from sqlalchemy import Connection, text

from bench.search.by_hand import Facts, counts, page
from bench.search.generator import COLUMNS, NULL, Generator
from bench.search.shapes import shapes
from lift.catalog.files import CatalogFiles, read_catalog

FEW = 600


@pytest.fixture(scope="module")
def files() -> CatalogFiles:
    return read_catalog()


@pytest.fixture(scope="module")
def rows(files: CatalogFiles) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, line.rstrip("\n").split("\t"), strict=True)) for line in Generator(files).lines(FEW)]


def test_the_same_size_gives_the_same_rows(files: CatalogFiles) -> None:
    assert list(Generator(files).lines(50)) == list(Generator(files).lines(50))


def test_the_table_takes_them(files: CatalogFiles, connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    before = connection.execute(text("SELECT count(*) FROM questions")).scalar_one()
    with driver.cursor() as cursor, cursor.copy(f"COPY questions ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for line in Generator(files).lines(FEW):
            copy.write(line)
    assert connection.execute(text("SELECT count(*) FROM questions")).scalar_one() == before + FEW


def test_most_are_for_any_company_and_few_companies_have_most_of_the_rest(rows: list[dict[str, str]]) -> None:
    companies = Counter(slug for row in rows for slug in row["companies"].strip("{}").split(",") if slug)
    assert 0.5 < sum(row["companies"] == "{}" for row in rows) / FEW < 0.7
    assert sum(number for _, number in companies.most_common(5)) > sum(companies.values()) / 3


def test_what_was_reported_has_reports_and_a_month_and_the_rest_has_neither(rows: list[dict[str, str]]) -> None:
    for row in rows:
        editorial = row["provenance"] == "editorial"
        assert (row["reports"] == "0") == editorial == (row["last_reported"] == NULL)


def test_words_are_common_and_rare(rows: list[dict[str, str]]) -> None:
    words = Counter(word for row in rows for word in set(row["prompt"].lower().split()))
    assert words["thousand"] == FEW
    assert sum(number == 1 for number in words.values()) > FEW / 4


def test_each_shape_is_sql_that_the_bank_answers(connection: Connection) -> None:
    facts = Facts("00000000-0000-7000-8000-000000000000", "00000000-0000-7000-8000-000000000000", "latency")
    for shape in shapes(connection.execute(text("SELECT current_date")).scalar_one()):
        connection.exec_driver_sql(counts(shape, facts, 100).replace("%", "%%")).scalar_one()
        connection.exec_driver_sql(page(shape, facts).replace("%", "%%")).all()
