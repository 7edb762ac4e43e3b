"""`lift billing` and `lift admin` on a sandbox and a database of their own."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete as delete_rows
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from billing.models import Audit
from billing.sandbox.testing import API_KEY, running
from lift.accounts.models import Account
from lift.kernel.db import make_engine, make_session_factory, unit_of_work
from lift.kernel.jobs import JobRow
from lift.notifications.models import MailMessage
from tests.conftest import NOW
from tests.factories import an_account
from tests.runner.test_cli import lift, one_line


@pytest.fixture
def ada(database_url: str) -> Iterator[str]:
    """A confirmed account, committed; the command line must see it. Its address."""
    engine = make_engine(database_url)
    factory = make_session_factory(engine)
    with unit_of_work(factory) as session:
        an_account(session, NOW, "ada@example.org")
        an_account(session, NOW, "eve@example.org", verified=False)
    yield "ada@example.org"
    with unit_of_work(factory) as session:
        session.execute(delete_rows(Account))
        session.execute(delete_rows(Audit))
    engine.dispose()


def test_setting_up_twice_makes_everything_once(tmp_path: Path, database_url: str) -> None:
    engine = make_engine(database_url)
    with running(engine) as sandbox:
        settings = {"LIFT_STRIPE_SECRET_KEY": API_KEY, "LIFT_STRIPE_API_BASE": sandbox.address}
        first = lift("billing", "setup", home=tmp_path, **settings).stdout
        second = lift("billing", "setup", home=tmp_path, **settings).stdout
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA stripe_sandbox CASCADE"))
    engine.dispose()
    assert first.count("made price lift_") == 6
    assert second == "The product and its prices are there (sandbox mode).\n"


def test_without_a_key_there_is_nobody_to_ask(tmp_path: Path) -> None:
    for command in ("setup", "reconcile"):
        assert one_line(lift("billing", command, home=tmp_path)).startswith("Set LIFT_STRIPE_SECRET_KEY")


def test_an_account_is_explained_by_address(tmp_path: Path, database_url: str, ada: str) -> None:
    said = lift("billing", "explain", ada, home=tmp_path, LIFT_DATABASE_URL=database_url)
    assert "decision: trial_expired" in said.stdout
    assert "why: This mailbox has had its seven days" in said.stdout
    nobody = lift("billing", "explain", "nobody@example.org", home=tmp_path, LIFT_DATABASE_URL=database_url)
    assert one_line(nobody) == "No account has the address nobody@example.org."


def test_who_runs_the_place_is_written_down_once(tmp_path: Path, database_url: str, ada: str) -> None:
    for word in ("now runs", "already ran"):
        assert word in lift("admin", "grant", ada, home=tmp_path, LIFT_DATABASE_URL=database_url).stdout
    refused = lift("admin", "grant", "eve@example.org", home=tmp_path, LIFT_DATABASE_URL=database_url)
    assert "was not confirmed" in one_line(refused)
    engine = make_engine(database_url)
    with Session(engine) as session:
        assert session.execute(select(Audit.what)).scalars().all() == ["admin_granted"]
    engine.dispose()


def test_an_account_goes_at_once_only_when_that_is_said(tmp_path: Path, database_url: str, ada: str) -> None:
    def delete(*flags: str) -> subprocess.CompletedProcess[str]:
        return lift("account", "delete", ada, *flags, home=tmp_path, LIFT_DATABASE_URL=database_url)

    assert one_line(delete()).startswith("Nothing was deleted. ada@example.org would go at once")
    assert "The account is deleted." in delete("--for-good", "--why", "a letter of 3 March").stdout
    assert one_line(delete("--for-good")) == "No account has the address ada@example.org."
    engine = make_engine(database_url)
    with Session(engine) as session:
        assert session.execute(select(Audit.what, Audit.why)).all() == [("account_deleted", "a letter of 3 March")]
        session.execute(delete_rows(MailMessage))
        session.execute(delete_rows(JobRow))
        session.commit()
    engine.dispose()
