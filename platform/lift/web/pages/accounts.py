"""Sign-up, verification, log-in, log-out, reset, and the account's own page."""

from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from billing.access import State
from lift.accounts import service, sessions, throttle
from lift.accounts.redirects import local_path
from lift.accounts.throttle import Throttle, peer_key
from lift.kernel.errors import Invalid
from lift.web.context import access, current_account, db, now, required_account, services
from lift.web.forms.accounts import ButtonForm, ForgotForm, LogInForm, ResetForm, SignUpForm, TimeZoneForm
from lift.web.guards import Guard, guard
from lift.web.login import end_current, sign_in

blueprint = Blueprint("accounts", __name__)


def _throttle() -> Throttle:
    made: Throttle | None = current_app.extensions.get("lift-throttle")
    if made is None:
        made = current_app.extensions.setdefault("lift-throttle", Throttle(services().redis))
    return made


def _peer() -> str:
    return "peer:" + peer_key(request.remote_addr)


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
    _throttle().hit(throttle.SIGN_UP, "sign-up", _peer())
    agent = request.user_agent.string
    try:
        token = service.sign_up(db(), services().settings, form.email.data, form.password.data, now(), agent)
    except Invalid as error:
        form.password.errors = [error.message]
        return render_template("accounts/sign_up.html", form=form), 422
    sign_in(token)
    return redirect(url_for("accounts.verify_notice"), 303)


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
    limiter = _throttle()
    limiter.hit(throttle.LOG_IN, "log-in", "address:" + form.email.data, _peer())
    limiter.hit(throttle.LOG_IN_ALL, "log-in-all", "everybody")
    try:
        token = service.log_in(db(), form.email.data, form.password.data, now(), request.user_agent.string)
    except Invalid as error:
        form.password.errors = [error.message]
        return render_template("accounts/log_in.html", form=form, next=wanted), 422
    sign_in(token)
    return redirect(wanted or url_for("home.show"), 303)


@blueprint.post("/log-out")
@guard(Guard.SIGNED_IN)
def log_out() -> ResponseReturnValue:
    end_current()
    flash("You are logged out.", "info")
    response = make_response(redirect(url_for("accounts.log_in"), 303))
    # What pages kept in the browser, such as drafts, is for this person only.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@blueprint.get("/verify")
@guard(Guard.SIGNED_IN)
def verify_notice() -> ResponseReturnValue:
    """For somebody who is signed in and has not proved the mailbox."""
    if access().state is not State.UNVERIFIED:
        return redirect(url_for("home.show"), 303)
    return render_template("accounts/verify_notice.html", form=ButtonForm(), embedded=services().settings.embedded)


@blueprint.post("/verify")
@guard(Guard.SIGNED_IN)
def resend() -> ResponseReturnValue:
    account = required_account()
    _throttle().hit(throttle.RESEND, "resend", "address:" + account.email, _peer())
    service.resend_verification(db(), services().settings, account, now())
    flash("A new mail is on its way.", "good")
    return redirect(url_for("accounts.verify_notice"), 303)


@blueprint.get("/verify/<token>")
@guard(Guard.PUBLIC)
def verify(token: str) -> ResponseReturnValue:
    """A button and not yet the act: programs that open links must not use the link up."""
    account = current_account()
    ours = service.verification_owner(db(), token, now()) == (account.id if account else None)
    return render_template("accounts/verify.html", form=ButtonForm(), token=token, ours=ours)


@blueprint.post("/verify/<token>")
@guard(Guard.PUBLIC)
def verify_submit(token: str) -> ResponseReturnValue:
    """Prove the mailbox of whoever is signed in here; anybody else is asked to log in first."""
    account = current_account()
    if account is None:
        service.verification_owner(db(), token, now())
        flash("Log in, then confirm your address.", "info")
        return redirect(url_for("accounts.log_in", next=url_for("accounts.verify", token=token)), 303)
    if service.verify(db(), services().settings, account.id, token, now()):
        flash("Your address is confirmed. Your seven days have started.", "good")
    else:
        flash("Your address is confirmed. This mailbox has had its seven days with another account.", "warn")
    return redirect(url_for("onboarding.show"), 303)


@blueprint.get("/forgot")
@guard(Guard.PUBLIC)
def forgot() -> ResponseReturnValue:
    return render_template("accounts/forgot.html", form=ForgotForm(), sent=False)


@blueprint.post("/forgot")
@guard(Guard.PUBLIC)
def forgot_submit() -> ResponseReturnValue:
    """The same answer whether or not the address is known."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot.html", form=form, sent=False), 422
    limiter = _throttle()
    limiter.hit(throttle.RESET_PER_PEER, "reset-peer", _peer())
    limiter.hit(throttle.RESET, "reset", "address:" + form.email.data)
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
        service.reset_password(db(), services().settings, token, form.password.data, now())
    except service.BadPassword as error:
        form.password.errors = [error.message]
        return render_template("accounts/reset.html", form=form, token=token), 422
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
@guard(Guard.SIGNED_IN)
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
