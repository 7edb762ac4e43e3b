"""Notices of the product to the person."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.notifications import queries, service
from lift.web.context import db, now, required_account
from lift.web.forms.accounts import ButtonForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@guard(Guard.READ_OWN)
def index() -> ResponseReturnValue:
    found = queries.latest_notices(db(), required_account().id)
    unread = any(notice.read_at is None for notice in found)
    return render_template("notices/index.html", notices=found, unread=unread, form=ButtonForm())


@blueprint.post("/notices/read")
@guard(Guard.READ_OWN)
def read() -> ResponseReturnValue:
    service.mark_all_read(db(), required_account().id, now())
    return redirect(url_for("notices.index"), 303)
