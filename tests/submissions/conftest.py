"""Somebody who reports."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from lift.questions.models import Question
from tests.factories import a_question
from tests.submissions.reporting import Reporters


@pytest.fixture
def reporters(session: Session, now: datetime) -> Reporters:
    return Reporters(session, now)


@pytest.fixture
def question(session: Session) -> Question:
    return a_question(session, "idempotency-keys-01")
