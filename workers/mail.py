"""Mail tasks."""

from workers.app import app
from workers.runtime import run


@app.task(name="lift.send_mail")
def send_mail(job_id: str) -> None:
    run(job_id)
