"""The yardstick of a worker: a task that only answers, on the product's broker with the product's options."""

import os
import statistics
import subprocess
import sys
import time

from celery import Celery
from redis import Redis

QUEUE, REPLIES = "bench-empty", "bench-empty-replies"


def make_app(url: str) -> Celery:
    """A Celery app as the workers configure theirs."""
    from lift.providers.queue import BROKER_OPTIONS

    app = Celery("bench", broker=url)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        task_default_queue=QUEUE,
        broker_transport_options=BROKER_OPTIONS,
    )
    return app


app = make_app(os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:1/0"))


@app.task(name="bench.empty")
def empty() -> None:
    """Answer on a list."""
    Redis.from_url(os.environ["BENCH_REDIS_URL"]).rpush(REPLIES, b"1")


def round_trip(url: str) -> float:
    """Median seconds from sending the empty task to its answer, with a worker of one process."""
    arguments = ["-A", "bench.empty_task:app", "worker", "--queues", QUEUE, "--concurrency", "1", "--loglevel", "error"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", *arguments, "--without-gossip", "--without-mingle"],
        env={**os.environ, "BENCH_REDIS_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    replies, sender, took = Redis.from_url(url), make_app(url), []
    try:
        for turn in range(23):
            started = time.perf_counter()
            sender.send_task("bench.empty", queue=QUEUE)
            if replies.blpop([REPLIES], timeout=30) is None:
                raise SystemExit("the empty task was not answered")
            # The first ones wait for the worker to start.
            took += [time.perf_counter() - started] if turn >= 3 else []
    finally:
        worker.terminate()
        worker.wait(20)
    return statistics.median(took)
