"""What the page of a company, a topic or a competency shows of the bank, kept as a roll-up like that of a loop.

All rows of one kind are counted in one statement, in the transaction that changed the questions and once an hour.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.models import Company, Competency, Topic
from lift.questions.models import SubjectRow
from lift.questions.samples import Sample, samples_of
from lift.questions.tally import Plan, taken

Kind = Literal["company", "topic", "competency"]


@dataclass(frozen=True)
class _Count:
    """The subjects of a kind, and how they are counted."""

    slugs: Any
    """Column of the catalogue that names all of them."""
    plan: Plan


_COUNTS: Mapping[Kind, _Count] = {
    "company": _Count(
        Company.slug, Plan("q.companies", ("topics", "levels", "orgs", "kinds", "provenance"), "q.topic_slug")
    ),
    "topic": _Count(
        Topic.slug,
        Plan(
            "ARRAY[q.topic_slug]",
            ("subtopics", "competencies", "levels", "kinds", "companies", "provenance"),
            "q.subtopic_slug",
        ),
    ),
    "competency": _Count(
        Competency.slug, Plan("q.competencies", ("levels", "kinds", "companies", "provenance"), "q.kind")
    ),
}


def _counted(session: Session, count: _Count) -> dict[str, dict[str, Any]]:
    """The roll-up of every subject of a kind, one without a question too."""
    found = {}
    for slug, tally in taken(session, count.plan, session.execute(select(count.slugs)).scalars().all()).items():
        facts = [tally.total, tally.counts, tally.samples]
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        found[slug] = {"total": tally.total, "digest": digest, "counts": tally.counts, "samples": tally.samples}
    return found


def refresh(session: Session, now: datetime) -> int:
    """Count every subject; returns how many rows were written. A row that is right and of this day is left alone."""
    stored = {
        (kind, slug): (digest, counted_at)
        for kind, slug, digest, counted_at in session.execute(
            select(SubjectRow.kind, SubjectRow.slug, SubjectRow.digest, SubjectRow.counted_at)
        )
    }
    changed = []
    for kind, count in _COUNTS.items():
        found = _counted(session, count)
        session.execute(delete(SubjectRow).where(SubjectRow.kind == kind, SubjectRow.slug.not_in(found)))
        for slug, values in found.items():
            digest, counted_at = stored.get((kind, slug), ("", now))
            if digest != values["digest"] or counted_at.date() != now.date():
                changed.append({"kind": kind, "slug": slug, **values, "counted_at": now})
    if changed:
        statement = insert(SubjectRow)
        written = ("total", "digest", "counts", "samples", "counted_at")
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", "slug"], set_={name: statement.excluded[name] for name in written}
            ),
            changed,
        )
    return len(changed)


def subjects(session: Session) -> int:
    """How many subjects are counted."""
    return session.execute(select(func.count()).select_from(SubjectRow)).scalar_one()


@dataclass(frozen=True)
class SubjectPage:
    """Counts of the questions of a subject, with samples of them."""

    total: int
    digest: str
    counts: Mapping[str, Mapping[str, int]]
    """Facet → value → number of questions; a facet without a question is missing."""
    samples: Sequence[Sample]
    counted_at: datetime

    def of(self, facet: str) -> Mapping[str, int]:
        """The counts of one facet."""
        return self.counts.get(facet, {})


_READ = text(
    "SELECT total, digest, counts, samples, counted_at FROM subject_counts WHERE kind = :kind AND slug = :slug"
)


def subject_page(session: Session, kind: Kind, slug: str) -> SubjectPage:
    """The roll-up of one page, in one query."""
    total, digest, counts, samples, counted_at = session.execute(_READ, {"kind": kind, "slug": slug}).one()
    return SubjectPage(total, digest, counts, samples_of(samples), counted_at)


def totals(session: Session, kind: Kind) -> Mapping[str, int]:
    """Questions of every subject of a kind."""
    rows = session.execute(select(SubjectRow.slug, SubjectRow.total).where(SubjectRow.kind == kind))
    return {row.slug: row.total for row in rows}
