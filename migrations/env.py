"""Alembic's environment: both metadatas, one connection, short lock waits."""

from alembic import context
from sqlalchemy import create_engine, text

import billing.models
import lift.tables

config = context.config
target_metadata = [lift.tables.metadata, billing.models.Base.metadata]

LIMITS = ("SET lock_timeout = '5s'", "SET statement_timeout = '15min'")
"""A migration that cannot get its lock gives up instead of queueing everybody behind it."""


def include_name(name: str | None, type_: str, parent_names: object) -> bool:
    """Look at our schemas only."""
    return name in (None, "billing") if type_ == "schema" else True


def run_offline() -> None:
    """Print the SQL."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=target_metadata,
        literal_binds=True,
        include_schemas=True,
        include_name=include_name,
        transaction_per_migration=True,
    )
    for limit in LIMITS:
        context.execute(limit)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Bring the database to head; the advisory lock lets only one process do it at a time."""
    engine = create_engine(config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(4917)"))
        for limit in LIMITS:
            connection.execute(text(limit))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            include_schemas=True,
            include_name=include_name,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(4917)"))
        connection.commit()
    engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
