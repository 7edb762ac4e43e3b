"""Read side of loops: the list of one's own, and what the page of one shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, aliased

from lift.catalog.queries import round_weights
from lift.debriefs.committee import Committee, HeardRound, committee
from lift.interviews.loop_models import Loop, Round, RoundQuestion
from lift.interviews.models import Answer, AssessmentRow
from lift.questions.models import Question
from lift.scoring.rounds import RoundKind


@dataclass(frozen=True)
class LoopLine:
    """A loop in a list."""

    id: UUID
    company: str
    role: str
    level: str
    scope: str
    planned_at: datetime
    interview_on: date | None
    rounds: int
    questions: int
    answered: int


def loops(session: Session, account_id: UUID, limit: int = 20) -> Sequence[LoopLine]:
    """The account's loops, the last planned first; companies, roles and levels by their slugs."""
    rows = session.execute(
        select(
            Loop.id,
            Loop.company_slug,
            Loop.role_slug,
            Loop.level,
            Loop.scope,
            Loop.planned_at,
            Loop.interview_on,
            func.count(Round.id.distinct()),
            func.count(RoundQuestion.id),
            func.count(Answer.submitted_at),
        )
        .join(Round, Round.loop_id == Loop.id)
        .join(RoundQuestion, RoundQuestion.round_id == Round.id)
        .outerjoin(Answer, Answer.id == RoundQuestion.answer_id)
        .where(Loop.account_id == account_id)
        .group_by(Loop.id)
        .order_by(Loop.planned_at.desc(), Loop.id.desc())
        .limit(limit)
    )
    return [LoopLine(*values) for values in map(tuple, rows)]


@dataclass(frozen=True)
class Asked:
    """A question of a round that was shown."""

    prompt: str
    href: str
    state: str
    """``unfinished``, ``waiting``, ``refused`` or ``assessed``."""
    band: int | None


@dataclass(frozen=True)
class RoundLine:
    """A round as the page of its loop shows it."""

    position: int
    kind: str
    minutes: int
    run_by: str
    looks_for: str
    asked: Sequence[Asked]
    questions: int

    @property
    def left(self) -> int:
        """Questions that were not answered yet."""
        return self.questions - sum(asked.state != "unfinished" for asked in self.asked)

    @property
    def state(self) -> str:
        """``empty``, ``ahead``, ``under way``, ``being read`` or ``done``."""
        if not self.questions:
            return "empty"
        if not self.asked:
            return "ahead"
        if self.left:
            return "under way"
        return "being read" if any(asked.state == "waiting" for asked in self.asked) else "done"


@dataclass(frozen=True)
class LoopPage:
    """Everything that the page of a loop shows besides names."""

    rounds: Sequence[RoundLine]
    committee: Committee | None
    """When every question has been answered and read."""

    @property
    def minutes(self) -> int:
        """Of all rounds."""
        return sum(line.minutes for line in self.rounds)

    @property
    def done(self) -> int:
        """Rounds that are over and read."""
        return sum(line.state == "done" for line in self.rounds)


def loop_page(
    session: Session, loop: Loop, round_names: Mapping[str, str], dimension_names: Mapping[str, str]
) -> LoopPage:
    """The page of a loop that was read with its rounds and questions."""
    found = _answers(session, [answer_id for part in loop.rounds for answer_id in _begun(part)])
    lines = [_line(part, found) for part in loop.rounds]
    held = [line for line in lines if line.state != "empty"]
    if any(line.state != "done" for line in held):
        return LoopPage(lines, None)
    weights = round_weights(session, [part.kind for part in loop.rounds])
    heard = [
        HeardRound(
            part.position,
            RoundKind(part.kind, *weights[part.kind]),
            round_names.get(part.kind, part.kind),
            _readings(part, found),
        )
        for part in loop.rounds
        if part.questions
    ]
    return LoopPage(lines, committee(heard, loop.level, dimension_names))


def _readings(part: Round, found: "_Found") -> list[AssessmentRow]:
    """The valid readings of a round's answers; one that was refused tells nothing of the person."""
    read = (found[answer_id][2] for answer_id in _begun(part) if answer_id in found)
    return [reading for reading in read if reading is not None and reading.valid]


def _begun(part: Round) -> list[UUID]:
    return [question.answer_id for question in part.questions if question.answer_id is not None]


_Found = Mapping[UUID, tuple[Answer, str, AssessmentRow | None]]


def _answers(session: Session, ids: Sequence[UUID]) -> _Found:
    """Of each answer the text that was corrected last, its question's prompt and its reading."""
    first = select(Answer.id.label("first"), Answer.id.label("id"), literal(1).label("depth")).where(Answer.id.in_(ids))
    chain = first.cte("chain", recursive=True)
    newer = aliased(Answer)
    chain = chain.union_all(
        select(chain.c.first, newer.id, chain.c.depth + 1).join(chain, newer.corrects_id == chain.c.id)
    )
    rows = session.execute(
        select(chain.c.first, Answer, Question.prompt, AssessmentRow)
        .join(Answer, Answer.id == chain.c.id)
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(AssessmentRow, AssessmentRow.answer_id == Answer.id)
        .order_by(chain.c.depth)
    )
    return {first_id: (answer, prompt, reading) for first_id, answer, prompt, reading in rows}


def _line(part: Round, found: _Found) -> RoundLine:
    asked = [_asked(*found[answer_id]) for answer_id in _begun(part) if answer_id in found]
    return RoundLine(part.position, part.kind, part.minutes, part.run_by, part.looks_for, asked, len(part.questions))


def _asked(answer: Answer, prompt: str, reading: AssessmentRow | None) -> Asked:
    if answer.submitted_at is None:
        return Asked(prompt, f"/practice/{answer.id}", "unfinished", None)
    state = "waiting" if reading is None else "assessed" if reading.valid else "refused"
    return Asked(prompt, f"/debriefs/{answer.id}", state, reading.band if reading else None)


@dataclass(frozen=True)
class Place:
    """Where in a loop an answer stands."""

    loop_id: UUID
    company: str
    kind: str
    position: int
    rounds: int
    number: int
    questions: int


def place_of(session: Session, answer_id: UUID) -> Place | None:
    """The place of the answer's question in the loop that it was begun in; None of an answer outside of any."""
    others = aliased(RoundQuestion)
    row = session.execute(
        select(
            Loop.id,
            Loop.company_slug,
            Round.kind,
            Round.position,
            select(func.count()).select_from(Round).where(Round.loop_id == Loop.id).correlate(Loop).scalar_subquery(),
            RoundQuestion.position,
            select(func.count())
            .where(others.round_id == RoundQuestion.round_id)
            .correlate(RoundQuestion)
            .scalar_subquery(),
        )
        .join(Round, Round.id == RoundQuestion.round_id)
        .join(Loop, Loop.id == Round.loop_id)
        .where(RoundQuestion.answer_id == answer_id)
        .order_by(Loop.planned_at.desc())
        .limit(1)
    ).first()
    return Place(*row) if row else None
