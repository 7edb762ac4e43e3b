"""How long requests take, counted over all processes of this web server; read only where a token for it is set.

Each process writes files into the folder that ``PROMETHEUS_MULTIPROC_DIR`` names before it starts, and whichever
process is asked adds them up. Without the folder a process counts for itself.
"""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

OWN = CollectorRegistry()
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
REQUESTS = Histogram(
    "lift_request_seconds",
    "Seconds until the answer began, by route and status",
    ["route", "status"],
    buckets=BUCKETS,
    registry=OWN,
)
UNCOUNTED = ("static", "health.live", "health.ready", "metrics.show")


def install(app: Flask) -> None:
    """Count what reaches Flask: the rule and not the path, which may hold a token."""

    @app.after_request
    def _count(response: Response) -> Response:
        if request.endpoint not in UNCOUNTED and "started" in g:
            rule = request.url_rule.rule if request.url_rule else "-"
            REQUESTS.labels(rule, str(response.status_code)).observe(time.perf_counter() - g.started)
        return response


def requests_as_text() -> bytes:
    """The requests of all processes, in Prometheus's format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(OWN)
    every = CollectorRegistry()
    MultiProcessCollector(every)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
    return generate_latest(every)
