"""Home after log-in: what to do next."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from billing.access import Right, State
from lift.accounts import zones
from lift.accounts.models import Account
from lift.catalog import queries as catalog
from lift.interviews import queries as interviews
from lift.notifications import queries as notifications
from lift.web.context import access, db, now, required_account
from lift.web.guards import Guard, guard

blueprint = Blueprint("home", __name__)


def _days_left(account: Account) -> int | None:
    """Whole days to the interview where the person is; None without a date or when it has passed."""
    if account.interview_date is None:
        return None
    days = (account.interview_date - zones.today(now(), account.timezone)).days
    return days if days >= 0 else None


@blueprint.get("/home")
@guard(Guard.SIGNED_IN)
def show() -> ResponseReturnValue:
    account = required_account()
    recent = interviews.recent(db(), account.id, limit=5)
    companies, roles = dict(catalog.companies(db())), dict(catalog.roles(db()))
    levels = {**dict(catalog.levels(db(), None)), **dict(catalog.levels(db(), account.target_company))}
    target = [
        companies.get(account.target_company or ""),
        roles.get(account.target_role or ""),
        levels.get(account.target_level or ""),
    ]
    return render_template(
        "home/show.html",
        verified=access().state is not State.UNVERIFIED,
        may_practise=access().may(Right.PRACTISE),
        may_read=access().may(Right.READ_OWN),
        target=[name for name in target if name],
        days=_days_left(account),
        recent=recent,
        unfinished=next((item for item in recent if item.state == "unfinished"), None),
        debrief=next((item for item in recent if item.state == "assessed"), None),
        unread=notifications.unread_count(db(), account.id),
    )
