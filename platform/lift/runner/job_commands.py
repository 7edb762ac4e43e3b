"""`lift jobs`: what was given up, and another try for it."""

from uuid import UUID

from lift.kernel import job_board
from lift.kernel.clock import SystemClock
from lift.kernel.db import unit_of_work
from lift.kernel.settings import Settings
from lift.runner.errors import RunnerError
from lift.wiring import build


def print_parked() -> None:
    """One parked job a line: id, name, tries, when it was parked, why."""
    with unit_of_work(build(Settings()).session_factory) as session:
        rows = job_board.parked(session)
    for row in rows:
        parked = f"{row.parked_at:%Y-%m-%d %H:%M} UTC" if row.parked_at else ""
        print(f"{row.id}  {row.job}  {row.attempts} tries  {parked}  {row.last_error}")
    print("No job is parked." if not rows else f"{len(rows)} parked. Try one again: lift jobs release ID")


def release(job_id: UUID | None) -> None:
    """Another try for ``job_id``, or for all; the sweep starts them within seconds."""
    with unit_of_work(build(Settings()).session_factory) as session:
        count = job_board.release(session, SystemClock().now(), job_id)
    if job_id is not None and not count:
        raise RunnerError(f"No parked job has the id {job_id}, or it is too late for it.")
    print(f"Released: {count}. A worker takes them up within seconds.")
