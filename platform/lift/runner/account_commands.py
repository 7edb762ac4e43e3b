"""`lift account delete`: the whole of a deletion at once, for a request that the law backs."""

import getpass

from billing.desk import BillingError
from billing.gateway import GatewayError
from lift.accounts import people
from lift.kernel.db import unit_of_work
from lift.kernel.settings import Settings
from lift.operations import deletion
from lift.runner.errors import RunnerError
from lift.wiring import build


def delete(email: str, *, sure: bool, why: str) -> None:
    """Delete the account of the address for good; RunnerError when that was not meant, or must wait."""
    wired = build(Settings())
    with unit_of_work(wired.session_factory) as session:
        found = people.by_email(session, email)
    if not sure:
        raise RunnerError(
            f"Nothing was deleted. {found.email} would go at once and for good, with every answer and debrief: "
            "say --for-good to do it."
        )
    who = f"command line ({getpass.getuser()})"
    try:
        deletion.purge(wired.desk, found.id, wired.clock.now(), who=who, why=why)
    except (BillingError, GatewayError) as away:
        raise RunnerError(
            "The account is shut and nothing more was deleted: the payment provider did not answer or refused. "
            "It is tried again each quarter of an hour; you may also repeat the command."
        ) from away
    print("The account is deleted. What stays: the hash of its trial, and the audit trail under a pseudonym.")
