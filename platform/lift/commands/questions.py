"""`lift questions`: the bank as files for people."""

from typing import Annotated

import typer

app = typer.Typer(
    help="The bank as files for people: CSV and JSON Lines, out and in (docs/questions-import.md).",
    no_args_is_help=True,
)


@app.command("export")
def questions_export(
    out: Annotated[str, typer.Option("--out", help="The file to write; - for standard output.")] = "-",
    form: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "jsonl",
    company: Annotated[str, typer.Option(help="Only questions that name this company.")] = "",
    topic: Annotated[str, typer.Option(help="Only this topic.")] = "",
    level: Annotated[str, typer.Option(help="Only questions of this level.")] = "",
    kind: Annotated[str, typer.Option(help="Only this kind.")] = "",
    round_: Annotated[str, typer.Option("--round", help="Only this kind of round.")] = "",
    provenance: Annotated[str, typer.Option(help="editorial, reported, corroborated or verified.")] = "",
    origin: Annotated[str, typer.Option(help="content (of the shipped files) or desk.")] = "",
    retired: Annotated[bool, typer.Option("--retired", help="Retired questions too.")] = False,
) -> None:
    """Write questions to a file that `lift questions import` reads again without a difference."""
    from lift.questions.exporting import Selection
    from lift.runner import question_commands

    chosen = Selection(company, topic, level, kind, round_, provenance, origin, retired)
    question_commands.export(form, out, chosen)


@app.command("import")
def questions_import(
    file: Annotated[str, typer.Argument(help="CSV or JSON Lines, UTF-8; - for standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")] = False,
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="Let it change questions of the shipped files: they are the desk's then."),
    ] = False,
    why: Annotated[str, typer.Option(help="The reason, for the audit log.")] = "lift questions import",
) -> None:
    """Bring questions of a file into the bank: all of them, or none while one row is wrong.

    What is imported is the desk's: `lift load`, which brings the shipped YAML files at each release, leaves it alone.
    """
    from lift.runner import question_commands

    question_commands.import_file(file, dry_run=dry_run, take_over=take_over, why=why)
