"""`lift content`: the catalogue and questions that ship with the product."""

from typing import Annotated

import typer

app = typer.Typer(help="The catalogue and questions that ship with the product.", no_args_is_help=True)


@app.command("stats")
def content_stats(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Without the encoder, which compares meanings.")] = False,
) -> None:
    """Print what the bank has and what it lacks: goals, tables, lengths, likeness, second readings."""
    from lift.questions import stats_command

    stats_command.run(as_json=as_json, models=not quick)


@app.command("vectors")
def content_vectors() -> None:
    """Read what changed of the shipped questions with the encoder, so that a new installation need not."""
    from lift.questions import vectors_command

    vectors_command.run()
