"""Two at the same moment, on real connections of their own; what they commit is taken away afterwards."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, delete, event, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from billing.models import TrialGrant
from lift.accounts import service
from lift.accounts.models import Account, Tries, WebSession
from lift.accounts.service import Confirmed
from lift.accounts.throttle import Limit, Throttle
from lift.kernel.db import make_engine, unit_of_work
from lift.kernel.errors import RateLimited
from lift.kernel.jobs import JobRow
from lift.kernel.settings import Settings
from lift.notifications.models import MailMessage
from tests.accounts.conftest import EMAIL, PASSWORD, Post

ROUNDS = 5
OTHER = "another password entirely"
LEFT = (WebSession, MailMessage, JobRow, TrialGrant, Tries, Account)

Act = Callable[[Session], object]


@pytest.fixture
def own_engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    with made.begin() as connection:
        for table in LEFT:
            connection.execute(delete(table))
    made.dispose()


@pytest.fixture
def factory(own_engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(own_engine, expire_on_commit=False)


def at_once(factory: sessionmaker[Session], *acts: Act) -> list[object]:
    """What each act gives, all begun at one moment in transactions of their own."""
    gate = Barrier(len(acts))

    def run(act: Act) -> object:
        with unit_of_work(factory) as session:
            session.connection()
            gate.wait(10)
            return act(session)

    with ThreadPoolExecutor(len(acts)) as threads:
        return [one.result(30) for one in [threads.submit(run, act) for act in acts]]


def signed_up(factory: sessionmaker[Session], settings: Settings, now: datetime, email: str = EMAIL) -> str:
    """The token of the mail that a new account was sent."""
    with unit_of_work(factory) as session:
        service.sign_up(session, settings, email, PASSWORD, now, "")
        return Post(session, settings.base_url).link("verify", email).rpartition("/")[2]


def verify_by(token: str, settings: Settings, now: datetime) -> Act:
    def act(session: Session) -> Confirmed:
        return service.verify(session, settings, service.verification_link(session, token, now), token, now)

    return act


def sign_up_with(password: str, settings: Settings, now: datetime) -> Act:
    return lambda session: service.sign_up(session, settings, EMAIL, password, now, "")


def counted(factory: sessionmaker[Session], table: type) -> int:
    with factory() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_link_used_twice_at_once_starts_one_trial_and_is_fine_for_both(
    factory: sessionmaker[Session], settings: Settings, now: datetime
) -> None:
    for number in range(ROUNDS):
        act = verify_by(signed_up(factory, settings, now, f"ada{number}@example.org"), settings, now)
        done = at_once(factory, act, act)
        assert sorted(map(str, done)) == [Confirmed.BEFORE, Confirmed.TRIAL_STARTED]
    assert counted(factory, TrialGrant) == ROUNDS


def test_two_accounts_of_one_mailbox_confirmed_at_once_have_one_trial(
    factory: sessionmaker[Session], settings: Settings, now: datetime
) -> None:
    tokens = [signed_up(factory, settings, now, address) for address in ("ada@gmail.com", "a.da@gmail.com")]
    done = at_once(factory, *(verify_by(token, settings, now) for token in tokens))
    assert sorted(map(str, done)) == [Confirmed.NO_TRIAL, Confirmed.TRIAL_STARTED]


def test_signing_up_twice_at_once_makes_one_account_with_one_living_session(
    factory: sessionmaker[Session], settings: Settings, now: datetime
) -> None:
    at_once(factory, sign_up_with(PASSWORD, settings, now), sign_up_with(OTHER, settings, now))
    with factory() as session:
        assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 1
        living = select(func.count()).where(WebSession.ended_at.is_(None))
        assert session.execute(living).scalar_one() == 1
        assert Post(session, settings.base_url).kinds() == ["verify"]


@pytest.mark.parametrize("first", ["verify", "sign_up", "reset"])
def test_who_writes_the_account_first_lets_the_others_wait_and_nobody_waits_in_a_circle(
    own_engine: Engine, factory: sessionmaker[Session], settings: Settings, now: datetime, first: str
) -> None:
    token = signed_up(factory, settings, now)
    with unit_of_work(factory) as session:
        service.request_reset(session, settings, EMAIL, now)
        reset = Post(session, settings.base_url).link("reset").rpartition("/")[2]
    acts: dict[str, Act] = {
        "verify": verify_by(token, settings, now),
        "sign_up": sign_up_with(OTHER, settings, now),
        "reset": lambda session: service.reset_password(session, settings, reset, "a hash", now),
        "request": lambda session: service.request_reset(session, settings, EMAIL, now),
    }
    leader = acts.pop(first)
    locked, go_on = Event(), Event()

    def lead() -> object:
        with unit_of_work(factory) as session:

            @event.listens_for(session.connection(), "after_cursor_execute")
            def _pause(*args: object) -> None:
                # It holds its first lock: now the others come, and wait for it.
                if ("FOR NO KEY UPDATE" in str(args[2]) or str(args[2]).startswith("UPDATE")) and not locked.is_set():
                    locked.set()
                    go_on.wait(20)

            return act_or_stale(leader, session)

    def come(act: Act) -> object:
        with unit_of_work(factory) as session:
            return act_or_stale(act, session)

    with ThreadPoolExecutor(4) as threads:
        leading = threads.submit(lead)
        assert locked.wait(20)
        others = [threads.submit(come, act) for act in acts.values()]
        wait_until_blocked(own_engine, others)
        go_on.set()
        for one in (leading, *others):
            one.result(30)


def act_or_stale(act: Act, session: Session) -> object:
    """What the act gives; a link that another has used meanwhile is a right answer too."""
    try:
        return act(session)
    except service.StaleLink:
        return None


def wait_until_blocked(engine: Engine, others: list) -> None:  # type: ignore[type-arg]  # futures of anything
    """Until each of the others waits for a lock or is done."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    pause = Event()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(1000):
            if connection.execute(waiting).scalar_one() + sum(one.done() for one in others) >= len(others):
                return
            pause.wait(0.01)
    pytest.fail("the others neither waited nor ended")


def test_tries_at_once_are_all_counted(factory: sessionmaker[Session], now: datetime, settings: Settings) -> None:
    throttle, limit = Throttle(factory, "a secret"), Limit(5, timedelta(minutes=5))

    def try_it(_: Session) -> bool:
        try:
            throttle.hit(limit, "test", "ada", now=now)
        except RateLimited:
            return False
        return True

    assert sorted(at_once(factory, *[try_it] * 8), key=str) == [False] * 3 + [True] * 5
