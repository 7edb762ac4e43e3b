"""Two things at once, in two connections."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session, sessionmaker

from billing.models import CompRow
from lift.accounts.models import Account
from lift.kernel.db import unit_of_work
from lift.kernel.jobs import JobRow
from lift.questions.models import Question
from lift.submissions import service
from lift.submissions.ladder import State
from lift.submissions.models import Report
from tests.factories import a_question, an_account
from tests.submissions.reporting import BASE, SENDING, SEPTEMBER


@pytest.fixture
def factory(engine: Engine, now: datetime) -> Iterator[sessionmaker[Session]]:
    """Real transactions; what they leave is taken away afterwards."""
    made = sessionmaker(engine, expire_on_commit=False)
    yield made
    with unit_of_work(made) as session:
        for account_id in session.execute(select(Account.id)).scalars().all():
            service.forget_account(session, account_id, now)
        for table in (Account, CompRow, JobRow):
            session.execute(delete(table))


def people(factory: sessionmaker[Session], now: datetime, number: int) -> tuple[UUID, list[UUID]]:
    with unit_of_work(factory) as session:
        question = a_question(session)
        return question.id, [an_account(session, now, f"racer{n}@example.org").id for n in range(number)]


def at_once(*works: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result(timeout=60)


def test_two_reports_at_once_see_each_other(factory: sessionmaker[Session], now: datetime) -> None:
    question, (ada, bob) = people(factory, now, 2)

    def send(account: UUID, network: bytes, **changes: object) -> None:
        with unit_of_work(factory) as session:
            sending = replace(SENDING, question_id=question, **changes)  # type: ignore[arg-type]  # fields of it
            service.send(session, account, sending, network, now, base_url=BASE)

    at_once(lambda: send(ada, b"a"), lambda: send(bob, b"b", month=SEPTEMBER))
    with factory() as session:
        assert session.execute(select(Report.state)).scalars().all() == [State.CORROBORATED] * 2
        assert session.get_one(Question, question).provenance == "corroborated"


def test_the_reward_is_given_once_however_many_reports_come_at_once(
    factory: sessionmaker[Session], now: datetime
) -> None:
    _, (ada,) = people(factory, now, 1)

    def send(words: str) -> None:
        with unit_of_work(factory) as session:
            service.send(session, ada, replace(SENDING, words=words), b"a", now, base_url=BASE)

    words = [f"How does a cache with {n} shards lose one of them?" for n in ("two", "five", "nine", "many")]
    at_once(*(lambda text=one: send(text) for one in words))  # type: ignore[misc]  # the default binds the loop's value
    with factory() as session:
        assert session.execute(text("SELECT count(*) FROM reports")).scalar_one() == 4
        assert len(session.execute(select(CompRow)).all()) == 1
