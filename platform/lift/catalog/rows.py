"""From the validated files to the rows of each table, parents first."""

from collections.abc import Iterator
from typing import Any

from lift.catalog import models, schema
from lift.catalog.files import CatalogFiles
from lift.catalog.sync import Row
from lift.kernel.db import Base


def _json(part: schema.Part, *leave_out: str) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True, exclude=set(leave_out))


def _basis(section: schema.Section) -> dict[str, str]:
    return {"confidence": section.confidence, "basis": section.basis, "checked": section.checked}


def rows(files: CatalogFiles) -> Iterator[tuple[type[Base], list[Row]]]:
    """(table, its rows), in the order in which foreign keys allow inserting."""
    calibration = files.rounds.level_calibration
    yield (
        models.CommonLevel,
        [
            {
                "slug": v.slug,
                "name": v.name,
                "note": v.note,
                "calibration": calibration.get(v.slug, ""),
                "position": v.order,
            }
            for v in files.topics.common_levels
        ],
    )
    yield (
        models.QuestionKind,
        [
            {"slug": k.slug, "definition": k.definition, "position": i}
            for i, k in enumerate(files.topics.question_kinds)
        ],
    )
    yield from _topics(files)
    yield models.RoundKind, [_round_kind(i, r) for i, r in enumerate(files.rounds.rounds)]
    yield (
        models.Dimension,
        [
            {
                "slug": d.slug,
                "name": d.name,
                "family": d.family,
                "definition": d.definition,
                "basis": d.basis,
                "anchors": {str(band): text for band, text in d.anchors.items()},
                "evidence_cues": d.evidence_cues,
                "red_flags": d.red_flags,
                "separates": _json(d.separates) if d.separates else None,
                "position": i,
            }
            for i, d in enumerate(files.rounds.dimensions)
        ],
    )
    yield from _roles(files)
    yield from _companies(files)


def _topics(files: CatalogFiles) -> Iterator[tuple[type[Base], list[Row]]]:
    yield (
        models.Topic,
        [
            {
                "slug": t.slug,
                "name": t.name,
                "definition": t.definition,
                "kind": t.kind,
                "terms": t.source_page_terms,
                "default_dimensions": t.default_dimensions,
                "round_kinds": t.round_kinds,
                "position": i,
            }
            for i, t in enumerate(files.topics.topics)
        ],
    )
    yield (
        models.Subtopic,
        [
            {"slug": s.slug, "topic_slug": t.slug, "name": s.name, "definition": s.definition, "position": i}
            for t in files.topics.topics
            for i, s in enumerate(t.subtopics)
        ],
    )
    yield (
        models.Competency,
        [
            {
                "slug": c.slug,
                "subtopic_slug": s.slug,
                "name": c.name,
                "definition": c.definition,
                "question_kinds": c.question_kinds,
                "strong_answer": c.strong_answer,
                "common_mistakes": c.common_mistakes,
                "levels": c.levels,
                "sources": c.references,
                "position": i,
            }
            for i, (_, s, c) in enumerate(files.competencies.values())
        ],
    )


def _round_kind(position: int, kind: schema.RoundKind) -> Row:
    return {
        "slug": kind.slug,
        "name": kind.name,
        "family": kind.family,
        "definition": kind.definition,
        "minutes": kind.minutes,
        "shortest": kind.minutes_range[0],
        "longest": kind.minutes_range[1],
        "run_by": kind.run_by,
        "levels": kind.levels,
        "topics": kind.topics,
        "phases": [_json(p) for p in kind.phases],
        "goals": kind.interviewer_goals,
        "moves": kind.interviewer_moves,
        "scoring": [_json(s) for s in kind.scoring],
        "position": position,
    }


def _roles(files: CatalogFiles) -> Iterator[tuple[type[Base], list[Row]]]:
    yield (
        models.Role,
        [
            {
                "slug": r.slug,
                "name": r.name,
                "aliases": r.aliases,
                "definition": r.definition,
                "content": r.content,
                "round_kinds": r.round_kinds,
                "position": r.order,
            }
            for r in files.roles.roles
        ],
    )
    yield (
        models.RoleTopic,
        [
            {
                "role_slug": r.slug,
                "topic_slug": t.slug,
                "name": t.name,
                "shared": t.source == "topics.yaml",
                "weight": t.weight,
                "subtopics": t.subtopics,
                "position": i,
            }
            for r in files.roles.roles
            for i, t in enumerate(r.topics)
        ],
    )


def _companies(files: CatalogFiles) -> Iterator[tuple[type[Base], list[Row]]]:
    companies = files.companies.companies
    yield (
        models.Company,
        [
            {
                "slug": c.slug,
                "name": c.name,
                "aliases": c.aliases,
                "summary": c.summary,
                "short_ladder": c.short_ladder,
                "emphasis": c.emphasis,
                "position": i,
                "platform_primitives": _json(c.platform_primitives),
                "behavioural_frame": _json(c.behavioural_frame),
                "level_separators": _json(c.level_separators),
                "stack": _json(c.stack),
                "basis": {"ladder": _basis(c.ladder), "orgs": _basis(c.orgs), "loop": _basis(c.loop)},
            }
            for i, c in enumerate(companies)
        ],
    )
    yield (
        models.Org,
        [
            {"company_slug": c.slug, "slug": t.slug, "name": t.name, "work": t.backend_work, "position": i}
            for c in companies
            for i, t in enumerate(c.orgs.teams)
        ],
    )
    yield (
        models.LadderLevel,
        [
            {
                "company_slug": c.slug,
                "code": level.code,
                "title": level.title,
                "common_level": level.common_level,
                "note": level.note,
                "confidence": level.confidence,
                "position": i,
            }
            for c in companies
            for i, level in enumerate(c.ladder.levels)
        ],
    )
    yield (
        models.LoopRound,
        [
            {
                "company_slug": c.slug,
                "position": i,
                "kind": r.kind,
                "minutes": r.minutes,
                "run_by": r.run_by,
                "looks_for": r.looks_for,
                "levels": r.levels,
                "confidence": r.confidence,
            }
            for c in companies
            for i, r in enumerate(c.loop.rounds)
        ],
    )
