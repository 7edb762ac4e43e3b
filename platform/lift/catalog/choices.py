"""What a form offers of one company's loop, in the company's own words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import any_, select
from sqlalchemy.orm import Session

from lift.catalog.models import Company, LadderLevel, LoopRound, Org, Role, RoundKind
from lift.catalog.role_rounds import is_led


@dataclass(frozen=True)
class LevelChoice:
    """A step of the company's ladder."""

    code: str
    title: str
    common: str
    """The common level that it is compared by."""

    @property
    def label(self) -> str:
        """``Senior Software Engineer (63/64)``."""
        return f"{self.title} ({self.code})" if self.code != self.title else self.title


@dataclass(frozen=True)
class LoopChoices:
    """What one may say of a loop at a company; of an unknown company only the rounds."""

    known: bool
    levels: Sequence[LevelChoice]
    orgs: Sequence[tuple[str, str]]
    own_rounds: Sequence[tuple[str, str]]
    """(slug, name) of the rounds of its typical loop, in order, each once."""
    other_rounds: Sequence[tuple[str, str]]

    @property
    def rounds(self) -> list[tuple[str, str]]:
        """Every kind of round, the company's own first."""
        return [*self.own_rounds, *self.other_rounds]

    def level(self, code: str | None) -> LevelChoice | None:
        """The step of this code."""
        return next((level for level in self.levels if level.code == code), None)


@dataclass(frozen=True)
class LoopStep:
    """A round of a company's typical loop with what its kind is about."""

    position: int
    kind: str
    name: str
    minutes: int
    run_by: str
    looks_for: str
    levels: Sequence[str]
    """Levels that have it; empty for all."""
    topics: Sequence[str]

    @property
    def led(self) -> bool:
        """Whether somebody leads it."""
        return is_led(self.run_by)


def loop_steps(session: Session, company: str, role: str) -> list[LoopStep]:
    """The company's rounds of kinds that the role has, in order; empty when either is unknown."""
    rows = session.execute(
        select(
            LoopRound.position,
            LoopRound.kind,
            RoundKind.name,
            LoopRound.minutes,
            LoopRound.run_by,
            LoopRound.looks_for,
            LoopRound.levels,
            RoundKind.topics,
        )
        .join(RoundKind, RoundKind.slug == LoopRound.kind)
        .join(Role, Role.slug == role)
        .where(LoopRound.company_slug == company, LoopRound.kind == any_(Role.round_kinds))
        .order_by(LoopRound.position)
    )
    return [LoopStep(*row) for row in rows]


def loop_choices(session: Session, company: str) -> LoopChoices:
    """The choices of one company."""
    known = session.execute(select(Company.slug).where(Company.slug == company)).first() is not None
    levels = session.execute(
        select(LadderLevel.code, LadderLevel.title, LadderLevel.common_level)
        .where(LadderLevel.company_slug == company)
        .order_by(LadderLevel.position)
    )
    orgs = session.execute(select(Org.slug, Org.name).where(Org.company_slug == company).order_by(Org.position))
    rounds = dict(session.execute(select(RoundKind.slug, RoundKind.name).order_by(RoundKind.position)).all())
    own = dict.fromkeys(
        session.execute(
            select(LoopRound.kind).where(LoopRound.company_slug == company).order_by(LoopRound.position)
        ).scalars()
    )
    return LoopChoices(
        known,
        [LevelChoice(*row) for row in levels],
        [(slug, name) for slug, name in orgs],
        [(slug, rounds[slug]) for slug in own],
        [(slug, name) for slug, name in rounds.items() if slug not in own],
    )
