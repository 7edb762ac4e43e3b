"""The yardstick: a bare Flask route that does one indexed query, under the same server settings."""

import os
import threading

import psycopg
from flask import Flask

application = Flask(__name__)
local = threading.local()


@application.get("/")
def one() -> str:
    """One row by its unique key, on a connection that the thread keeps."""
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)
    row = local.connection.execute("SELECT prompt FROM questions WHERE slug = %s", ("idempotency-keys-01",)).fetchone()
    return str(row[0]) if row else ""
