"""Deleting one's account: what goes, when and what stays; the password again; fourteen days to change one's mind."""

import structlog
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from billing.desk import BillingError
from billing.gateway import GatewayError
from billing.subscriptions import live_snapshot
from lift.accounts import passwords, throttle
from lift.kernel.errors import RateLimited
from lift.operations import deletion
from lift.web.context import db, now, release, required_account, services
from lift.web.forms.accounts import DeletionForm
from lift.web.guards import Guard, guard
from lift.web.limits import count_try, peer, refused

blueprint = Blueprint("deletion", __name__, url_prefix="/account/delete")
log = structlog.get_logger(__name__)

ODD = "The payment provider did not take this, so your account stays as it is. Please try again in a minute."
PAGE = "accounts/delete.html"


@blueprint.get("")
@guard(Guard.LEAVE)
def show() -> ResponseReturnValue:
    """Before it is asked for: the form. After: the day, and the button that takes it back."""
    return render_template(PAGE, form=DeletionForm(formdata=None), **_facts())


def _facts() -> dict[str, object]:
    found = live_snapshot(db(), required_account().id, livemode=services().settings.livemode)
    return {"subscription": found, "undo_days": deletion.UNDO_FOR.days}


@blueprint.post("")
@guard(Guard.LEAVE)
def ask() -> ResponseReturnValue:
    """With the password; when the provider does not answer the account stays as it is."""
    account, form = required_account(), DeletionForm()
    account_id, stored, facts = account.id, account.password_hash, _facts()
    if not form.validate_on_submit():
        return render_template(PAGE, form=form, **facts), 422
    release()
    try:
        count_try(throttle.LOG_IN, "delete", f"account:{account_id}", peer())
    except RateLimited as error:
        return refused(error, PAGE, form=form, **facts)
    if not passwords.matches(stored, form.password.data):
        form.password.errors = ["This is not your password. Nothing has changed."]
        return render_template(PAGE, form=form, **facts), 422
    try:
        deletion.request(services().desk, services().settings, account_id, now())
    except (BillingError, GatewayError) as stopped:
        flash(_why(stopped), "warn")
    return redirect(url_for("deletion.show"), 303)


@blueprint.post("/undo")
@guard(Guard.LEAVE)
def undo() -> ResponseReturnValue:
    """One button, without a password: it takes nothing from anybody."""
    account_id = required_account().id
    release()
    try:
        if deletion.undo(services().desk, services().settings, account_id, now()):
            flash("Your account stays, with everything in it.", "good")
    except (BillingError, GatewayError) as stopped:
        flash(_why(stopped), "warn")
    return redirect(url_for("accounts.show"), 303)


def _why(stopped: BillingError | GatewayError) -> str:
    if isinstance(stopped, BillingError):
        return str(stopped)
    log.error("provider_refused", error=f"{type(stopped).__name__}: {stopped}"[:300])
    return ODD
