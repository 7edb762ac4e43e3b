"""The command `lift`: every command ends with exit code 0, or with 1 and one line on standard error."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from lift.commands import account, admin, billing, content, jobs, questions

app = typer.Typer(
    help="Interview Lift: prepare for an engineering interview loop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


for name, group in (
    ("jobs", jobs),
    ("billing", billing),
    ("admin", admin),
    ("questions", questions),
    ("content", content),
    ("account", account),
):
    app.add_typer(group.app, name=name)


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
def lint(
    quick: Annotated[bool, typer.Option("--quick", help="Without encoder and scorer, which take minutes.")] = False,
) -> None:
    """Check the questions that ship with the product against the rules for questions."""
    from lift.runner import tools

    tools.lint_questions(quick=quick)


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
