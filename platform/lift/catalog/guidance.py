"""What the catalogue says of one question's dimensions, subject and competencies, for whoever helps with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.catalog.models import Competency, Dimension, Subtopic


@dataclass(frozen=True)
class DimensionGuide:
    """One dimension of the published rubric."""

    name: str
    family: str
    definition: str
    at_the_bar: str
    """Its third anchor."""
    cues: Sequence[str]
    """What an interviewer hears when it is there, each a verb in the third person and what follows."""


@dataclass(frozen=True)
class Guidance:
    """The catalogue's part of the help with one question."""

    dimensions: Mapping[str, DimensionGuide]
    subtopic: tuple[str, str]
    """Name and definition."""
    competencies: Sequence[tuple[str, str]]
    """(name, definition) in the order they were asked for."""


def guidance(session: Session, dimensions: set[str], subtopic: str, competencies: Sequence[str]) -> Guidance:
    """What is known of these; a slug that the catalogue lacks is left out."""
    rows = session.execute(select(Dimension).where(Dimension.slug.in_(dimensions)).order_by(Dimension.position))
    known = {
        row.slug: DimensionGuide(row.name, row.family, row.definition, str(row.anchors["3"]), row.evidence_cues)
        for row in rows.scalars()
    }
    about = session.execute(select(Subtopic.name, Subtopic.definition).where(Subtopic.slug == subtopic)).one_or_none()
    found = {
        slug: (name, definition)
        for slug, name, definition in session.execute(
            select(Competency.slug, Competency.name, Competency.definition).where(Competency.slug.in_(competencies))
        )
    }
    named = (about.name, about.definition) if about else (subtopic, "")
    return Guidance(known, named, [found[slug] for slug in competencies if slug in found])
