"""A question with what the catalogue says of its subject, as the copilot's rules take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from lift.catalog import queries as catalog
from lift.catalog.guidance import DimensionGuide, Guidance, guidance
from lift.catalog.queries import Names
from lift.questions.models import Question
from lift.scoring.bands import POINTS
from lift.scoring.terms import terms

BEHAVIOURAL = "behavioural"
"""The topic of questions for what somebody did."""
UNKNOWN = DimensionGuide("What the question asks", "", "", "", ())


@dataclass(frozen=True)
class QuestionFacts:
    """Everything that help with one question is made from."""

    prompt: str
    context: str
    topic: str
    behavioural: bool
    """It asks for what somebody did, not for what they would do."""
    minutes: int
    signals: Sequence[Mapping[str, Any]]
    followups: Sequence[Mapping[str, Any]]
    pitfalls: Sequence[str]
    by_level: Mapping[str, str]
    outline: Sequence[str]
    level_names: Mapping[str, str]
    guide: Guidance

    @cached_property
    def shown(self) -> frozenset[str]:
        """The terms that the page shows anyway."""
        names = [name for name, _ in self.guide.competencies]
        return terms(self.prompt, self.context, self.topic, self.guide.subtopic[0], *names, *self.by_level.values())

    @cached_property
    def hidden(self) -> Sequence[str]:
        """What nobody is told unasked: each point, and each step of the model answer."""
        return [*(str(signal["text"]) for signal in self.signals), *self.outline]

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """Points of each dimension, the heaviest first; of two alike the one whose point comes first."""
        found: dict[str, int] = {}
        for signal in self.signals:
            found[signal["dimension"]] = found.get(signal["dimension"], 0) + POINTS.get(signal["weight"], 2)
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @cached_property
    def heaviest(self) -> int:
        """The index of the must of the heaviest dimension that has one; the first point where there is no must."""
        musts = [index for index, signal in enumerate(self.signals) if signal["weight"] == "must"]
        order = list(self.weights)
        return min(musts, key=lambda index: (order.index(self.signals[index]["dimension"]), index), default=0)

    def dimension(self, slug: str) -> DimensionGuide:
        """What the rubric says of a dimension."""
        return self.guide.dimensions.get(slug, UNKNOWN)

    def level(self, slug: str) -> str:
        """A level in the words of the one company whose question it is, else in the common ones."""
        return self.level_names.get(slug, slug)


def facts_of(session: Session, question: Question, names: Names | None = None) -> QuestionFacts:
    """The facts of ``question``."""
    known = names or catalog.names(session)
    company = question.companies[0] if len(question.companies) == 1 else None
    dimensions = {signal["dimension"] for signal in question.signals}
    return QuestionFacts(
        prompt=" ".join(question.prompt.split()),
        context=question.context or "",
        topic=known.topics.get(question.topic_slug, question.topic_slug),
        behavioural=question.topic_slug == BEHAVIOURAL,
        minutes=question.minutes,
        signals=question.signals,
        followups=question.followups,
        pitfalls=question.pitfalls,
        by_level=question.by_level,
        outline=question.outline,
        level_names={slug: known.level(slug, company) for slug in known.levels},
        guide=guidance(session, dimensions, question.subtopic_slug, question.competencies),
    )
