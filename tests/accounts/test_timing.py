"""What an answer costs does not tell whether an address has an account."""

from collections.abc import Callable, Iterator
from itertools import count
from statistics import median
from time import process_time

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lift.accounts.models import Tries
from lift.notifications.models import MailMessage
from tests.accounts.conftest import EMAIL, Browser

ROUNDS = 15
TIMES = 4
TOLERANCE = 1.1

Ask = Callable[[Browser, str], object]

ASKED: dict[str, Ask] = {
    "sign-up": lambda browser, address: browser.sign_up(address, "what a stranger chose"),
    "log-in": lambda browser, address: browser.log_in(address, "not the password"),
    "reset": lambda browser, address: browser.post("/forgot", email=address),
}


def free_addresses() -> Iterator[str]:
    return (f"nobody{number}@example.org" for number in count())


@pytest.mark.parametrize("what", ASKED)
def test_a_free_address_costs_as_much_as_a_taken_one(app: Flask, session: Session, verified: str, what: str) -> None:
    free = free_addresses()

    def cost(address: str) -> float:
        # Each round is a first one: no tries were counted and no mail has left.
        for table in (Tries, MailMessage):
            session.execute(delete(table))
        session.commit()
        browser = Browser(app)
        started = process_time()
        ASKED[what](browser, address)
        return process_time() - started

    def ratio() -> float:
        # One after the other, so that what else the machine does falls on both; CPU time, so that waiting does not count.
        pairs = [(cost(EMAIL), cost(next(free))) for _ in range(ROUNDS)]
        taken, nobody = (median(times) for times in zip(*pairs, strict=True))
        return taken / nobody

    cost(EMAIL), cost(next(free))
    # A difference that is ours shows every time; one of a busy machine does not.
    ratios: list[float] = []
    while len(ratios) < TIMES and not (ratios and 1 / TOLERANCE <= ratios[-1] <= TOLERANCE):
        ratios.append(ratio())
    assert 1 / TOLERANCE <= ratios[-1] <= TOLERANCE, ratios
