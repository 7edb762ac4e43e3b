"""How the questions spread over topics, kinds, levels, companies and rounds: counts for a table and for a program."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from lift.catalog.files import CatalogFiles
from lift.catalog.schema import Kinds
from lift.questions.format import QuestionPart

KINDS: Sequence[str] = get_args(Kinds)
ANY = "any"
"""Stands for the companies of a question that names none."""
Place = Callable[[QuestionPart], tuple[Sequence[str], Sequence[str]]]
"""The rows and columns of a table that a question counts in."""


@dataclass(frozen=True)
class Table:
    """Numbers by row and column; what is missing is 0."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Mapping[tuple[str, str], int]

    def __str__(self) -> str:
        widest = max([len(self.title), *(len(name) for name in self.rows)])
        widths = [max(len(column), 4) for column in self.columns]
        head = [self.title.ljust(widest), *(c.rjust(w) for c, w in zip(self.columns, widths, strict=True))]
        body = [
            [row.ljust(widest), *(self._cell(row, c).rjust(w) for c, w in zip(self.columns, widths, strict=True))]
            for row in self.rows
        ]
        return "\n".join("  ".join(line) for line in [head, *body])

    def _cell(self, row: str, column: str) -> str:
        return str(self.cells.get((row, column)) or "·")

    @property
    def data(self) -> Mapping[str, Mapping[str, int]]:
        """Row → column → number."""
        return {row: {c: self.cells.get((row, c), 0) for c in self.columns} for row in self.rows}


@dataclass(frozen=True)
class Spread:
    """The questions counted in every way that a goal asks for."""

    questions: Sequence[QuestionPart]
    files: CatalogFiles

    @property
    def topics(self) -> Sequence[str]:
        """Slugs in the order of the catalogue."""
        return [topic.slug for topic in self.files.topics.topics]

    def topic_of(self, question: QuestionPart) -> str:
        """The topic whose file it stands in."""
        return self.files.competencies[competency_of(question)][0].slug

    @property
    def by_competency(self) -> Counter[str]:
        """Questions in the file of each competency."""
        return Counter(competency_of(question) for question in self.questions)

    @property
    def own(self) -> Counter[str]:
        """Questions that name one company and no other."""
        return Counter(q.companies[0] for q in self.questions if len(q.companies) == 1)

    @property
    def by_round(self) -> Counter[str]:
        """Questions of each round kind."""
        return Counter(question.round for question in self.questions)

    @property
    def by_kind(self) -> Counter[str]:
        """Questions of each kind."""
        return Counter(question.kind for question in self.questions)

    @property
    def by_topic(self) -> Counter[str]:
        """Questions of each topic."""
        return Counter(self.topic_of(question) for question in self.questions)

    def suiting(self, levels: Iterable[str]) -> int:
        """Questions for at least one of the levels."""
        wanted = set(levels)
        return sum(not wanted.isdisjoint(question.levels) for question in self.questions)

    @property
    def tables(self) -> Sequence[Table]:
        """Topic × kind, topic × level, company × topic, company × kind, company × level, round × level."""
        companies = [ANY, *(company.slug for company in self.files.companies.companies)]
        rounds = [r.slug for r in self.files.rounds.rounds if self.by_round[r.slug]]
        levels = self.files.levels
        return [
            self._table("topic × kind", self.topics, KINDS, lambda q: ([self.topic_of(q)], [q.kind])),
            self._table("topic × level", self.topics, levels, lambda q: ([self.topic_of(q)], q.levels)),
            self._table("kind × level", KINDS, levels, lambda q: ([q.kind], q.levels)),
            self._table(
                "company × topic", companies, self.topics, lambda q: (q.companies or [ANY], [self.topic_of(q)])
            ),
            self._table("company × kind", companies, KINDS, lambda q: (q.companies or [ANY], [q.kind])),
            self._table("company × level", companies, levels, lambda q: (q.companies or [ANY], q.levels)),
            self._table("round × level", rounds, levels, lambda q: ([q.round], q.levels)),
        ]

    def _table(self, title: str, rows: Sequence[str], columns: Sequence[str], place: Place) -> Table:
        cells: Counter[tuple[str, str]] = Counter()
        for question in self.questions:
            its_rows, its_columns = place(question)
            cells.update((row, column) for row in its_rows for column in its_columns)
        return Table(title, rows, columns, cells)


def competency_of(question: QuestionPart) -> str:
    """The competency that its id begins with."""
    return question.id.rsplit("-", 1)[0]
