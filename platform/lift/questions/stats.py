"""Figures of the shipped questions: goals, tables, lengths, likeness, second readings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lift.catalog.files import read_catalog
from lift.catalog.yaml_source import ContentError
from lift.questions.format import QuestionPart, read_questions
from lift.questions.goals import Goal, emphasised, goals
from lift.questions.linter import names_of
from lift.questions.readings import all_readings
from lift.questions.similarity import (
    SAME_MEANING,
    SAME_SKELETON,
    SAME_WORDS,
    Embed,
    close_pairs,
    grams,
    meaning_pairs,
    skeleton_pairs,
    words,
)
from lift.questions.spread import Spread, Table

LIKENESS_FROM: Mapping[str, tuple[float, float]] = {
    "words (5-gram Jaccard)": (0.2, SAME_WORDS),
    "skeleton (Jaccard without names and numbers)": (0.4, SAME_SKELETON),
    "meaning (cosine)": (0.8, SAME_MEANING),
}
"""From where pairs are counted, and from where they are one question."""


@dataclass(frozen=True)
class Range:
    """The least, the quartiles and the most of what each question has."""

    what: str
    least: int
    lower: int
    middle: int
    upper: int
    most: int


@dataclass(frozen=True)
class Likeness:
    """How near the questions come to one another."""

    by: str
    closest: tuple[str, str, float] | None
    near: int
    """Pairs at or above ``near_from``."""
    near_from: float
    same: int
    """Pairs that are one question, which the linter refuses."""
    same_from: float


@dataclass(frozen=True)
class Stats:
    """Everything that ``lift content stats`` prints."""

    questions: int
    goals: Sequence[Goal]
    emphasised: Sequence[tuple[str, int, int]]
    """(competency, companies that name it, questions) of those named most."""
    tables: Sequence[Table]
    lengths: Sequence[Range]
    likeness: Sequence[Likeness]
    readings: Mapping[str, int]
    """Verdict → second readings."""

    @property
    def holes(self) -> Sequence[Goal]:
        """The goals that are not met."""
        return [goal for goal in self.goals if not goal.met]

    @property
    def data(self) -> dict[str, Any]:
        """All of it in plain values."""
        return {
            "questions": self.questions,
            "holes": [str(goal) for goal in self.holes],
            "goals": [asdict(goal) | {"met": goal.met} for goal in self.goals],
            "emphasised": [
                {"competency": slug, "companies": named, "questions": have} for slug, named, have in self.emphasised
            ],
            "tables": {table.title: table.data for table in self.tables},
            "lengths": [asdict(length) for length in self.lengths],
            "likeness": [asdict(likeness) for likeness in self.likeness],
            "readings": dict(self.readings),
        }


def stats(content: Path, *, embed: Embed | None = None) -> Stats:
    """Read the content and count; without ``embed`` the likeness of meaning is left out. ContentError when it is faulty."""
    files = read_catalog(content)
    placed, problems = read_questions(content)
    if problems:
        raise ContentError(problems)
    questions = [item.question for item in placed]
    spread = Spread(questions, files)
    have = spread.by_competency
    prompts = {question.id: question.spoken for question in questions}
    near = {name: limit for name, (limit, _) in LIKENESS_FROM.items()}
    by_words, by_skeleton, by_meaning = near
    pairs = {
        by_words: list(close_pairs({i: grams(words(text)) for i, text in prompts.items()}, near[by_words])),
        by_skeleton: list(skeleton_pairs(prompts, names_of(files), near[by_skeleton])),
    }
    if embed and prompts:
        pairs[by_meaning] = list(meaning_pairs(prompts, embed, near[by_meaning]))
    return Stats(
        len(questions),
        goals(spread),
        [(slug, named, have[slug]) for slug, named in emphasised(files)],
        spread.tables,
        lengths(questions),
        [_likeness(by, found) for by, found in pairs.items()],
        Counter(reading.verdict for reading in all_readings(content)),
    )


def lengths(questions: Sequence[QuestionPart]) -> Sequence[Range]:
    """How long the parts of the questions are."""
    measured: Mapping[str, Sequence[int]] = {
        "words of the prompt": [len(q.spoken.split()) for q in questions],
        "words of the context": [len((q.context or "").split()) for q in questions],
        "signals": [len(q.signals) for q in questions],
        "words of a signal": [len(s.text.split()) for q in questions for s in q.signals],
        "follow-ups": [len(q.followups) for q in questions],
        "words of the outline": [sum(len(step.split()) for step in q.outline) for q in questions],
        "minutes": [q.minutes for q in questions],
    }
    return [_range(what, sorted(values)) for what, values in measured.items() if values]


def _range(what: str, values: Sequence[int]) -> Range:
    last = len(values) - 1
    least, lower, middle, upper, most = (values[round(last * part / 4)] for part in range(5))
    return Range(what, least, lower, middle, upper, most)


def _likeness(by: str, pairs: Sequence[tuple[str, str, float]]) -> Likeness:
    near_from, same_from = LIKENESS_FROM[by]
    closest = max(pairs, key=lambda pair: pair[2], default=None)
    same = sum(likeness >= same_from for _, _, likeness in pairs)
    return Likeness(by, closest, len(pairs), near_from, same, same_from)
