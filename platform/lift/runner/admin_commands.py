"""`lift admin`: who runs the place, and who reviews what candidates report."""

import getpass
from uuid import uuid4

from billing.operators import record
from lift.accounts import people
from lift.accounts.people import Role
from lift.kernel.db import unit_of_work
from lift.kernel.settings import Settings
from lift.runner.errors import RunnerError
from lift.wiring import build

GIVEN = {
    Role.ADMIN: ("now runs", "already ran", "the place: /desk is open to them."),
    Role.REVIEWER: ("now reviews", "already reviewed", "reports: /desk/reviews is open to them."),
}
TAKEN = {
    Role.ADMIN: ("runs the place no more.", "did not run the place."),
    Role.REVIEWER: ("reviews reports no more.", "did not review reports."),
}


def grant(email: str, role: str) -> None:
    """Give a person a role, written down in the audit log."""
    chosen, wired = _role(role), build(Settings())
    now = wired.clock.now()
    with unit_of_work(wired.session_factory) as session:
        found = people.by_email(session, email)
        given = people.grant(session, found, chosen, now)
        if given:
            who, why = f"command line ({getpass.getuser()})", "lift admin grant"
            record(session, f"role:{uuid4()}", found.id, who=who, what=f"{chosen}_granted", why=why, now=now)
    new, old, rest = GIVEN[chosen]
    print(f"{found.email} {new if given else old} {rest}")


def revoke(email: str, role: str) -> None:
    """Take a role from a person, written down in the audit log."""
    chosen, wired = _role(role), build(Settings())
    with unit_of_work(wired.session_factory) as session:
        found = people.by_email(session, email)
        taken = people.revoke(session, found, chosen)
        if taken:
            who, why, now = f"command line ({getpass.getuser()})", "lift admin revoke", wired.clock.now()
            record(session, f"role:{uuid4()}", found.id, who=who, what=f"{chosen}_revoked", why=why, now=now)
    done, nothing = TAKEN[chosen]
    print(f"{found.email} {done if taken else nothing}")


def list_roles() -> None:
    """Print who has which role."""
    wired = build(Settings())
    with unit_of_work(wired.session_factory) as session:
        found = people.with_roles(session)
    for account in found:
        print(f"{account.email}: {', '.join(role for role in Role if people.has(account, role))}")
    if not found:
        print("Nobody has a role.")


def _role(name: str) -> Role:
    if name not in set(Role):
        raise RunnerError(f"There is no role {name}; there are {' and '.join(Role)}.")
    return Role(name)
