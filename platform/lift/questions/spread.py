"""How the questions spread over topics, kinds, levels and companies, with the holes named."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lift.catalog.files import CatalogFiles
from lift.questions.format import QuestionPart

KINDS = ("explain", "compare", "design", "debug", "estimate", "code", "review", "scenario")
RARE_ELSEWHERE = ("debug", "review", "estimate")
"""Kinds that shall make about a third."""
STEPS = ("entry", "mid", "senior", "principal", "partner")


@dataclass(frozen=True)
class Spread:
    """Tables for reading, and the holes."""

    tables: Sequence[str]
    holes: Sequence[str]

    def __str__(self) -> str:
        holes = [f"hole: {hole}" for hole in self.holes] or ["no holes"]
        return "\n\n".join([*self.tables, "\n".join(holes)])


def _table(title: str, rows: Iterable[str], columns: Sequence[str], cells: Counter[tuple[str, str]]) -> str:
    names = list(rows)
    widest = max([len(title), *(len(name) for name in names)])
    head = "  ".join([title.ljust(widest), *(column[:11].rjust(11) for column in columns)])
    body = [
        "  ".join([name.ljust(widest), *(str(cells[name, column] or "·").rjust(11) for column in columns)])
        for name in names
    ]
    return "\n".join([head, *body])


def spread(questions: Sequence[QuestionPart], files: CatalogFiles) -> Spread:
    """Count ``questions`` by topic × kind, topic × level and topic × company."""
    topics = [topic.slug for topic in files.topics.topics]
    where = {question.id: files.competencies[question.id.rsplit("-", 1)[0]] for question in questions}
    kinds: Counter[tuple[str, str]] = Counter()
    levels: Counter[tuple[str, str]] = Counter()
    companies: Counter[tuple[str, str]] = Counter()
    subtopics: Counter[str] = Counter()
    for question in questions:
        topic, subtopic, _ = where[question.id]
        kinds[topic.slug, question.kind] += 1
        subtopics[subtopic.slug] += 1
        for level in question.levels:
            levels[topic.slug, level] += 1
        for company in question.companies or ["any"]:
            companies[topic.slug, company] += 1
    named = sorted({company for _, company in companies})
    holes = [f"topic {t} has no question" for t in topics if not any(kinds[t, k] for k in KINDS)]
    holes += [
        f"sub-topic {s.slug} has no question" for t in files.topics.topics for s in t.subtopics if not subtopics[s.slug]
    ]
    holes += [f"topic {t} has no question for {level}" for t in topics for level in STEPS if not levels[t, level]]
    rare = sum(number for (_, kind), number in kinds.items() if kind in RARE_ELSEWHERE)
    if questions and rare < 0.25 * len(questions):
        holes.append(f"only {rare} of {len(questions)} are debug, review or estimate; a third is wanted")
    tables = [
        _table("topic × kind", topics, KINDS, kinds),
        _table("topic × level", topics, files.levels, levels),
        _table("topic × company", topics, named, companies),
    ]
    return Spread(tables, holes)
