"""Read side of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal, null, select, text, union_all
from sqlalchemy.orm import Session

from lift.catalog import models
from lift.catalog.ladder import Step, short_ladder
from lift.catalog.role_rounds import DEVELOPED, rounds_of, scored, separating
from lift.kernel.errors import NotFound

BANK = "bank"
"""The version that is written anew whenever questions change, beside that of the content."""


def content_version(session: Session) -> str:
    """Digests of the content that was loaded last and of the questions since; empty before the first load."""
    digests = session.execute(
        select(models.ContentVersion.digest)
        .where(models.ContentVersion.name.in_(("content", BANK)))
        .order_by(models.ContentVersion.name.desc())
    )
    return "-".join(digests.scalars())


def loaded_at(session: Session) -> datetime | None:
    """When the content was loaded last."""
    moment = session.execute(select(models.ContentVersion.loaded_at).where(models.ContentVersion.name == "content"))
    return moment.scalar_one_or_none()


def companies(session: Session) -> list[tuple[str, str]]:
    """(slug, name) of all companies, in the order of the catalogue."""
    rows = session.execute(select(models.Company.slug, models.Company.name).order_by(models.Company.position))
    return [(slug, name) for slug, name in rows]


def roles(session: Session) -> list[tuple[str, str]]:
    """(slug, name) of all roles."""
    rows = session.execute(select(models.Role.slug, models.Role.name).order_by(models.Role.position))
    return [(slug, name) for slug, name in rows]


def developed_roles(session: Session) -> set[str]:
    """Roles whose topics are worked out, and not only outlined."""
    return set(session.execute(select(models.Role.slug).where(models.Role.content == DEVELOPED)).scalars())


def levels(session: Session, company: str | None) -> list[tuple[str, str]]:
    """(common level, label) from the lowest up: in the company's own words when it is given and known."""
    common = session.execute(
        select(models.CommonLevel.slug, models.CommonLevel.name).order_by(models.CommonLevel.position)
    ).all()
    own: dict[str, list[str]] = {}
    if company:
        rows = session.execute(
            select(models.LadderLevel.common_level, models.LadderLevel.title, models.LadderLevel.code)
            .where(models.LadderLevel.company_slug == company)
            .order_by(models.LadderLevel.position)
        )
        for slug, title, code in rows:
            own.setdefault(slug, []).append(f"{title} ({code})")
    if own:
        return [(slug, " / ".join(own[slug])) for slug, _ in common if slug in own]
    return [(slug, name) for slug, name in common]


def dimension_names(session: Session) -> dict[str, str]:
    """Name of each dimension by slug."""
    rows = session.execute(select(models.Dimension.slug, models.Dimension.name)).all()
    return {row.slug: row.name for row in rows}


def dimensions_at_the_bar(session: Session) -> dict[str, str]:
    """What an answer at the bar does in each dimension: its third anchor, by slug."""
    rows = session.execute(select(models.Dimension.slug, models.Dimension.anchors)).all()
    return {row.slug: row.anchors["3"] for row in rows}


def round_weights(session: Session, kinds: Sequence[str]) -> dict[str, tuple[str, dict[str, float]]]:
    """(family, dimension → weight) of kinds of round, by slug."""
    rows = session.execute(
        select(models.RoundKind.slug, models.RoundKind.family, models.RoundKind.scoring).where(
            models.RoundKind.slug.in_(kinds)
        )
    )
    return {slug: (family, {line["dimension"]: line["weight"] for line in scoring}) for slug, family, scoring in rows}


def dimension(session: Session, slug: str) -> models.Dimension:
    """One dimension with its anchors; NotFound."""
    found = session.get(models.Dimension, slug)
    if found is None:
        raise NotFound("There is no such dimension.")
    return found


