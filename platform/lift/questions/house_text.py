"""One question as the text that the shipped files hold it in: shown for editing, and checked as they are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.catalog.files import CatalogFiles
from lift.catalog.yaml_source import ContentError, Source, explain, parse
from lift.questions.format import ONE, QuestionPart
from lift.questions.linter import manners, names_of
from lift.questions.models import Question
from lift.questions.near_twins import twins
from lift.questions.references import unresolved
from lift.questions.rows import RETIRED, TOLD, record_of

LONGEST = 20_000
"""Characters; the longest shipped question has some 4,000."""
TO_WRITE = "TODO"
"""Stands in a draft wherever only a reviewer knows what belongs there; a text that has it is not taken."""
_NAME = "text"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which line of the text."""

    line: int
    message: str


@dataclass(frozen=True)
class Checked:
    """A question in house style, or the faults of its text."""

    question: QuestionPart | None
    faults: list[Fault]


class _Located:
    """A question that says the line in which something is wrong."""

    def __init__(self, question: QuestionPart, source: Source) -> None:
        self.question = question
        self._source = source

    def problem(self, message: str, *within: str | int) -> Fault:
        return Fault(self._source.line(within), message)


def check(session: Session, text: str, files: CatalogFiles, *, slug: str | None = None) -> Checked:
    """Hold ``text`` to the house format and its manners. With ``slug`` it is the question of that id, else a new one."""
    faults, source = _read(text)
    if source is None:
        return Checked(None, faults)
    try:
        part = ONE.validate_python(source.data)
    except ValidationError as error:
        return Checked(None, [_fault(line) for line in explain(source, error)])
    item = _Located(part, source)
    faults = [*unresolved(item, files), *manners(item), *_of_id(session, item, slug)]
    faults += _twins(session, item, files)
    return Checked(None if faults else part, sorted(faults, key=lambda fault: fault.line))


def _read(text: str) -> tuple[list[Fault], Source | None]:
    if len(text) > LONGEST:
        return [Fault(1, f"this has more than {LONGEST:,} characters")], None
    # An anchor can make a short text mean a huge one, and no question needs any.
    anchored = re.search(r"(?m)(?:^|[\s\[{,:-])[&*][\w-]+(?=\s|$|[\],}])", text)
    if anchored and _uses_anchors(text):
        return [
            Fault(text.count("\n", 0, anchored.start()) + 1, "anchors and aliases (& and *) are not read here")
        ], None
    try:
        source = parse(text, _NAME)
    except ContentError as error:
        return [_fault(line) for line in error.problems], None
    if isinstance(source.data, list) and len(source.data) == 1:
        return [Fault(1, "one question is expected, without the dash of a list before its id")], None
    if TO_WRITE in text:
        at = text.index(TO_WRITE)
        return [Fault(text.count("\n", 0, at) + 1, f"{TO_WRITE} stands here: write what belongs there")], None
    if not isinstance(source.data, dict):
        return [Fault(1, "one question is expected: lines of “key: value”")], None
    return [], source


def _uses_anchors(text: str) -> bool:
    """As YAML reads it: within a quoted text such a sign is only a sign."""
    try:
        return any(isinstance(token, yaml.AnchorToken | yaml.AliasToken) for token in yaml.scan(text))
    except (yaml.YAMLError, ValueError, RecursionError):
        return True


def _fault(problem: str) -> Fault:
    _, line, message = problem.split(":", 2)
    return Fault(int(line), message.strip())


def _of_id(session: Session, item: _Located, slug: str | None) -> Iterator[Fault]:
    named = item.question.id
    if slug is not None:
        if named != slug:
            yield item.problem(f"the id of a question stays: {slug}", "id")
        return
    if session.execute(select(Question.id).where(Question.slug == named)).first() is not None:
        competency = named.rsplit("-", 1)[0]
        yield item.problem(f"{named} is in the bank already; {next_id(session, competency)} is free", "id")


def next_id(session: Session, competency: str) -> str:
    """The first id of this competency after those that are taken."""
    taken = session.execute(select(Question.slug).where(Question.slug.like(f"{competency}-%"))).scalars()
    numbers = [int(found[1]) for each in taken if (found := re.fullmatch(rf"{re.escape(competency)}-(\d+)", each))]
    return f"{competency}-{max(numbers, default=0) + 1:02}"


def _twins(session: Session, item: _Located, files: CatalogFiles) -> Iterator[Fault]:
    question = item.question
    bank = session.execute(
        select(Question.slug, Question.prompt).where(Question.retired_at.is_(None), Question.slug != question.id)
    )
    for _, _, words in twins(
        {question.id: question.spoken}, ((slug, prompt) for slug, prompt in bank), names_of(files)
    ):
        yield item.problem(f"the prompt says {words}", "prompt")


def text_of(record: Mapping[str, Any]) -> str:
    """A row of the bank as text."""
    shown = {name: value for name, value in record.items() if name not in (*TOLD, RETIRED)}
    if not shown.get("context"):
        shown.pop("context", None)
    return yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=72)


def text_of_question(question: Question) -> str:
    """The text of a stored question."""
    return text_of(record_of(question))
