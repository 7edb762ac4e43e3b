"""Sign-up, log-in, log-out, reset, and the account's own page."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from billing.access import State
from lift.accounts import passwords, service, sessions, throttle
from lift.accounts.redirects import local_path
from lift.accounts.throttle import address_key
from lift.kernel.errors import Invalid, RateLimited
from lift.web.context import access, db, now, release, required_account, services
from lift.web.forms.accounts import ForgotForm, LogInForm, ResetForm, SignUpForm, TimeZoneForm
from lift.web.guards import Guard, guard
from lift.web.limits import count_try, peer, refused
from lift.web.login import end_current, sign_in

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-up")
@guard(Guard.ANONYMOUS)
def sign_up() -> ResponseReturnValue:
    return render_template("accounts/sign_up.html", form=SignUpForm())


@blueprint.post("/sign-up")
@guard(Guard.ANONYMOUS)
def sign_up_submit() -> ResponseReturnValue:
    """The same answer whether or not the address is known."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_up.html", form=form), 422
    release()
    agent = request.user_agent.string
    try:
        count_try(throttle.SIGN_UP, "sign-up", peer())
        token = service.sign_up(db(), services().settings, form.email.data, form.password.data, now(), agent)
    except RateLimited as error:
        return refused(error, "accounts/sign_up.html", form=form)
    except Invalid as error:
        form.password.errors = [error.message]
        return render_template("accounts/sign_up.html", form=form), 422
    sign_in(token)
    return redirect(url_for("verification.notice"), 303)


@blueprint.get("/log-in")
@guard(Guard.PUBLIC)
def log_in() -> ResponseReturnValue:
    """Open to the unverified too: they may own another account."""
    if access().state not in (State.ANONYMOUS, State.UNVERIFIED):
        return redirect(url_for("home.show"), 303)
    return render_template("accounts/log_in.html", form=LogInForm(), next=local_path(request.args.get("next")))


@blueprint.post("/log-in")
@guard(Guard.PUBLIC)
def log_in_submit() -> ResponseReturnValue:
    form = LogInForm()
    wanted = local_path(request.args.get("next"))
    if not form.validate_on_submit():
        return render_template("accounts/log_in.html", form=form, next=wanted), 422
    try:
        count_try(throttle.LOG_IN, "log-in", address_key(form.email.data), peer())
        count_try(throttle.LOG_IN_ALL, "log-in-all", "everybody")
        token = _log_in(form.email.data, form.password.data)
    except RateLimited as error:
        return refused(error, "accounts/log_in.html", form=form, next=wanted)
    except Invalid as error:
        form.password.errors = [error.message]
        return render_template("accounts/log_in.html", form=form, next=wanted), 422
    sign_in(token)
    return redirect(wanted or url_for("home.show"), 303)


def _log_in(email: str, password: str) -> str:
    found = service.credentials(db(), email)
    release()
    tried = passwords.compare(found.password_hash, password)
    agent = request.user_agent.string
    return service.log_in(db(), services().settings, found.account_id, tried, now(), agent)


@blueprint.post("/log-out")
@guard(Guard.SIGNED_IN)
def log_out() -> ResponseReturnValue:
    end_current()
    flash("You are logged out.", "info")
    response = make_response(redirect(url_for("accounts.log_in"), 303))
    # What pages kept in the browser, such as drafts, is for this person only.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@blueprint.get("/forgot")
@guard(Guard.PUBLIC)
def forgot() -> ResponseReturnValue:
    return render_template("accounts/forgot.html", form=ForgotForm())


@blueprint.post("/forgot")
@guard(Guard.PUBLIC)
def forgot_submit() -> ResponseReturnValue:
    """The same answer whether or not the address is known."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot.html", form=form), 422
    try:
        count_try(throttle.RESET_PER_PEER, "reset-peer", peer())
        count_try(throttle.RESET, "reset", address_key(form.email.data))
    except RateLimited as error:
        return refused(error, "accounts/forgot.html", form=form)
    service.request_reset(db(), services().settings, form.email.data, now())
    return redirect(url_for("accounts.forgot_sent"), 303)


@blueprint.get("/forgot/sent")
@guard(Guard.PUBLIC)
def forgot_sent() -> ResponseReturnValue:
    return render_template("accounts/forgot_sent.html", embedded=services().settings.embedded)


@blueprint.get("/reset/<token>")
@guard(Guard.PUBLIC)
def reset(token: str) -> ResponseReturnValue:
    service.check_reset(db(), token, now())
    return render_template("accounts/reset.html", form=ResetForm(), token=token)


@blueprint.post("/reset/<token>")
@guard(Guard.PUBLIC)
def reset_submit(token: str) -> ResponseReturnValue:
    """Set the new password and ask for it: the link itself logs nobody in."""
    form = ResetForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form, token=token), 422
    try:
        service.check_new_password(db(), token, form.password.data, now())
    except service.BadPassword as error:
        form.password.errors = [error.message]
        return render_template("accounts/reset.html", form=form, token=token), 422
    release()
    hashed = passwords.hash_password(form.password.data)
    service.reset_password(db(), services().settings, token, hashed, now(), form.timezone.data)
    end_current()
    flash("Your password is set and every session was ended. Log in with the new one.", "good")
    return redirect(url_for("accounts.log_in"), 303)


@blueprint.get("/account")
@guard(Guard.SIGNED_IN)
def show() -> ResponseReturnValue:
    account, current = required_account(), current_user.web_session
    return render_template(
        "accounts/show.html",
        sessions=sessions.living(db(), account.id, now()) or [one for one in [current] if one],
        current_id=current.id if current else None,
        zone=TimeZoneForm(timezone=account.timezone),
    )


@blueprint.post("/account/time-zone")
@guard(Guard.READ_OWN)
def set_zone() -> ResponseReturnValue:
    service.set_timezone(db(), required_account(), request.form.get("timezone", ""))
    flash("The time zone is saved.", "good")
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@guard(Guard.SIGNED_IN)
def end_session(session_id: UUID) -> ResponseReturnValue:
    current = current_user.web_session
    if current is not None and session_id == current.id:
        return log_out()
    sessions.end_own(db(), required_account().id, session_id, now())
    flash("The session was ended.", "good")
    return redirect(url_for("accounts.show"), 303)
