"""What the person prepares for; each part may be skipped."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.accounts import service, zones
from lift.catalog import queries as catalog
from lift.web.context import db, now, required_account
from lift.web.forms.accounts import OnboardingForm
from lift.web.forms.choices import choices
from lift.web.guards import Guard, guard

blueprint = Blueprint("onboarding", __name__)

OPEN = ("", "Not sure yet")


def _form() -> OnboardingForm:
    account = required_account()
    form = OnboardingForm(
        company=account.target_company or "",
        role=account.target_role or "",
        level=account.target_level or "",
        interview_date=account.interview_date,
    )
    form.company.choices = choices([OPEN, *catalog.companies(db())])
    form.role.choices = choices([OPEN, *catalog.roles(db())])
    # The steps that all ladders are compared by: the company may change in this very form.
    form.level.choices = choices([OPEN, *catalog.levels(db(), None)])
    form.earliest = zones.today(now(), account.timezone)
    return form


@blueprint.get("/onboarding")
@guard(Guard.READ_OWN)
def show() -> ResponseReturnValue:
    return render_template("onboarding/show.html", form=_form())


@blueprint.post("/onboarding")
@guard(Guard.READ_OWN)
def save() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return render_template("onboarding/show.html", form=form), 422
    service.complete_onboarding(
        db(),
        required_account(),
        company=form.company.data,
        role=form.role.data,
        level=form.level.data,
        interview_date=form.interview_date.data,
        now=now(),
    )
    flash("Saved. You can change it at any time.", "good")
    return redirect(url_for("home.show"), 303)
