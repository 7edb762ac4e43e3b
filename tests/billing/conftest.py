"""Worlds: one in a transaction that is rolled back, one that really commits for tests with threads."""

import os
import uuid
from collections.abc import Iterator
from datetime import datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from billing.models import Base
from lift.kernel.db import make_engine, unit_of_work
from lift.kernel.migrations import script_location
from tests.billing.world import World


@pytest.fixture(scope="session")
def engine(server_url: str) -> Iterator[Engine]:
    """A database of billing's own tests: migrated, and without the catalogue, which billing does not know."""
    name = f"billing_test_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
    made = make_engine(url, connections=12)
    yield made
    made.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def clear(engine: Engine) -> None:
    """Empty every table of billing."""
    names = ", ".join(str(table) for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names}"))


@pytest.fixture
def world(session_factory: sessionmaker[Session], now: datetime) -> World:
    return World(lambda: unit_of_work(session_factory), now)


@pytest.fixture
def committed(engine: Engine, now: datetime) -> Iterator[World]:
    """Each unit of work on a connection of its own; the tables are emptied afterwards."""
    factory = sessionmaker(engine, expire_on_commit=False)
    yield World(lambda: unit_of_work(factory), now)
    clear(engine)
