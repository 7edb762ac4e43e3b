"""Read side of the copilot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lift.copilot.models import HINT, OUTLINE, POINT, SENTENCE, CopilotAsk


@dataclass(frozen=True)
class Asked:
    """Everything that somebody asked for on one question."""

    rows: Sequence[CopilotAsk]

    @property
    def hints(self) -> Sequence[CopilotAsk]:
        """Hints taken, by rung."""
        return sorted((row for row in self.rows if row.kind == HINT), key=lambda row: row.number)

    def hints_by(self, moment: datetime | None) -> int:
        """Hints taken by ``moment``; all of them where there is none yet."""
        return sum(moment is None or row.asked_at <= moment for row in self.hints)

    @property
    def opened(self) -> bool:
        """The model answer was asked for."""
        return any(row.kind == OUTLINE for row in self.rows)

    @property
    def points(self) -> Mapping[int, CopilotAsk]:
        """Points whose explanation was asked for."""
        return {row.number: row for row in self.rows if row.kind == POINT}

    @property
    def sentence(self) -> CopilotAsk | None:
        """The newest sentence."""
        return next((row for row in self.rows if row.kind == SENTENCE), None)


def asked(session: Session, account_id: UUID, question_id: UUID) -> Asked:
    """What the account asked for on the question."""
    statement = select(CopilotAsk).where(CopilotAsk.account_id == account_id, CopilotAsk.question_id == question_id)
    return Asked(session.execute(statement).scalars().all())


def hints_before(session: Session, account_id: UUID, question_id: UUID, moment: datetime) -> int:
    """Hints on the question that the account had taken by ``moment``: an answer submitted then was given with them."""
    statement = select(func.count()).where(
        CopilotAsk.account_id == account_id,
        CopilotAsk.question_id == question_id,
        CopilotAsk.kind == HINT,
        CopilotAsk.asked_at <= moment,
    )
    return session.execute(statement).scalar_one()


def ask_ids(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The ids of what the account asked for: jobs are about them."""
    return session.execute(select(CopilotAsk.id).where(CopilotAsk.account_id == account_id)).scalars().all()
