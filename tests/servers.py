"""The servers that tests run against: our own embedded ones, unless the environment names others."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lift.runner.binaries import ServerBinaries
from lift.runner.postgres import EmbeddedPostgres
from lift.runner.valkey import EmbeddedValkey


@contextmanager
def shared_postgres(folder: Path) -> Iterator[str]:
    """The URL of a running PostgreSQL server."""
    named = os.environ.get("LIFT_TEST_DATABASE_URL")
    if named:
        yield named
        return
    server = EmbeddedPostgres(folder, ServerBinaries())
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def shared_valkey(folder: Path) -> Iterator[str]:
    """The URL of a running Valkey server."""
    named = os.environ.get("LIFT_TEST_REDIS_URL")
    if named:
        # Tests empty their database: each worker of the run has one of its own.
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        yield f"{named.rpartition('/')[0]}/{worker}"
        return
    server = EmbeddedValkey(folder, ServerBinaries())
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
