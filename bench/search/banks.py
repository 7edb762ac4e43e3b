"""Databases with generated banks, on a PostgreSQL that is started for them and kept between runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from psycopg import sql

from bench.search.generator import COLUMNS, VERSION, Generator
from lift.catalog.files import read_catalog
from lift.kernel.db import make_engine, make_session_factory, unit_of_work
from lift.questions import rollups
from lift.runner import steps
from lift.runner.binaries import ServerBinaries
from lift.runner.postgres import EmbeddedPostgres
from lift.scoring.encoder import WIDTH, shared_encoder, unit

WITH_VECTORS = 100_000
"""The size whose bank has a vector for every question."""
NOISE = 0.6
"""How far a made-up vector strays from the real one that it is made of: their cosine is about 0.86."""
ROOM = "768MB"
"""For the building of an index."""


@dataclass
class Bank:
    """A database of one size, and how long its parts took to make; nothing for one that was kept."""

    size: int
    url: str
    seconds: dict[str, float]

    @property
    def dsn(self) -> str:
        """As psycopg takes it."""
        return self.url.replace("+psycopg", "")


@contextmanager
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    """The product's own PostgreSQL with the product's own options, in a folder of the bench."""
    started = EmbeddedPostgres(home / "postgres", ServerBinaries())
    started.start()
    try:
        yield started
    finally:
        started.stop(60)


def bank(started: EmbeddedPostgres, size: int, *, anew: bool) -> Bank:
    """The bank of a size, brought to the newest schema; made when there is none of this version."""
    name = f"bank_{size}"
    made = Bank(size, f"{started.url.rpartition('/')[0]}/{name}", {})
    with psycopg.connect(started.url.replace("+psycopg", ""), autocommit=True) as admin:
        there = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there and not anew and _is_whole(made.dsn):
            steps.migrate(made.url)
            return made
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    _make(made)
    return made


def _is_whole(dsn: str) -> bool:
    with psycopg.connect(dsn) as connection:
        if connection.execute("SELECT to_regclass('bench_bank')").fetchone() == (None,):
            return False
        return connection.execute("SELECT max(version) FROM bench_bank").fetchone() == (VERSION,)


def _make(made: Bank) -> None:
    steps.migrate(made.url)
    steps.load(made.url)
    with psycopg.connect(made.dsn, autocommit=True) as connection:
        connection.execute(f"SET maintenance_work_mem = '{ROOM}'")
        _fill(connection, made)
        if made.size == WITH_VECTORS:
            with _timed(made, "vectors"):
                _fill_vectors(made, connection)
        with _timed(made, "vacuum"):
            connection.execute("VACUUM (ANALYZE) questions")
        refresh(made)
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CREATE TABLE bench_bank AS SELECT %s::int AS version", [VERSION])


def _fill(connection: psycopg.Connection, made: Bank) -> None:
    """Rows by COPY with primary key, slug, foreign keys and checks in force; the other indexes are built after it."""
    row = connection.execute("SELECT count(*) FROM questions").fetchone()
    with _without_indexes(connection, "questions", made), _timed(made, "rows"):
        names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        statement = sql.SQL("COPY questions ({}) FROM STDIN").format(names)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            buffer: list[str] = []
            for line in Generator(read_catalog()).lines(made.size - (row[0] if row else 0)):
                buffer.append(line)
                if len(buffer) == 256:
                    copy.write("".join(buffer))
                    buffer.clear()
            copy.write("".join(buffer))


@contextmanager
def _without_indexes(connection: psycopg.Connection, table: str, made: Bank) -> Iterator[None]:
    """Drop what no constraint needs, and build it afterwards in one go each."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1",
        [table],
    ).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for name, definition in found:
        with _timed(made, f"index {name}"):
            connection.execute(definition)


def _fill_vectors(made: Bank, connection: psycopg.Connection) -> None:
    """The shipped questions' own vectors, and for each generated one a shipped one with noise: clusters, as real ones have."""
    engine = make_engine(made.url)
    real: list[np.ndarray] = []

    def read(content: str) -> np.ndarray:
        real.append(shared_encoder().encode(content).sentence)
        return real[-1]

    with unit_of_work(make_session_factory(engine)) as session:
        shipped = session.connection().exec_driver_sql(
            "SELECT prompt || E'\\n' || key_points FROM questions WHERE origin = 'content' AND retired_at IS NULL"
        )
        centres = np.stack([read(content) for (content,) in shipped])
    engine.dispose()
    random = np.random.default_rng(7)
    with _without_indexes(connection, "question_vectors", made), connection.cursor() as cursor:
        ids = [row[0] for row in cursor.execute("SELECT id FROM questions WHERE retired_at IS NULL ORDER BY id")]
        with cursor.copy("COPY question_vectors (question_id, digest, numbers, made_at) FROM STDIN") as copy:
            for place, question in enumerate(ids):
                stray = random.standard_normal(WIDTH, dtype=np.float32) * np.float32(NOISE / WIDTH**0.5)
                vector = unit(centres[place % len(centres)] + stray)
                numbers = ",".join(f"{x:.5f}" for x in vector.tolist())
                copy.write(f"{question}\tmade up\t{{{numbers}}}\t2026-11-01\n")


def refresh(made: Bank) -> None:
    """Count the whole bank, timed."""
    from datetime import UTC, datetime

    engine = make_engine(made.url)
    with _timed(made, "roll-ups"), unit_of_work(make_session_factory(engine)) as session:
        rollups.recount(session, datetime.now(UTC))
    engine.dispose()


@contextmanager
def _timed(made: Bank, part: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    made.seconds[part] = time.perf_counter() - started
