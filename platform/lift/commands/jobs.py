"""`lift jobs`: what was given up."""

from typing import Annotated
from uuid import UUID

import typer

from lift.runner.errors import RunnerError

app = typer.Typer(help="The jobs that were given up: look at them, try them again.", no_args_is_help=True)


@app.command("list")
def list_jobs() -> None:
    """Print the parked jobs, the last one parked first."""
    from lift.runner import job_commands

    job_commands.print_parked()


@app.command("release")
def release_jobs(
    job_id: Annotated[UUID | None, typer.Argument(help="The id that `lift jobs list` prints.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every parked job.")] = False,
) -> None:
    """Give one parked job, or all of them, their tries again."""
    from lift.runner import job_commands

    if everything == (job_id is not None):
        raise RunnerError("Name one job, or say --all.")
    job_commands.release(job_id)
