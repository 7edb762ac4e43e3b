"""F1, F2, F6: whatever dies in mid-scoring, the answer ends with one assessment, one notice, one ledger line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from lift.interviews.models import AssessmentRow, QuotaEntry
from lift.kernel.db import unit_of_work
from lift.notifications.models import Notice
from tests.factories import a_question, a_submitted_answer, an_account
from tests.faults.conftest import Stack, eventually

pytestmark = pytest.mark.fault
WITHIN = 60
ANSWER = "A unique constraint on the key decides which request wins, and the loser replays the stored response."


def submit(stack: Stack) -> UUID:
    """An answer of a new account, committed and nudged as the web does it."""
    now = datetime.now(UTC)
    with unit_of_work(stack.services.session_factory) as session:
        account = an_account(session, now, f"{uuid4().hex}@example.org")
        return a_submitted_answer(session, account, a_question(session), ANSWER, now).id


def effects(stack: Stack, answer_id: UUID) -> tuple[int, int, int]:
    """(assessments, notices, ledger lines) of the answer."""
    key = f"assessed:{answer_id}"
    with unit_of_work(stack.services.session_factory) as session:
        return (
            session.execute(select(func.count()).where(AssessmentRow.answer_id == answer_id)).scalar_one(),
            session.execute(select(func.count()).where(Notice.effect_key == key)).scalar_one(),
            session.execute(select(func.count()).where(QuotaEntry.effect_key == key)).scalar_one(),
        )


@contextmanager
def caught_in_mid_scoring(stack: Stack) -> Iterator[UUID]:
    """Hold the table of assessments, submit, and wait until a worker stands before it with its answer scored."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'assessments'::regclass"
    with stack.services.engine.connect() as holder, stack.services.engine.connect() as watcher:
        holder.execute(text("LOCK TABLE assessments IN SHARE MODE"))
        answer_id = submit(stack)
        eventually(lambda: watcher.execute(text(waiting)).scalar_one() > 0, 45, "a worker in mid-scoring")
        yield answer_id


def hurt_child(stack: Stack) -> None:
    stack.kill_pool_child()


def hurt_worker(stack: Stack) -> None:
    stack.kill_worker()
    stack.start_worker()


def hurt_broker(stack: Stack) -> None:
    stack.redis.flushall()
    stack.kill_worker()
    stack.start_worker()


@pytest.mark.parametrize("hurt", [hurt_child, hurt_worker, hurt_broker])
def test_an_answer_caught_in_mid_scoring_is_assessed_once_within_a_minute(
    stack: Stack, hurt: Callable[[Stack], None]
) -> None:
    with caught_in_mid_scoring(stack) as answer_id:
        hurt(stack)
    eventually(lambda: effects(stack, answer_id)[0] == 1, WITHIN, "an assessment")
    assert effects(stack, answer_id) == (1, 1, 1)


def test_an_answer_submitted_while_the_broker_forgets_everything_is_assessed(stack: Stack) -> None:
    answer_id = submit(stack)
    stack.redis.flushall()
    eventually(lambda: effects(stack, answer_id)[0] == 1, WITHIN, "an assessment")
    assert effects(stack, answer_id) == (1, 1, 1)
