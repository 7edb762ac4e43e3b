"""What a decision costs: one query, whatever the account has behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from billing.access import Holder
from billing.service import access_for
from tests.billing.world import World


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are sent within the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    session.connection()
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield sent
    event.remove(bind, "before_cursor_execute", note)


def test_a_decision_asks_the_database_once(world: World) -> None:
    payer, _ = world.subscriber()
    for account in (payer, world.account(), world.account(trial_running=False)):
        with world.uow() as session, counted(session) as sent:
            access_for(session, Holder(account, world.verified[account]), world.now)
        assert len(sent) == 1
