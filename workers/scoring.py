"""Scoring tasks."""

from workers.app import app
from workers.runtime import run, services


@app.task(name="lift.score_answer")
def score_answer(job_id: str) -> None:
    done = run(job_id)
    if done is not None:
        services().announcer.announce(str(done.payload["answer_id"]))


@app.task(name="lift.word_help")
def word_help(job_id: str) -> None:
    run(job_id)
