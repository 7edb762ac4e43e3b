"""A statement that asks for it is planned with its values each time; others are prepared after a few uses."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, text

from lift.kernel.db import PLANNED_EACH_TIME


def prepared(engine: Engine, mark: str, options: Mapping[str, Any]) -> int:
    """How many statements with this mark a connection has prepared after using it eight times."""
    with engine.connect() as connection:
        for number in range(8):
            connection.execute(text(f"SELECT :n AS {mark}"), {"n": number}, execution_options=options)
        kept = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars()
        return sum(mark in statement for statement in kept)


def test_only_what_asks_for_it_is_planned_each_time(engine: Engine) -> None:
    assert prepared(engine, "usual", {}) == 1
    assert prepared(engine, "apart", PLANNED_EACH_TIME) == 0
