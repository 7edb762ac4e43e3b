"""Tasks of the bank."""

from workers.app import app
from workers.runtime import run


@app.task(name="lift.embed_questions")
def embed_questions(job_id: str) -> None:
    run(job_id)
