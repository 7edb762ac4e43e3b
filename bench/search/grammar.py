"""Texts of generated questions: sentences of a small grammar around the catalogue's words, and names from a long tail.

A word of the grammar stands in thousands of questions, a term of a competency in hundreds, a name of a system in a
handful or in one: what a full-text search meets in a bank that people wrote.
"""

import itertools
import json
from random import Random
from typing import Any

from lift.catalog.schema import Competency

SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ren",
    "tas",
    "vor",
    "ne",
    "qui",
    "sil",
    "dra",
    "be",
    "ost",
    "lum",
    "pha",
    "ger",
    "ix",
    "ula",
    "tem",
    "bor",
    "cyn",
]
NAMES = tuple("".join(parts).capitalize() for parts in itertools.product(SYLLABLES, repeat=4))
"""160,000 names of systems; how often each is used falls off like Zipf's."""

OWNERS = (
    "a payments team",
    "a platform group of forty people",
    "a retailer with two thousand shops",
    "a games studio",
    "an airline",
    "a hospital network",
    "a bank's fraud desk",
    "a maps team",
    "a start-up that was just bought",
    "an energy supplier",
    "a newsroom",
    "a logistics company",
    "a regulator",
    "an insurer",
    "a public broadcaster",
    "a hosting provider",
)
THINGS = (
    "service",
    "gateway",
    "queue",
    "pipeline",
    "index",
    "scheduler",
    "ledger",
    "catalogue",
    "session store",
    "notification fan-out",
    "search cluster",
    "upload endpoint",
    "recommendation feed",
    "inventory API",
    "billing job",
    "audit trail",
)
ADJECTIVES = [
    "small",
    "busy",
    "shared",
    "stateless",
    "replicated",
    "sharded",
    "critical",
    "forgotten",
    "regional",
    "multi-tenant",
    "rewritten",
]
UNITS = ["requests", "events", "writes", "messages", "uploads", "sessions", "orders", "lookups"]
EVENTS = (
    "a release on Tuesday",
    "the move to a second region",
    "a schema change",
    "the sale began",
    "a partner doubled its traffic",
    "certificates were renewed",
    "the cache was resized",
    "a node was replaced",
    "a library was upgraded",
    "retries were switched on",
)
SYMPTOMS = (
    "the slowest hundredth of calls takes four seconds",
    "some customers see each other's totals",
    "one partition in twelve is hot",
    "memory grows until the process is killed",
    "duplicates appear in the nightly report",
    "errors come in bursts of a minute",
    "the queue drains only at night",
    "a third of the writes time out",
    "replicas fall behind by minutes",
    "nobody can say which version is live",
    "alerts fire and nothing looks wrong",
    "costs have tripled without more traffic",
)
ASKS = {
    "explain": "Explain to a new colleague how {term} works here and where it ends.",
    "compare": "Compare two ways to handle {term} here, and say what would change your mind.",
    "design": "Design how {term} should work for it, with the numbers that drive you.",
    "debug": "Find the cause and show how {term} comes into it.",
    "estimate": "Estimate what {term} costs it in a month, and name your assumptions.",
    "code": "Write the part that deals with {term} and test its corners aloud.",
    "review": "Review the change that touches {term}: what would you refuse, and why?",
    "scenario": "You lead the next step on {term}. What do you do first?",
}
CONTEXTS = (
    "There are {a} nodes in {b} zones. A call may take {c} milliseconds.",
    "The table has {a} million rows and {b} indexes. A deploy takes {c} minutes.",
    "{a} tenants share it, of which {b} make most of the load. The budget is {c} hours of outage a year.",
)


class Speaker:
    """Says one question after another about the competencies of the catalogue."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._name_weights = list(itertools.accumulate(1 / (rank + 10) ** 0.9 for rank in range(len(NAMES))))

    def name(self) -> str:
        """A system's name."""
        return self._random.choices(NAMES, cum_weights=self._name_weights)[0]

    def prompt(self, competency: Competency, kind: str, company: str | None) -> str:
        """25 to 60 words, as an interviewer would say them."""
        pick, number = self._random.choice, self._random.randrange
        owner = f"a team at {company}" if company else pick(OWNERS)
        setting = f"{owner[0].upper()}{owner[1:]} runs {self.name()}, a {pick(ADJECTIVES)} {pick(THINGS)} that takes {number(2, 900)} thousand {pick(UNITS)} a second."
        trouble = f"Since {pick(EVENTS)}, {pick(SYMPTOMS)}."
        beside = f" It calls {self.name()} for every {pick(UNITS)[:-1]}." if number(3) == 0 else ""
        return f"{setting}{beside} {trouble} {ASKS[kind].format(term=competency.name.lower())}"

    def context(self) -> str:
        """Two short facts."""
        number = self._random.randrange
        return self._random.choice(CONTEXTS).format(a=number(2, 90), b=number(2, 12), c=number(5, 400))

    def rubric(self, competency: Competency, levels: list[str], dimensions: list[str]) -> "Rubric":
        """Signals and what hangs on them, from the catalogue's own sentences in another order and number."""
        points = list(competency.strong_answer)
        self._random.shuffle(points)
        points = points[: self._random.randint(3, 6)]
        weights = ("must", "must", "should", "should", "bonus", "bonus")
        signals = [
            {"text": point, "weight": weight, "level": levels[0], "dimension": self._random.choice(dimensions)}
            for point, weight in zip(points, weights, strict=False)
        ]
        followups = [
            {"ask": f"What if {self._random.choice(SYMPTOMS)}?", "when_missed": 0},
            {"ask": f"And after {self._random.choice(EVENTS)}?", "deepen": levels[-1]},
        ]
        return Rubric(
            key_points="\n".join([*points, competency.name]),
            signals=json.dumps(signals),
            followups=json.dumps(followups),
            pitfalls=json.dumps(competency.common_mistakes[:3]),
            by_level=json.dumps({level: competency.levels.get(level, competency.definition) for level in levels}),
            outline=json.dumps(points),
        )


class Rubric:
    """What the columns of a rubric hold, as COPY writes it."""

    def __init__(self, **columns: Any) -> None:
        self.columns = {name: escaped(value) for name, value in columns.items()}


def escaped(text: str) -> str:
    """Text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