@dataclass(frozen=True)
class Names:
    """Names of everything that a page may list or link, in the order of the catalogue. A few hundred short strings."""

    companies: Mapping[str, str]
    roles: Mapping[str, str]
    topics: Mapping[str, str]
    subtopics: Mapping[str, str]
    competencies: Mapping[str, str]
    levels: Mapping[str, str]
    rounds: Mapping[str, str]
    dimensions: Mapping[str, str]
    kinds: Mapping[str, str]
    orgs: Mapping[tuple[str, str], str]
    """(company, org) → name."""
    ladders: Mapping[tuple[str, str], str]
    """(company, common level) → its short title there."""
    codes: Mapping[tuple[str, str], str]
    """(company, code of its ladder) → common level, from each ladder's lowest step up."""
    topic_of: Mapping[str, str]
    """Sub-topic → topic."""
    subtopic_of: Mapping[str, str]
    """Competency → sub-topic."""

    def level(self, slug: str, company: str | None = None) -> str:
        """A level's label, in the company's words when there is one."""
        return self.ladders.get((company or "", slug)) or self.levels.get(slug, slug)

    def org(self, slug: str, companies: list[str]) -> str:
        """An org's name; the first of the companies that has it decides."""
        return next((self.orgs[c, slug] for c in companies if (c, slug) in self.orgs), slug)


def names(session: Session) -> Names:
    """All names, in one query."""
    parts = [
        _part("companies", models.Company.slug, models.Company.name, models.Company.position),
        _part("roles", models.Role.slug, models.Role.name, models.Role.position),
        _part("topics", models.Topic.slug, models.Topic.name, models.Topic.position),
        _part(
            "subtopics",
            models.Subtopic.slug,
            models.Subtopic.name,
            models.Subtopic.position,
            models.Subtopic.topic_slug,
        ),
        _part(
            "competencies",
            models.Competency.slug,
            models.Competency.name,
            models.Competency.position,
            models.Competency.subtopic_slug,
        ),
        _part("levels", models.CommonLevel.slug, models.CommonLevel.name, models.CommonLevel.position),
        _part("rounds", models.RoundKind.slug, models.RoundKind.name, models.RoundKind.position),
        _part("dimensions", models.Dimension.slug, models.Dimension.name, models.Dimension.position),
        _part("kinds", models.QuestionKind.slug, models.QuestionKind.definition, models.QuestionKind.position),
        _part("orgs", models.Org.slug, models.Org.name, models.Org.position, models.Org.company_slug),
        _part(
            "ladders",
            models.LadderLevel.code,
            models.LadderLevel.title,
            models.LadderLevel.position,
            models.LadderLevel.company_slug,
            models.LadderLevel.common_level,
        ),
        select(
            literal("short"),
            models.Company.slug,
            text("array_to_string(short_ladder, chr(31))"),
            models.Company.position,
            null(),
            null(),
        ),
    ]
    table: dict[str, dict[Any, str]] = {}
    own: dict[str, list[dict[str, str]]] = {}
    short: dict[str, list[str]] = {}
    within: dict[str, dict[str, str]] = {"subtopics": {}, "competencies": {}}
    for what, slug, name, _, company, common in session.execute(union_all(*parts).order_by(text("1, 4"))):
        if what in within:
            # The fifth column is what a row lies in.
            within[what][slug] = company
        if what == "ladders":
            own.setdefault(company, []).append({"code": slug, "title": name, "common_level": common})
        elif what == "short":
            short[slug] = name.split("\x1f")
        else:
            table.setdefault(what, {})[(company, slug) if what == "orgs" else slug] = name
    ladders: dict[tuple[str, str], str] = {}
    for company, steps in short.items():
        for step in short_ladder(steps, own.get(company, [])):
            for common in step.common_levels:
                ladders.setdefault((company, common), step.title)
    codes = {(company, step["code"]): step["common_level"] for company, steps in own.items() for step in steps}
    kinds = {slug: slug.capitalize() for slug in table.pop("kinds", {})}
    fields = ("companies", "roles", "topics", "subtopics", "competencies", "levels", "rounds", "dimensions", "orgs")
    return Names(
        **{field: table.get(field, {}) for field in fields},
        kinds=kinds,
        ladders=ladders,
        codes=codes,
        topic_of=within["subtopics"],
        subtopic_of=within["competencies"],
    )


