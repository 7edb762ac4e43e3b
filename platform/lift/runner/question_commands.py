"""`lift questions`: the bank into a file, and a file into the bank."""

import getpass
from uuid import uuid4

from lift.kernel.db import unit_of_work
from lift.kernel.settings import Settings
from lift.operations import question_imports
from lift.questions import exchange, exporting, importing
from lift.questions.exporting import Selection
from lift.questions.importing import Plan, Step
from lift.runner.errors import RunnerError
from lift.runner.files import reading, writing
from lift.wiring import build


def export(form: str, out: str, selection: Selection) -> None:
    """Write the chosen questions; RunnerError when the format or the file cannot be."""
    if form not in set(exchange.Format):
        raise RunnerError(f"There is no format {form}; there are {' and '.join(exchange.Format)}.")
    wired = build(Settings())
    with writing(out) as file:
        for piece in exchange.write(exchange.Format(form), exporting.records(wired.session_factory, selection)):
            file.write(piece.encode())


def import_file(name: str, *, dry_run: bool, take_over: bool, why: str) -> None:
    """Print what each row does; do it, unless a row is wrong or it is a ``dry_run``."""
    with reading(name) as file:
        data = file.read(exchange.MOST_BYTES + 1)
    wired = build(Settings())
    files = question_imports.shipped_catalog()
    with unit_of_work(wired.session_factory) as session:
        importing.lock(session)
        plan = importing.plan(session, data, files, take_over=take_over)
        _print(plan)
        if plan.problems:
            count = len(plan.problems)
            raise RunnerError(f"Nothing was imported: {count} {'problem' if count == 1 else 'problems'} (above).")
        if plan.writes and not dry_run:
            who, key = f"command line ({getpass.getuser()})", f"import:{uuid4()}"
            now = wired.clock.now()
            question_imports.run(session, plan, name=name, who=who, why=why, act_key=key, now=now)
    print(_said(plan, dry_run=dry_run))


def _print(plan: Plan) -> None:
    for problem in plan.problems:
        print(problem)
    for step in plan.writes:
        print(_line(step))


def _line(step: Step) -> str:
    over = ", taken over from the files" if step.taken_over else ""
    changes = f" ({', '.join(step.changes)})" if step.changes else ""
    return f"row {step.row}: {step.id}: {step.fate}{changes}{over}"


def _said(plan: Plan, *, dry_run: bool) -> str:
    counts = ", ".join(f"{count} {fate}" for fate, count in plan.counts.items() if count) or "no rows"
    if not plan.writes:
        return f"Nothing to do: {counts}."
    return f"{'It would be' if dry_run else 'Imported'}: {counts}."
