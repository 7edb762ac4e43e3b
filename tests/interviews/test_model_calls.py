"""What calls of the language model cost: reserved at the most, settled at what it was, capped by account and by day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session, sessionmaker

from lift.accounts.models import Account
from lift.interviews.model_calls import AccountPurse, Caps, ModelCall, forget, sent_to, spent_today
from lift.interviews.models import Answer
from lift.interviews.queries import reading_key
from lift.kernel.db import make_session_factory, unit_of_work
from lift.kernel.jobs import JobRow
from lift.scoring.llm.port import NOTHING, Call, Usage
from lift.scoring.llm.purse import Prices
from tests.factories import a_question, a_submitted_answer, an_account

CALL = Call("openai", "models.example", "reader-1", Usage(2000, 1000))
PRICES = Prices(Decimal("2.50"), Decimal(10), "USD")
AT_MOST = 15_000
"""Micro-dollars of ``CALL``."""


class Till:
    """Purses of people who answer, with the same caps."""

    def __init__(self, factory: sessionmaker[Session], now: datetime, caps: Caps) -> None:
        self.factory = factory
        self.now = now
        self.caps = caps

    def answer(self, email: str) -> Answer:
        with unit_of_work(self.factory) as session:
            account = an_account(session, self.now, email)
            return a_submitted_answer(session, account, a_question(session), "I would ask the owner.", self.now)

    def purse(self, answer: Answer, *, later: timedelta = timedelta(0), prices: Prices = PRICES) -> AccountPurse:
        work = partial(unit_of_work, self.factory)
        return AccountPurse(work, answer.account_id, answer.id, prices, self.caps, self.now + later)


@pytest.fixture
def till(session_factory: sessionmaker[Session], now: datetime) -> Till:
    return Till(session_factory, now, Caps(account=40_000, everybody=100_000))


def reserved(purse: AccountPurse) -> UUID:
    ticket = purse.reserve(CALL)
    assert ticket is not None
    return ticket


def test_a_call_is_noted_before_it_is_made_at_the_most_it_can_cost(till: Till, session: Session) -> None:
    answer = till.answer("ada@example.org")
    ticket = reserved(till.purse(answer))
    call = session.get_one(ModelCall, ticket)
    assert (call.outcome, call.tokens_in, call.tokens_out, call.cost_micros) == ("asked", 2000, 1000, AT_MOST)
    assert (call.provider, call.host, call.model, call.currency) == ("openai", "models.example", "reader-1", "USD")
    assert (call.account_id, call.answer_id, call.at) == (answer.account_id, answer.id, till.now)


def test_it_is_settled_at_what_it_did_cost(till: Till, session: Session) -> None:
    purse = till.purse(till.answer("ada@example.org"))
    purse.settle(ticket := reserved(purse), "read", Usage(1000, 200))
    call = session.get_one(ModelCall, ticket)
    assert (call.outcome, call.tokens_in, call.tokens_out, call.cost_micros) == ("read", 1000, 200, 4500)


def test_a_call_that_nobody_charges_costs_nothing(till: Till, session: Session) -> None:
    purse = till.purse(till.answer("ada@example.org"))
    purse.settle(ticket := reserved(purse), "limited", NOTHING)
    assert session.get_one(ModelCall, ticket).cost_micros == 0


def test_a_call_without_an_end_keeps_its_reserved_cost(till: Till, session: Session) -> None:
    purse = till.purse(till.answer("ada@example.org"))
    purse.settle(reserved(purse), "timed_out", None)
    reserved(purse)
    assert spent_today(session, purse.account_id, "USD", till.now) == (2 * AT_MOST, 2 * AT_MOST)


def test_an_account_stops_below_its_cap_and_others_go_on(till: Till) -> None:
    ada, eve = (till.purse(till.answer(f"{name}@example.org")) for name in ("ada", "eve"))
    reserved(ada)
    reserved(ada)
    assert ada.reserve(CALL) is None
    reserved(eve)


def test_the_day_stops_everybody(till: Till) -> None:
    for name in ("ada", "eve", "bob"):
        purse = till.purse(till.answer(f"{name}@example.org"))
        reserved(purse)
        reserved(purse)
    assert till.purse(till.answer("zoe@example.org")).reserve(CALL) is None


def test_the_next_day_begins_anew_at_midnight(till: Till) -> None:
    answer = till.answer("ada@example.org")
    purse = till.purse(answer)
    reserved(purse)
    reserved(purse)
    midnight = datetime(2026, 11, 25, tzinfo=UTC) - till.now
    assert till.purse(answer, later=midnight - timedelta(seconds=1)).reserve(CALL) is None
    reserved(till.purse(answer, later=midnight))


def test_another_currency_is_counted_for_itself(till: Till, session: Session) -> None:
    answer = till.answer("ada@example.org")
    reserved(till.purse(answer))
    assert spent_today(session, answer.account_id, "EUR", till.now) == (0, 0)


def test_two_workers_do_not_both_find_room_for_the_same_money(engine: Engine, now: datetime) -> None:
    """Eight at once, on connections of their own, with room for two."""
    factory = make_session_factory(engine)
    till = Till(factory, now, Caps(account=40_000, everybody=100_000))
    answer = till.answer(f"{uuid4().hex}@example.org")
    try:
        with ThreadPoolExecutor(8) as workers:
            tickets = list(workers.map(lambda _: till.purse(answer).reserve(CALL), range(8)))
        assert sum(ticket is not None for ticket in tickets) == 2
    finally:
        with unit_of_work(factory) as session:
            session.execute(delete(JobRow).where(JobRow.key == reading_key(answer.id)))
            session.execute(delete(Account).where(Account.id == answer.account_id))
        with factory() as session:
            assert spent_today(session, answer.account_id, "USD", now) == (0, 0)


def test_whom_an_answer_was_sent_to_is_known(till: Till, session: Session) -> None:
    answer, other = till.answer("ada@example.org"), till.answer("eve@example.org")
    assert sent_to(session, answer.id) == []
    purse = till.purse(answer)
    purse.settle(reserved(purse), "unreached", NOTHING)
    assert sent_to(session, answer.id) == []
    purse.settle(reserved(purse), "timed_out", None)
    assert sent_to(session, answer.id) == ["models.example"]
    assert sent_to(session, other.id) == []


def test_calls_are_forgotten_after_their_term_and_with_their_account(till: Till, session: Session) -> None:
    old, new = till.answer("ada@example.org"), till.answer("eve@example.org")
    reserved(till.purse(old))
    kept = reserved(till.purse(new, later=timedelta(days=1)))
    assert forget(session, till.now + timedelta(hours=1)) == 1
    assert session.execute(select(ModelCall.id)).scalars().all() == [kept]
