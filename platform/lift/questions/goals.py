"""What the bank is to have, and what of it is missing: the promises that its pages make, as data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lift.catalog.files import CatalogFiles
from lift.catalog.role_rounds import is_led
from lift.questions.spread import Spread

ROLE = "backend-engineer"
"""The role that is served first."""
ALL, OF_THE_ROLE = 1_500, 1_300
EACH_COMPETENCY, EACH_EMPHASISED, EMPHASISED = 5, 10, 60
EACH_COMPANY = 20
COMPANIES: Mapping[str, int] = {"microsoft": 120} | dict.fromkeys(
    ("google", "amazon", "meta", "apple", "netflix", "stripe", "uber"), 40
)
"""Companies that are to have more than each."""
OVER_ITS_ORGS = ("microsoft",)
"""Companies whose questions are to be spread over all of their orgs."""
LEVELS: Sequence[tuple[str, Sequence[str], int]] = (
    ("entry", ("entry",), 20),
    ("mid", ("mid",), 30),
    ("senior", ("senior",), 30),
    ("staff and above", ("staff", "principal", "distinguished", "partner"), 15),
)
"""Name, levels, per cent of the questions that suit one of them."""
KINDS: Mapping[str, int] = {"debug": 12, "review": 12, "estimate": 12}
"""Per cent of the questions; others have few of these."""
TOPICS: Mapping[str, int] = {"behavioural": 120}
EACH_ROUND = 15
ROUNDS: Mapping[str, int] = {"coding": 80, "low-level-design": 80}
"""Round kinds that are to have more than each."""


@dataclass(frozen=True)
class Goal:
    """So many are wanted, so many there are."""

    group: str
    name: str
    have: int
    want: int
    unit: str = "questions"

    @property
    def met(self) -> bool:
        """Whether there are enough."""
        return self.have >= self.want

    def __str__(self) -> str:
        return f"{self.group}: {self.name} has {self.have} of {self.want} {self.unit}"


def goals(spread: Spread) -> Sequence[Goal]:
    """Every goal with where it stands."""
    return [
        *_totals(spread),
        *_competencies(spread),
        *_companies(spread),
        *_shares(spread),
        *(Goal("topic", topic, spread.by_topic[topic], want) for topic, want in TOPICS.items()),
        *_rounds(spread),
    ]


def emphasised(files: CatalogFiles) -> Sequence[tuple[str, int]]:
    """(competency, companies whose emphasis names it) of the most named; ties go to the heavier topic, then by name."""
    named = Counter(slug for company in files.companies.companies for slug in company.emphasis)
    role = next(role for role in files.roles.roles if role.slug == ROLE)
    weights = {topic.slug: topic.weight for topic in role.topics}
    # The topics of other roles have no weight in this one.
    ranked = sorted(
        ((slug, weights[topic.slug]) for slug, (topic, _, _) in files.competencies.items() if topic.slug in weights),
        key=lambda pair: (-named[pair[0]], -pair[1], pair[0]),
    )
    return [(slug, named[slug]) for slug, _ in ranked[:EMPHASISED]]


def _totals(spread: Spread) -> Iterator[Goal]:
    role = next(role for role in spread.files.roles.roles if role.slug == ROLE)
    its_topics = {topic.slug for topic in role.topics}
    yield Goal("bank", "all", len(spread.questions), ALL)
    yield Goal("role", role.slug, sum(spread.by_topic[topic] for topic in its_topics), OF_THE_ROLE)


def _competencies(spread: Spread) -> Iterator[Goal]:
    most_named = {slug for slug, _ in emphasised(spread.files)}
    have = spread.by_competency
    for slug in spread.files.competencies:
        yield Goal("competency", slug, have[slug], EACH_EMPHASISED if slug in most_named else EACH_COMPETENCY)


def _companies(spread: Spread) -> Iterator[Goal]:
    own = spread.own
    for company in spread.files.companies.companies:
        yield Goal("company", company.slug, own[company.slug], COMPANIES.get(company.slug, EACH_COMPANY))
        if company.slug in OVER_ITS_ORGS:
            orgs = {team.slug for team in company.orgs.teams}
            set_in = {
                org for question in spread.questions if question.companies == [company.slug] for org in question.orgs
            }
            yield Goal("orgs", company.slug, len(orgs & set_in), len(orgs), "orgs")


def _shares(spread: Spread) -> Iterator[Goal]:
    whole = len(spread.questions) or 1
    for name, levels, want in LEVELS:
        yield Goal("level", name, 100 * spread.suiting(levels) // whole, want, "per cent")
    by_kind = spread.by_kind
    for kind, want in KINDS.items():
        yield Goal("kind", kind, 100 * by_kind[kind] // whole, want, "per cent")


def _rounds(spread: Spread) -> Iterator[Goal]:
    held = {r.kind for company in spread.files.companies.companies for r in company.loop.rounds}
    by_round = spread.by_round
    for kind in spread.files.rounds.rounds:
        if kind.slug in held and is_led(kind.run_by):
            yield Goal("round", kind.slug, by_round[kind.slug], ROUNDS.get(kind.slug, EACH_ROUND))
