"""`lift admin`: roles are given, listed and taken, and each act is written down."""

from pathlib import Path

from sqlalchemy import select

from billing.models import Audit
from lift.kernel.db import make_engine, make_session_factory, unit_of_work
from tests.runner.test_billing_commands import ada as ada
from tests.runner.test_cli import lift, one_line


def test_a_reviewer_is_let_in_listed_and_let_go(tmp_path: Path, database_url: str, ada: str) -> None:
    def admin(*arguments: str) -> str:
        return lift("admin", *arguments, home=tmp_path, LIFT_DATABASE_URL=database_url).stdout

    assert admin("list") == "Nobody has a role.\n"
    assert admin("grant", ada, "--role", "reviewer") == (
        "ada@example.org now reviews reports: /desk/reviews is open to them.\n"
    )
    assert "already reviewed" in admin("grant", ada, "--role", "reviewer")
    assert admin("list") == "ada@example.org: reviewer\n"
    assert admin("revoke", ada, "--role", "reviewer") == "ada@example.org reviews reports no more.\n"
    assert admin("revoke", ada) == "ada@example.org did not run the place.\n"
    engine = make_engine(database_url)
    with unit_of_work(make_session_factory(engine)) as session:
        acts = session.execute(select(Audit.what).order_by(Audit.at)).scalars().all()
    engine.dispose()
    assert acts == ["reviewer_granted", "reviewer_revoked"]


def test_a_role_that_there_is_not_is_named(tmp_path: Path, database_url: str) -> None:
    done = lift("admin", "grant", "ada@example.org", "--role", "king", home=tmp_path, LIFT_DATABASE_URL=database_url)
    assert one_line(done) == "There is no role king; there are reviewer and admin."
