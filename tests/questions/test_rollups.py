"""Whoever changes questions renews what is counted of them; a bank of very many is counted by the hour alone."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lift.catalog.models import ContentVersion
from lift.catalog.queries import BANK
from lift.questions import broad, rollups
from lift.questions.models import Question
from lift.questions.queries import bank_counts
from lift.questions.rollups import Written
from lift.questions.subjects import subject_page


def version(session: Session) -> str | None:
    return session.execute(select(ContentVersion.digest).where(ContentVersion.name == BANK)).scalar_one_or_none()


def retire_all_of(session: Session, topic: str, now: datetime) -> None:
    session.execute(update(Question).where(Question.topic_slug == topic).values(retired_at=now))


def test_a_change_renews_every_count(session: Session, now: datetime) -> None:
    before = bank_counts(session).questions
    fewer = subject_page(session, "topic", "observability").total
    retire_all_of(session, "observability", now)
    written = rollups.refresh(session, now)
    assert written.subjects > 0
    assert written.loops > 0
    assert bank_counts(session).questions == broad.last_total(session) == before - fewer


def test_a_bank_of_very_many_is_counted_by_the_hour_and_its_pages_are_drawn_again_at_once(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollups.recount(session, now)
    counted, drawn = bank_counts(session), version(session)
    monkeypatch.setattr(rollups, "MOST_AT_ONCE", 10)
    retire_all_of(session, "observability", now)
    assert rollups.refresh(session, now) == Written(0, 0)
    assert bank_counts(session) == counted
    assert version(session) != drawn
    rollups.recount(session, now)
    assert bank_counts(session).questions < counted.questions
