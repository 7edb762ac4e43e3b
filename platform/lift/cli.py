"""The command `lift`: every command ends with exit code 0, or with 1 and one line on standard error."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from typer.exceptions import TyperException

app = typer.Typer(
    help="Interview Lift: prepare for an engineering interview loop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

jobs = typer.Typer(help="The jobs that were given up: look at them, try them again.", no_args_is_help=True)
app.add_typer(jobs, name="jobs")
billing = typer.Typer(help="Prices, comparison with the provider, an account explained.", no_args_is_help=True)
app.add_typer(billing, name="billing")
admin = typer.Typer(help="Who runs the place.", no_args_is_help=True)
app.add_typer(admin, name="admin")
questions = typer.Typer(
    help="The bank as files for people: CSV and JSON Lines, out and in (docs/questions-import.md).",
    no_args_is_help=True,
)
app.add_typer(questions, name="questions")
content = typer.Typer(help="The catalogue and questions that ship with the product.", no_args_is_help=True)
app.add_typer(content, name="content")
account = typer.Typer(help="One person's account.", no_args_is_help=True)
app.add_typer(account, name="account")


def _home() -> Path:
    return Path(os.environ.get("LIFT_HOME") or ".lift/home").absolute()


@app.command()
def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    check: Annotated[bool, typer.Option("--check", help="Start everything, see that it is ready, stop.")] = False,
) -> None:
    """Run the whole product here: database, broker, web and workers."""
    from lift.runner.up import Stack

    stack = Stack(_home(), host, port)
    stack.refuse_production()
    _build_front_end()
    stack.run(check=check)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    processes: Annotated[int, typer.Option(min=1, help="Web processes.")] = 2,
) -> None:
    """Run the web alone, on the servers that the settings name."""
    from lift.kernel.settings import Settings
    from lift.runner.commands import count_together, web

    count_together(Path(tempfile.mkdtemp(prefix="lift-metrics-")), os.environ)
    _become(web(host, port, processes=processes, threads=Settings().web_threads))


@app.command()
def work(
    queues: Annotated[str, typer.Option(help="Queues, separated by commas.")] = "score,voice,mail,default",
    concurrency: Annotated[int, typer.Option(min=1, help="Processes that work side by side.")] = 1,
    only_beat: Annotated[
        bool, typer.Option("--only-beat", help="Run the schedule and no worker; exactly one may.")
    ] = False,
) -> None:
    """Run one Celery worker, on the servers that the settings name."""
    from lift.kernel.settings import Settings
    from lift.runner import commands
    from lift.runner.preflight import prepare_home

    Settings()  # a setting that cannot be is said here, in one line
    if only_beat:
        prepare_home(_home())
        _become(commands.beat(_home() / "beat-schedule"))
    names = [name.strip() for name in queues.split(",") if name.strip()]
    unknown = sorted(set(names) - set(commands.ALL_QUEUES))
    if unknown or not names:
        _fail(f"Unknown queue {', '.join(unknown)}; there are {', '.join(commands.ALL_QUEUES)}.")
    _become(commands.worker(names, name=names[0], concurrency=concurrency))


@jobs.command("list")
def list_jobs() -> None:
    """Print the parked jobs, the last one parked first."""
    from lift.runner import job_commands

    job_commands.print_parked()


@jobs.command("release")
def release_jobs(
    job_id: Annotated[UUID | None, typer.Argument(help="The id that `lift jobs list` prints.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every parked job.")] = False,
) -> None:
    """Give one parked job, or all of them, their tries again."""
    from lift.runner import job_commands

    if everything == (job_id is not None):
        _fail("Name one job, or say --all.")
    job_commands.release(job_id)


@billing.command("setup")
def billing_setup() -> None:
    """Make the product and its prices at Stripe; may be repeated."""
    from lift.runner import billing_commands

    billing_commands.setup()


@billing.command("reconcile")
def billing_reconcile() -> None:
    """Compare every account with the provider now, and heal what differs."""
    from lift.runner import billing_commands

    billing_commands.reconcile()


@billing.command("explain")
def billing_explain(account: Annotated[str, typer.Argument(help="An account's id or e-mail address.")]) -> None:
    """Print the facts of an account, the decision and why."""
    from lift.runner import billing_commands

    billing_commands.explain(account)


ROLE_HELP = "admin: runs the place; reviewer: reviews what candidates report, and sees no money and no accounts."


@admin.command("grant")
def admin_grant(
    email: Annotated[str, typer.Argument(help="The address of a confirmed account.")],
    role: Annotated[str, typer.Option(help=ROLE_HELP)] = "admin",
) -> None:
    """Let a person run the place, or review reports: the desk opens to them."""
    from lift.runner import admin_commands

    admin_commands.grant(email, role)


@admin.command("revoke")
def admin_revoke(
    email: Annotated[str, typer.Argument(help="The address of the account.")],
    role: Annotated[str, typer.Option(help=ROLE_HELP)] = "admin",
) -> None:
    """Take a role from a person: what it opened is closed at their next click."""
    from lift.runner import admin_commands

    admin_commands.revoke(email, role)


@admin.command("list")
def admin_list() -> None:
    """Print who has which role."""
    from lift.runner import admin_commands

    admin_commands.list_roles()


@questions.command("export")
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


@questions.command("import")
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


@account.command("delete")
def account_delete(
    email: Annotated[str, typer.Argument(help="The address of the account.")],
    for_good: Annotated[bool, typer.Option("--for-good", help="Yes, now, and it cannot be undone.")] = False,
    why: Annotated[str, typer.Option(help="The reason, for the audit trail.")] = "lift account delete",
) -> None:
    """Delete an account with every row that names its person, at once."""
    from lift.runner import account_commands

    account_commands.delete(email, sure=for_good, why=why)


@app.command()
def migrate() -> None:
    """Bring the database of the settings to the newest schema."""
    from lift.kernel.settings import Settings
    from lift.runner import steps

    steps.migrate(Settings().database_url)
    typer.echo("The schema is at head.")


@app.command()
def load() -> None:
    """Load the shipped catalogue and questions into the database of the settings; may be repeated.

    It reads the YAML files of this release and no others, and leaves alone what the desk wrote: other questions come
    in with `lift questions import`.
    """
    from lift.kernel.settings import Settings
    from lift.runner import steps

    typer.echo(steps.load(Settings().database_url))


@app.command()
def lint() -> None:
    """Check the questions that ship with the product against the rules for questions."""
    from lift.runner import tools

    tools.lint_questions()


@content.command("stats")
def content_stats(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Without the encoder, which compares meanings.")] = False,
) -> None:
    """Print what the bank has and what it lacks: goals, tables, lengths, likeness, second readings."""
    from lift.questions import stats_command

    stats_command.run(as_json=as_json, models=not quick)


@app.command()
def check() -> None:
    """Ask database, schema, broker and workers of the settings whether they are ready."""
    from lift.runner import tools

    tools.check_parts()


@app.command()
def bench(
    part: Annotated[
        str | None, typer.Argument(help="scoring: how well the scorer agrees with graders; search: large banks.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the graded answers, for scoring.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A sample, for scoring.")] = False,
    train: Annotated[
        bool, typer.Option("--train", help="Learn the scorer's coefficients anew and write them.")
    ] = False,
    sizes: Annotated[str, typer.Option(help="Questions in each bank, for search: 3700,100000,1000000.")] = "",
    only: Annotated[str, typer.Option(help="Searches whose name has this in it, for search.")] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the banks anew, for search.")] = False,
) -> None:
    """Measure the product on this machine and print ratios; or the scorer alone, or the search of large banks."""
    from lift.runner import tools

    if part == "scoring":
        flags = [flag for flag, wanted in (("--quick", quick), ("--train", train)) if wanted]
        tools.bench(*flags, *(["--data", str(data)] if data else []), module="bench.scoring")
    if data or quick or train:
        _fail("--data, --quick and --train belong to the part scoring.")
    _build_front_end()
    if part == "search":
        given = [(name, value) for name, value in (("--sizes", sizes), ("--only", only)) if value]
        tools.bench(
            *(text for pair in given for text in pair), *(["--rebuild"] if rebuild else []), module="bench.search"
        )
    if part is not None or sizes or only or rebuild:
        _fail("There are the parts scoring and search; --sizes, --only and --rebuild belong to search.")
    tools.bench()


@app.command()
def score(
    into: Annotated[str, typer.Option("--out", help="Scored answers, one JSON object a line; - for standard output.")],
    source: Annotated[str, typer.Option("--in", help="Answers, one JSON object a line; - for standard input.")],
    scorer: Annotated[str, typer.Option(help="embedded or llm.")] = "embedded",
) -> None:
    """Score a file of answers. A bad line gets an error of its own and stops nothing."""
    from lift.runner import score_command

    score_command.run(source, into, scorer)


@app.command("test")
def run_tests(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Only these tests, and no static checks; or billing-mutants.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also kill and starve real processes, and plant bugs.")
    ] = False,
) -> None:
    """Run the static checks and the tests."""
    from lift.runner import tools

    _build_front_end()
    tools.test(paths or [], everything=everything)


def _build_front_end() -> None:
    from lift.web.build import build

    build()


def _become(command: list[str]) -> NoReturn:
    """Replace this process by ``command``, so that signals reach it directly."""
    os.execv(command[0], command)  # noqa: S606 - a fixed argument list, no shell


def _fail(line: str) -> NoReturn:
    print(line, file=sys.stderr)
    sys.exit(1)


def main() -> None:
    """Run the command; expected failures become one line, and anything else one line that names it."""
    from lift.kernel.errors import LiftError
    from lift.runner.errors import RunnerError

    arguments = sys.argv[1:] or ["--help"]
    try:
        # Not standalone: typer would answer a wrong option with a frame of several lines.
        sys.exit(app(arguments, standalone_mode=False))
    except (RunnerError, LiftError) as error:
        _fail(str(error))
    except TyperException as error:
        print(f"{error.format_message().rstrip('.')}. See ./lift --help.", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as error:
        if os.environ.get("LIFT_TRACEBACK"):
            raise
        from lift.runner.failures import describe

        _fail(describe(error))


if __name__ == "__main__":
    main()
