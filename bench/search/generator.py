"""Rows of generated banks with the skews of real ones. Never part of the content: the rows exist in the bench's databases.

Most questions are for any company, the rest falls off by company like Zipf's; topics follow the weights of the roles,
competencies within a topic have favourites; half of the questions are editorial, and of those that were reported most
were seen lately.
"""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from uuid import UUID

from bench.search.grammar import Rubric, Speaker, escaped
from lift.catalog.files import CatalogFiles

VERSION = 2
"""Raise it when the same size would give other rows: banks that are kept are then made anew."""
COLUMNS = (
    *("id", "slug", "prompt", "context", "kind", "round_kind", "minutes", "levels", "topic_slug", "subtopic_slug"),
    *("competencies", "companies", "orgs", "provenance", "reports", "last_reported", "origin", "rubric_version"),
    *("retired_at", "key_points", "signals", "followups", "pitfalls", "by_level", "outline"),
)
VARIANTS = 12
"""Rubrics of a competency."""
NULL = "\\N"
ROLES = {"backend-engineer": 12, "full-stack-engineer": 5, "frontend-engineer": 3, "sre-devops": 3, "data-engineer": 3}
"""Of every thirty questions, how many were written for each; the other roles have one each."""
MINUTES = (5, 8, 10, 12, 15, 20, 30, 45)
STATES = (("editorial", 55), ("reported", 30), ("corroborated", 10), ("verified", 5))
TODAY = date(2026, 11, 1)


def falling(count: int, exponent: float = 1.0) -> list[float]:
    """Cumulative weights 1, 1/2, 1/3 and so on."""
    return list(itertools.accumulate(1 / rank**exponent for rank in range(1, count + 1)))


class Generator:
    """Makes rows of ``questions`` as lines for COPY, the same ones for the same size."""

    def __init__(self, files: CatalogFiles, seed: int = 7) -> None:
        self._random = Random(seed)  # noqa: S311 - the same rows each time are the point
        self._speaker = Speaker(self._random)
        self._files = files
        self._companies = [company.slug for company in files.companies.companies]
        self._names = {company.slug: company.name for company in files.companies.companies}
        self._company_weights = falling(len(self._companies))
        self._orgs = {slug: sorted(teams) for slug, teams in files.orgs.items()}
        self._topics, self._topic_weights = self._weighed_topics()
        self._competencies = {
            topic.slug: [(s.slug, c) for s in topic.subtopics for c in s.competencies] for topic in files.topics.topics
        }
        self._rounds = {topic.slug: topic.round_kinds for topic in files.topics.topics}
        self._dimensions = sorted(files.dimension_slugs)
        self._rubrics: dict[str, list[tuple[list[str], Rubric, str]]] = {}

    def _weighed_topics(self) -> tuple[list[str], list[float]]:
        known = {topic.slug for topic in self._files.topics.topics}
        weights = dict.fromkeys(sorted(known), 0.0)
        for role in self._files.roles.roles:
            for topic in role.topics:
                if topic.slug in known:
                    weights[topic.slug] += topic.weight * ROLES.get(role.slug, 1)
        return list(weights), list(itertools.accumulate(weights.values()))

    def lines(self, count: int) -> Iterator[str]:
        """``count`` rows, columns as in ``COLUMNS``."""
        for number in range(count):
            yield "\t".join(self._row(number)) + "\n"

    def _row(self, number: int) -> Sequence[str]:
        random = self._random
        topic = random.choices(self._topics, cum_weights=self._topic_weights)[0]
        among = self._competencies[topic]
        # The favourite of many: the smallest of two draws.
        subtopic, competency = among[min(random.randrange(len(among)), random.randrange(len(among)))]
        others = {among[random.randrange(len(among))][1].slug for _ in range(random.randrange(3))} - {competency.slug}
        companies, orgs = self._where()
        kind = random.choice(competency.question_kinds)
        levels, rubric, version = self._rubric(competency.slug)
        state, reports, month = self._reports()
        fields = {
            "id": str(UUID(int=((1_700_000_000_000 + number) << 80) | (7 << 76) | (2 << 62) | random.getrandbits(62))),
            "slug": f"{competency.slug}-{number + 1000:07d}",
            "prompt": escaped(self._speaker.prompt(competency, kind, self._names[companies[0]] if companies else None)),
            "context": self._speaker.context() if random.randrange(4) == 0 else NULL,
            "kind": kind,
            "round_kind": random.choice(self._rounds[topic]),
            "minutes": str(random.choice(MINUTES)),
            "levels": array(levels),
            "topic_slug": topic,
            "subtopic_slug": subtopic,
            "competencies": array([competency.slug, *sorted(others)]),
            "companies": array(companies),
            "orgs": array(orgs),
            "provenance": state,
            "reports": str(reports),
            "last_reported": month,
            "origin": "desk",
            "rubric_version": version,
            "retired_at": "2026-06-01T00:00:00Z" if random.randrange(50) == 0 else NULL,
            **rubric.columns,
        }
        return [fields[name] for name in COLUMNS]

    def _where(self) -> tuple[list[str], list[str]]:
        """(companies, orgs): three in five are for any company, one in twenty is for several."""
        random, draw = self._random, self._random.random()
        if draw < 0.6:
            return [], []
        count = 1 if draw < 0.95 else random.randint(2, 4)
        companies = list(dict.fromkeys(random.choices(self._companies, cum_weights=self._company_weights, k=count)))
        orgs = [random.choice(self._orgs[slug]) for slug in companies if self._orgs[slug] and random.random() < 0.7]
        return companies, orgs

    def _rubric(self, slug: str) -> tuple[list[str], Rubric, str]:
        """(levels, rubric, its version): some of each competency are made once and used again."""
        made = self._rubrics.setdefault(slug, [])
        if len(made) < VARIANTS:
            competency = self._files.competencies[slug][2]
            levels = self._levels()
            rubric = self._speaker.rubric(competency, levels, self._dimensions)
            made.append((levels, rubric, hashlib.sha256(rubric.columns["signals"].encode()).hexdigest()))
            return made[-1]
        return self._random.choice(made)

    def _levels(self) -> list[str]:
        """Two or three neighbours of the ladder, most often around its middle."""
        known = self._files.levels
        first = min(len(known) - 2, max(0, round(self._random.gauss(1.6, 1.2))))
        return known[first : first + self._random.choice((2, 2, 3))]

    def _reports(self) -> tuple[str, int, str]:
        """(provenance, reports, month of the last): the recent months have most."""
        random = self._random
        state = random.choices([name for name, _ in STATES], [weight for _, weight in STATES])[0]
        if state == "editorial":
            return state, 0, NULL
        months = TODAY.year * 12 + TODAY.month - 1 - min(23, int(random.expovariate(1 / 7)))
        reports = 1 if state == "reported" else random.randint(2, 5)
        return state, reports, f"{months // 12}-{months % 12 + 1:02d}-01"


def array(values: Sequence[str]) -> str:
    """Slugs as an array of PostgreSQL."""
    return "{" + ",".join(values) + "}"
