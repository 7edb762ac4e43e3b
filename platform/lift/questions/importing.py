"""Import of questions: what a file would do, row by row, and doing it: everything in one transaction, or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.catalog.files import CatalogFiles
from lift.catalog.loader import hold_the_content
from lift.questions import desk, exchange
from lift.questions.import_check import Located, check
from lift.questions.linter import manners, names_of
from lift.questions.loading import row_of
from lift.questions.models import Question
from lift.questions.near_twins import twins
from lift.questions.rows import RETIRED, Problem

SHOWN_AS = {"round_kind": "round"}
COMPARED = (
    "prompt", "context", "kind", "round_kind", "minutes", "levels", "competencies", "companies", "orgs",
    "signals", "followups", "pitfalls", "by_level", "outline",
)  # fmt: skip
"""Columns of the table that a row of a file says itself; the others follow from them."""
AT_ONCE = 500


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    RETIRED = "retired"
    BROUGHT_BACK = "brought back"
    SAME = "unchanged"


@dataclass(frozen=True)
class Step:
    """One row and what it does."""

    row: int
    id: str
    fate: Fate
    changes: tuple[str, ...] = ()
    """Columns that differ from what is stored."""
    taken_over: bool = False
    """It was the files' question, and is the desk's from now on."""


@dataclass(frozen=True)
class Plan:
    """What a file would do; it does all of it, or nothing while there is a problem."""

    steps: Sequence[Step]
    problems: Sequence[Problem]
    items: Mapping[str, Located]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows meet each fate."""
        found = Counter(step.fate for step in self.steps)
        return {fate.value: found[fate] for fate in Fate}

    @property
    def writes(self) -> Sequence[Step]:
        """The rows that change something."""
        return [step for step in self.steps if step.fate is not Fate.SAME]

    @property
    def digest(self) -> str:
        """What was shown to whoever agreed to it."""
        return hashlib.sha256(repr((self.steps, self.problems)).encode()).hexdigest()[:32]


def plan(session: Session, data: bytes, files: CatalogFiles, *, take_over: bool) -> Plan:
    """What the file ``data`` would do to the bank as it is now; nothing is written."""
    read = exchange.read(data)
    items, problems = check(read.entries, files)
    stored = _stored(session, [item.question.id for item in items])
    steps: list[Step] = []
    fresh: list[Located] = []
    for item in items:
        step = _step(item, stored.get(item.question.id), files)
        if step.fate is not Fate.SAME and _belongs_to_files(stored.get(step.id)):
            if not take_over:
                text = "is a question of the shipped files, and only they may change it, unless it is taken over"
                problems.append(item.problem(text, "id"))
                continue
            step = Step(step.row, step.id, step.fate, step.changes, taken_over=True)
        steps.append(step)
        if step.fate is not Fate.SAME and not item.retired:
            fresh.append(item)
    for item in fresh:
        problems.extend(manners(item))
    prompts = [item for item in fresh if _says_something_new(item, stored.get(item.question.id))]
    problems.extend(_twins(session, prompts, items, files))
    problems = sorted([*read.problems, *problems], key=lambda problem: problem.row)
    wrong = {problem.row for problem in problems}
    steps = [step for step in steps if step.row not in wrong]
    return Plan(steps, problems, {item.question.id: item for item in items})


def _stored(session: Session, slugs: Sequence[str]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for start in range(0, len(slugs), AT_ONCE):
        rows = session.execute(select(Question).where(Question.slug.in_(slugs[start : start + AT_ONCE]))).scalars()
        found.update((question.slug, question) for question in rows)
    return found


def _step(item: Located, stored: Question | None, files: CatalogFiles) -> Step:
    slug = item.question.id
    if stored is None:
        return Step(item.row, slug, Fate.NEW, (RETIRED,) if item.retired else ())
    row = row_of(item.question, files)
    changes = tuple(SHOWN_AS.get(name, name) for name in COMPARED if row[name] != getattr(stored, name))
    if item.retired != (stored.retired_at is not None):
        fate = Fate.RETIRED if item.retired else Fate.BROUGHT_BACK
        return Step(item.row, slug, fate, (*changes, RETIRED))
    return Step(item.row, slug, Fate.CHANGED if changes else Fate.SAME, changes)


def _belongs_to_files(stored: Question | None) -> bool:
    return stored is not None and stored.origin == "content"


def _says_something_new(item: Located, stored: Question | None) -> bool:
    return stored is None or stored.retired_at is not None or stored.prompt != item.question.spoken


def _twins(
    session: Session, new: Sequence[Located], items: Sequence[Located], files: CatalogFiles
) -> Iterator[Problem]:
    """New prompts against each other, against the rest of the file and against the live bank."""
    if not new:
        return
    prompts = {item.question.id: item.question.spoken for item in new}
    in_file = {item.question.id: item for item in items}
    others = [
        (slug, item.question.spoken) for slug, item in in_file.items() if slug not in prompts and not item.retired
    ]
    bank = session.execute(select(Question.slug, Question.prompt).where(Question.retired_at.is_(None)))
    others += [(slug, prompt) for slug, prompt in bank if slug not in in_file]
    for slug, _, words in twins(prompts, others, names_of(files)):
        yield in_file[slug].problem(f"says {words}", "prompt")


def apply(
    session: Session, plan: Plan, files: CatalogFiles, *, who: str, now: datetime, how: str = "import"
) -> dict[str, Any]:
    """Do what the plan says, which has no problem; the counts, for the audit."""
    if plan.problems:
        raise ValueError("a plan with problems is not done")
    for step in plan.writes:
        item = plan.items[step.id]
        desk.write(session, row_of(item.question, files), retired=item.retired, who=who, how=how, now=now)
    if plan.writes:
        desk.done(session, now)
    return {**plan.counts, "taken over": sum(step.taken_over for step in plan.steps)}


def lock(session: Session) -> None:
    """Nobody else changes the bank until this transaction ends: hold it before a plan that is to be done."""
    hold_the_content(session)
