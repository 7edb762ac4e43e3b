"""Real PostgreSQL for every test: one server a run, one database a worker, one rolled-back transaction a test."""

import os

# Before numpy is read: one thread of BLAS a process, as the workers run it.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import Connection, Engine, create_engine, delete, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from lift.catalog.loader import load_content
from lift.kernel.clock import FixedClock
from lift.kernel.db import make_engine, unit_of_work
from lift.kernel.jobs import JobRow, nudge_after_commit
from lift.kernel.migrations import script_location
from lift.kernel.settings import Settings
from lift.providers.announcer import RecordingAnnouncer
from lift.providers.mail import make_mailer
from lift.providers.queue import RecordingQueue
from lift.web.app import create_app
from lift.wiring import Services
from tests.billing.fake_gateway import FakeGateway
from tests.servers import shared_postgres, shared_valkey

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of this worker, or the one that ``LIFT_TEST_DATABASE_URL`` names."""
    with shared_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def database_url(server_url: str) -> Iterator[str]:
    """A database of this worker's own, migrated to head and loaded with the shipped content."""
    name = f"lift_test_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    config = Config()
    config.set_main_option("script_location", str(script_location()))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
    loading = make_engine(url)
    with unit_of_work(sessionmaker(loading, expire_on_commit=False)) as session:
        load_content(session, NOW)
        # Vectors are made by the tests that want them, and no other test finds a job that it did not ask for.
        session.execute(delete(JobRow))
    loading.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey of this worker, or the one that ``LIFT_TEST_REDIS_URL`` names."""
    with shared_valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back after the test."""
    with engine.connect() as opened:
        outer = opened.begin()
        yield opened
        outer.rollback()


@pytest.fixture
def session_factory(connection: Connection) -> sessionmaker[Session]:
    """Sessions whose commits are savepoints within the test's transaction."""
    return sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


@pytest.fixture
def session(session_factory: sessionmaker[Session]) -> Iterator[Session]:
    with session_factory() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def clock(now: datetime) -> FixedClock:
    return FixedClock(now)


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(
        environment="test",
        embedded=True,
        database_url=database_url,
        redis_url=redis_url,
        home=tmp_path,
        log_json=False,
        stripe_webhook_secret="whsec_of_the_tests",
    )


@pytest.fixture
def services(
    settings: Settings,
    engine: Engine,
    connection: Connection,
    session_factory: sessionmaker[Session],
    clock: FixedClock,
) -> Iterator[Services]:
    """Real services, except that nudges and announcements are kept in lists and the clock stands still."""
    queue = RecordingQueue()
    nudge_after_commit(session_factory, queue)
    redis = Redis.from_url(settings.redis_url)
    redis.flushdb()
    yield Services(
        settings=settings,
        engine=engine,
        session_factory=session_factory,
        reading_factory=session_factory,
        reading=partial(nullcontext, connection),
        clock=clock,
        redis=redis,
        queue=queue,
        announcer=RecordingAnnouncer(),
        mailer=make_mailer(settings),
    )
    redis.close()


@pytest.fixture
def provider(services: Services, now: datetime) -> FakeGateway:
    """Whoever takes the money, in memory."""
    made = FakeGateway(now)
    services.gateway = made
    return made


@pytest.fixture
def app(settings: Settings, services: Services) -> Flask:
    made = create_app(settings, services)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
