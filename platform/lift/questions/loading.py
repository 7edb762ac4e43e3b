"""Load the questions into the bank: upsert by slug, retire what left the content."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lift.catalog.files import CatalogFiles
from lift.catalog.sync import Row, TableCount, compare, write
from lift.catalog.yaml_source import ContentError
from lift.kernel.ids import uuid7
from lift.questions import loops, rollups, subjects, vectors
from lift.questions.format import QuestionPart, read_questions, repeated_ids
from lift.questions.models import LoopRow, Question, SubjectRow
from lift.questions.references import misplaced, unresolved


def load(session: Session, files: CatalogFiles, content: Path, now: datetime) -> Sequence[TableCount]:
    """Write what differs. ContentError lists faults of schema, ids and references with file and line."""
    placed, problems = read_questions(content)
    problems.extend(repeated_ids(placed))
    for item in placed:
        problems.extend([*unresolved(item, files), *misplaced(item, files)])
    if problems:
        raise ContentError(problems)
    wanted = [{**row_of(item.question, files), "retired_at": None} for item in placed]
    # What a reviewer wrote or edited at the desk is not the files' any more.
    desk = set(session.execute(select(Question.slug).where(Question.origin == "desk")).scalars())
    of_files = [row for row in wanted if row["slug"] not in desk]
    new, changed, left = compare(session, Question, of_files, ["slug"])
    write(session, Question, [{"id": uuid7(), "provenance": "editorial", **row} for row in new], changed, ["slug"])
    retired = _retire(session, [slug for (slug,) in left if slug not in desk], now)
    wrote = bool(new or changed or retired)
    counted = rollups.refresh(session, now) if wrote else rollups.recount(session, now)
    vectors.ask(session, now)
    return [
        TableCount(Question.__tablename__, len(of_files), len(new), len(changed), retired),
        TableCount(LoopRow.__tablename__, loops.loops(session), updated=counted.loops),
        TableCount(SubjectRow.__tablename__, subjects.subjects(session), updated=counted.subjects),
    ]


def _retire(session: Session, slugs: Sequence[str], now: datetime) -> int:
    """Mark questions as retired. Answers to them keep their question."""
    if not slugs:
        return 0
    retired = session.execute(
        update(Question)
        .where(Question.slug.in_(slugs), Question.retired_at.is_(None))
        .values(retired_at=now)
        .returning(Question.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(retired)


def row_of(question: QuestionPart, files: CatalogFiles) -> Row:
    """The columns of a question in the house format; its topic is that of the competency that its id names.

    Where it comes from is not among them: every file says *editorial*, and what candidates reported since is not a
    file's to say.
    """
    topic, subtopic, _ = files.competencies[question.id.rsplit("-", 1)[0]]
    names = [files.competencies[slug][2].name for slug in question.competencies]
    return {
        "slug": question.id,
        "prompt": question.spoken,
        "context": _plain_context(question.context),
        "kind": question.kind,
        "round_kind": question.round,
        "minutes": question.minutes,
        "levels": question.levels,
        "topic_slug": topic.slug,
        "subtopic_slug": subtopic.slug,
        "competencies": question.competencies,
        "companies": question.companies,
        "orgs": question.orgs,
        "signals": [signal.model_dump() for signal in question.signals],
        "followups": [followup.model_dump(exclude_none=True) for followup in question.followups],
        "pitfalls": list(question.pitfalls),
        "by_level": dict(question.by_level),
        "outline": list(question.outline),
        "rubric_version": question.rubric_version,
        "key_points": "\n".join([*(signal.text for signal in question.signals), *names]),
    }


def _plain_context(context: str | None) -> str | None:
    """With line feeds alone between its lines, whatever a browser or a sheet put there, and none around."""
    plain = (context or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    return plain or None