def _part(what: str, slug: Any, name: Any, position: Any, within: Any = None, common: Any = None) -> Any:
    return select(
        literal(what),
        slug,
        name,
        position,
        null() if within is None else within,
        null() if common is None else common,
    )


@dataclass(frozen=True)
class CompanyRole:
    """Everything that the catalogue says on a company × role page: plain values, safe to keep between requests."""

    company: dict[str, Any]
    """The row of ``companies``."""
    role: dict[str, Any]
    """The row of ``roles``."""
    ladder: list[Step]
    levels: list[dict[str, Any]]
    orgs: list[dict[str, Any]]
    loop: list[dict[str, Any]]
    """The company's rounds of kinds that the role has."""
    topics: list[dict[str, Any]]
    """The role's topics with weights; a shared one carries its sub-topics as rows, an outlined one as words."""
    separating: list[dict[str, Any]]
    """Dimensions that separate two levels."""
    scored: list[dict[str, Any]]
    """Dimensions of the first family, in order."""
    role_rounds: list[dict[str, Any]]
    """Kinds of round that the role's loops have anywhere, typical ones first."""


_PAGE = text("""
SELECT
  (SELECT row_to_json(c) FROM companies c WHERE slug = :company),
  (SELECT row_to_json(r) FROM roles r WHERE slug = :role),
  (SELECT coalesce(json_agg(l ORDER BY l.position), '[]') FROM
    (SELECT code, title, common_level, note, position FROM ladder_levels WHERE company_slug = :company) l),
  (SELECT coalesce(json_agg(o ORDER BY o.position), '[]') FROM
    (SELECT slug, name, work, position FROM orgs WHERE company_slug = :company) o),
  (SELECT coalesce(json_agg(r ORDER BY r.position), '[]') FROM
    (SELECT p.position, p.kind, k.name, p.minutes, p.run_by, p.looks_for, p.levels, k.scoring
       FROM loop_rounds p JOIN round_kinds k ON k.slug = p.kind WHERE p.company_slug = :company) r),
  (SELECT coalesce(json_agg(t ORDER BY t.position), '[]') FROM
    (SELECT rt.topic_slug AS slug, rt.name, rt.shared, rt.weight, rt.subtopics AS outline, rt.position,
            tp.kind, tp.definition,
            (SELECT coalesce(json_agg(json_build_object('slug', s.slug, 'name', s.name) ORDER BY s.position), '[]')
               FROM subtopics s WHERE s.topic_slug = tp.slug) AS subtopics
       FROM role_topics rt LEFT JOIN topics tp ON tp.slug = rt.topic_slug WHERE rt.role_slug = :role) t),
  (SELECT coalesce(json_agg(d ORDER BY d.position), '[]') FROM
    (SELECT slug, name, family, definition, separates, position FROM dimensions) d),
  (SELECT coalesce(json_agg(k ORDER BY k.place), '[]') FROM
    (SELECT k.slug, k.name, k.family, k.minutes, k.run_by, k.definition, k.scoring, kinds.place
       FROM roles r CROSS JOIN LATERAL unnest(r.round_kinds) WITH ORDINALITY AS kinds(slug, place)
       JOIN round_kinds k ON k.slug = kinds.slug WHERE r.slug = :role) k)
""")


def company_role(session: Session, company: str, role: str) -> CompanyRole:
    """The page's facts, in one query; NotFound when the company or the role is unknown."""
    found = session.execute(_PAGE, {"company": company, "role": role}).one()
    company_row, role_row, level_rows, org_rows, loop_rows, topic_rows, dimension_rows, kind_rows = tuple(found)
    if company_row is None or role_row is None:
        raise NotFound("There is no such company or role in the bank.")
    return CompanyRole(
        company=company_row,
        role=role_row,
        ladder=short_ladder(company_row["short_ladder"], level_rows),
        levels=level_rows,
        orgs=org_rows,
        loop=rounds_of(loop_rows, role_row),
        topics=topic_rows,
        separating=separating(dimension_rows, kind_rows),
        scored=scored(dimension_rows, kind_rows, role_row),
        role_rounds=kind_rows,
    )
