"""The yardstick: a bare Flask route that does one indexed query, under the same server settings."""

import os

from flask import Flask
from psycopg_pool import ConnectionPool

application = Flask(__name__)
pool = ConnectionPool(os.environ["BENCH_DATABASE_URL"], min_size=4, max_size=32, open=True)


@application.get("/")
def one() -> str:
    """One row by its unique key."""
    with pool.connection() as connection:
        row = connection.execute("SELECT prompt FROM questions WHERE slug = %s", ("idempotency-keys-01",)).fetchone()
    return str(row[0]) if row else ""
