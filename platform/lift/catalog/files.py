"""The catalogue as read from its four files, with cross-references checked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lift.catalog import schema
from lift.catalog.yaml_source import ContentError, Source, read, validate

CONTENT = Path(__file__).resolve().parents[1] / "content"
"""The content that ships with the product."""

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class CatalogFiles:
    """The four validated files."""

    topics: schema.TopicsFile
    rounds: schema.RoundsFile
    roles: schema.RolesFile
    companies: schema.CompaniesFile

    @cached_property
    def competencies(self) -> dict[str, tuple[schema.Topic, schema.Subtopic, schema.Competency]]:
        """Each competency by its slug, with where it belongs."""
        return {c.slug: (t, s, c) for t in self.topics.topics for s in t.subtopics for c in s.competencies}

    @cached_property
    def levels(self) -> list[str]:
        """Slugs of the common levels from the lowest up."""
        return [level.slug for level in sorted(self.topics.common_levels, key=lambda level: level.order)]

    @cached_property
    def orgs(self) -> dict[str, set[str]]:
        """Org slugs of each company."""
        return {c.slug: {team.slug for team in c.orgs.teams} for c in self.companies.companies}

    @cached_property
    def round_slugs(self) -> set[str]:
        """Slugs of the round kinds."""
        return {r.slug for r in self.rounds.rounds}

    @cached_property
    def dimension_slugs(self) -> set[str]:
        """Slugs of the dimensions."""
        return {d.slug for d in self.rounds.dimensions}


def read_catalog(content: Path = CONTENT) -> CatalogFiles:
    """Read and check the four files. ContentError lists every fault with file and line."""
    sources = {
        name: read(content / "catalog" / f"{name}.yaml", content) for name in ("topics", "rounds", "roles", "companies")
    }
    files = CatalogFiles(
        validate(sources["topics"], schema.TopicsFile),
        validate(sources["rounds"], schema.RoundsFile),
        validate(sources["roles"], schema.RolesFile),
        validate(sources["companies"], schema.CompaniesFile),
    )
    problems = [
        *_check_topics(files, sources["topics"]),
        *_check_rounds(files, sources["rounds"]),
        *_check_roles(files, sources["roles"]),
        *_check_companies(files, sources["companies"]),
    ]
    if problems:
        raise ContentError(problems)
    return files


def _unique(source: Source, what: str, slugs: Sequence[tuple[str, Place]]) -> Iterator[str]:
    counts = Counter(slug for slug, _ in slugs)
    for slug, place in slugs:
        if counts[slug] > 1:
            counts[slug] = 1
            yield source.problem(place, f"the {what} {slug!r} is given more than once")


def _known(source: Source, place: Place, what: str, slugs: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for slug in sorted(set(slugs) - set(known)):
        yield source.problem(place, f"there is no {what} {slug!r}")


def _check_topics(files: CatalogFiles, source: Source) -> Iterator[str]:
    topics = files.topics.topics
    slugs: list[tuple[str, Place]] = [(t.slug, ("topics", i)) for i, t in enumerate(topics)]
    slugs += [(s.slug, ("topics", i, "subtopics", j)) for i, t in enumerate(topics) for j, s in enumerate(t.subtopics)]
    slugs += [
        (c.slug, ("topics", i, "subtopics", j, "competencies", k))
        for i, t in enumerate(topics)
        for j, s in enumerate(t.subtopics)
        for k, c in enumerate(s.competencies)
    ]
    yield from _unique(source, "slug", slugs)
    for i, topic in enumerate(topics):
        place: Place = ("topics", i)
        yield from _known(
            source, (*place, "default_dimensions"), "dimension", topic.default_dimensions, files.dimension_slugs
        )
        yield from _known(source, (*place, "round_kinds"), "round kind", topic.round_kinds, files.round_slugs)
        for j, subtopic in enumerate(topic.subtopics):
            for k, competency in enumerate(subtopic.competencies):
                where = (*place, "subtopics", j, "competencies", k, "levels")
                yield from _known(source, where, "level", competency.levels, files.levels)


def _check_rounds(files: CatalogFiles, source: Source) -> Iterator[str]:
    yield from _unique(
        source, "dimension", [(d.slug, ("dimensions", i)) for i, d in enumerate(files.rounds.dimensions)]
    )
    yield from _unique(source, "round kind", [(r.slug, ("rounds", i)) for i, r in enumerate(files.rounds.rounds)])
    topics = [t.slug for t in files.topics.topics]
    for i, kind in enumerate(files.rounds.rounds):
        place: Place = ("rounds", i)
        yield from _known(
            source, (*place, "scoring"), "dimension", [s.dimension for s in kind.scoring], files.dimension_slugs
        )
        yield from _known(source, (*place, "topics"), "topic", kind.topics, topics)
        yield from _known(source, (*place, "levels"), "level", kind.levels, files.levels)
        if sum(s.weight for s in kind.scoring) != 100:
            yield source.problem((*place, "scoring"), "the weights do not add up to 100")
        if sum(p.minutes for p in kind.phases) != kind.minutes:
            yield source.problem((*place, "phases"), f"the phases do not add up to {kind.minutes} minutes")


def _check_roles(files: CatalogFiles, source: Source) -> Iterator[str]:
    yield from _unique(source, "role", [(r.slug, ("roles", i)) for i, r in enumerate(files.roles.roles)])
    topics = [t.slug for t in files.topics.topics]
    for i, role in enumerate(files.roles.roles):
        place: Place = ("roles", i)
        yield from _known(source, (*place, "round_kinds"), "round kind", role.round_kinds, files.round_slugs)
        shared = [t.slug for t in role.topics if t.source == "topics.yaml"]
        yield from _known(source, (*place, "topics"), "topic", shared, topics)
        yield from _unique(source, "topic", [(t.slug, (*place, "topics", j)) for j, t in enumerate(role.topics)])
        if sum(t.weight for t in role.topics) != 100:
            yield source.problem((*place, "topics"), "the weights do not add up to 100")


def _check_companies(files: CatalogFiles, source: Source) -> Iterator[str]:
    companies = files.companies.companies
    yield from _unique(source, "company", [(c.slug, ("companies", i)) for i, c in enumerate(companies)])
    for i, company in enumerate(companies):
        place: Place = ("companies", i)
        teams = [(t.slug, (*place, "orgs", "teams", j)) for j, t in enumerate(company.orgs.teams)]
        yield from _unique(source, "org", teams)
        codes = [(level.code, (*place, "ladder", "levels", j)) for j, level in enumerate(company.ladder.levels)]
        yield from _unique(source, "level code", codes)
        used = [level.common_level for level in company.ladder.levels]
        used += [slug for r in company.loop.rounds for slug in r.levels]
        used += [slug for s in company.level_separators.steps for slug in (s.from_, s.to)]
        yield from _known(source, (*place, "ladder"), "level", used, files.levels)
        yield from _known(
            source, (*place, "loop"), "round kind", [r.kind for r in company.loop.rounds], files.round_slugs
        )
        yield from _known(source, (*place, "emphasis"), "competency", company.emphasis, files.competencies)
