"""What is done to a database before the web may use it: migrations, then catalogue and questions.

``python -m lift.runner.steps`` does both on ``LIFT_DATABASE_URL``: `lift up` runs it as a child, so that the
runner itself, which stays for days, never holds the memory of Alembic, SQLAlchemy and the content.
"""

import io
import sys
from datetime import UTC, datetime
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy.exc import SQLAlchemyError

from lift.kernel.errors import LiftError
from lift.kernel.migrations import script_location
from lift.runner.errors import RunnerError


def _config(url: str, output: io.StringIO | None = None) -> Config:
    config = Config(output_buffer=output) if output else Config()
    config.set_main_option("script_location", str(script_location()))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """Bring the database to the newest schema; RunnerError says why not."""
    try:
        command.upgrade(_config(url), "head")
    except (SQLAlchemyError, CommandError) as error:
        raise RunnerError(f"The migrations failed: {first_line(error)}") from error


def migrations_as_sql() -> str:
    """The SQL of all migrations, made without a database."""
    output = io.StringIO()
    command.upgrade(_config("postgresql+psycopg://", output), "head", sql=True)
    return output.getvalue()


def load(url: str) -> Any:
    """Load catalogue and questions, in one transaction; the loader's report."""
    from lift.catalog.loader import load_content
    from lift.kernel.db import make_engine, make_session_factory, unit_of_work

    engine = make_engine(url)
    try:
        with unit_of_work(make_session_factory(engine)) as session:
            return load_content(session, datetime.now(UTC))
    except SQLAlchemyError as error:
        raise RunnerError(f"The content could not be loaded: {first_line(error)}") from error
    finally:
        engine.dispose()


def first_line(error: BaseException) -> str:
    """The first line of an error's text, for people."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]


def main() -> int:
    """Both steps on the database of the settings; one line on standard error when one fails."""
    from lift.kernel.settings import Settings

    url = Settings().database_url
    try:
        migrate(url)
        load(url)
    except (RunnerError, LiftError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
