"""The database: engine, session factory, declarative base and the one unit of work."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Engine, MetaData, Uuid, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext, ExecutionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SessionFactory = sessionmaker[Session]


class Base(DeclarativeBase):
    """Declarative base of the product's tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


OPTIONS = "-c timezone=UTC -c lock_timeout=5000 -c work_mem=32MB -c random_page_cost=1.1"
"""What every session of ours asks for. A search of a large bank combines several indexes: with the 4 MB of PostgreSQL the
bitmaps of that become coarse and each row is looked at again. And pages of a bank lie in memory or on a disk that does not
turn, so that to fetch one here and one there costs little more than to read on."""

PLANNED_EACH_TIME: Mapping[str, Any] = {"planned_each_time": True}
"""Execution options of a statement whose best plan hangs on its values. Others are planned once a connection, after a few
uses, for whatever values come: a search for two broad choices then takes a second instead of a tenth of one."""

TRUSTED_FOR = 1.0
"""Seconds after its last use in which a pooled connection is taken without asking whether it still stands."""


def make_engine(url: str, *, connections: int = 16, only_reads: bool = False) -> Engine:
    """An engine that survives a restart of the server, keeps UTC in its sessions, and opens at most ``connections``.

    ``only_reads`` is for requests that change nothing: each statement for itself, without BEGIN, COMMIT and ROLLBACK,
    which are three of the five round trips of a page. A pool of its own, since switching a connection to and fro
    costs as much as it saves.
    """
    settled: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None} if only_reads else {}
    engine = create_engine(
        url,
        **settled,
        # All are kept once they were needed: to open one costs a process at the server, which a load would pay for
        # at almost every request.
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        # The connection that was used last is warm, here and in PostgreSQL.
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": OPTIONS},
    )
    _ask_idle_connections(engine)
    event.listen(engine, "handle_error", _quote_no_row)
    event.listen(engine, "do_execute", _plan_with_values)
    return engine


def _plan_with_values(cursor: Any, statement: str, parameters: Any, context: ExecutionContext) -> bool:
    """Leave a statement that asks for it unprepared; True says that it is done."""
    if not context.execution_options.get("planned_each_time"):
        return False
    cursor.execute(statement, parameters, prepare=False)
    return True


def _quote_no_row(context: ExceptionContext) -> None:
    """Leave of a database's message its first line: those after it quote the row, with addresses and answers."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\n")[0], *error.args[1:])


def _ask_idle_connections(engine: Engine) -> None:
    """Like ``pool_pre_ping``, for connections that were idle: under load the question is a tenth of a request.

    A server that restarted under load fails at most the one request that meets it first: the pool is renewed then.
    """

    @event.listens_for(engine, "checkin")
    def _used(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        used = record.info.get("used")
        if used is None or time.monotonic() - used < TRUSTED_FOR:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def make_session_factory(engine: Engine) -> SessionFactory:
    """Sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def unit_of_work(factory: SessionFactory) -> Iterator[Session]:
    """One session, one commit at the end; nothing is kept when an error leaves the block."""
    with factory() as session, session.begin():
        yield session
