"""Structured logs: one JSON object a line, with the ids of request and job, and no secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from lift.kernel.privacy import scrubbed

SECRET_KEYS = frozenset(
    {"password", "token", "secret", "secret_key", "authorization", "cookie", "answer", "transcript"}
)

QUIET = ("alembic", "celery", "kombu", "stripe")
"""Libraries that would write lines for every look at the schema, every sweep and every call of Stripe; jobs and requests have our own."""


def _redact(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in SECRET_KEYS & event.keys():
        event[key] = "[redacted]"
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = scrubbed(value)
    return event


def configure_logging(*, as_json: bool = True, to: TextIO | None = None) -> None:
    """Send structlog and the standard library's loggers to standard error (or ``to``) in one format."""
    stream = to or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if as_json else plain
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Line and newline in one write: the processes of the web share a file, and would join each other's lines.
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
