"""Proving the mailbox: the page that asks for it, and the mailed link."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.access import State
from lift.accounts import passwords, service, sessions, throttle
from lift.accounts.service import Confirmed, VerificationLink
from lift.accounts.throttle import address_key
from lift.kernel.errors import RateLimited
from lift.web.context import access, current_account, db, now, release, required_account, services
from lift.web.forms.accounts import ButtonForm, ConfirmForm, ConfirmWithPasswordForm
from lift.web.guards import Guard, guard
from lift.web.limits import count_try, peer, refused
from lift.web.login import sign_in

blueprint = Blueprint("verification", __name__)

WORDS = {
    Confirmed.TRIAL_STARTED: ("Your address is confirmed. Your seven days have started.", "good"),
    Confirmed.NO_TRIAL: (
        "Your address is confirmed. This mailbox has had its seven days with another account.",
        "warn",
    ),
    Confirmed.BEFORE: ("Your address is confirmed.", "good"),
}


@blueprint.get("/verify")
@guard(Guard.SIGNED_IN)
def notice() -> ResponseReturnValue:
    """For somebody who is signed in and has not proved the mailbox."""
    if access().state is not State.UNVERIFIED:
        return redirect(url_for("home.show"), 303)
    return render_template("accounts/verify_notice.html", form=ButtonForm(), embedded=services().settings.embedded)


@blueprint.post("/verify")
@guard(Guard.SIGNED_IN)
def resend() -> ResponseReturnValue:
    """The same answer whether or not the address is this person's, and whether or not a mail leaves."""
    account_id, email = required_account().id, required_account().email
    release()
    try:
        count_try(throttle.RESEND, "resend", address_key(email), peer())
    except RateLimited as error:
        embedded = services().settings.embedded
        return refused(error, "accounts/verify_notice.html", form=ButtonForm(), embedded=embedded)
    service.resend_verification(db(), services().settings, account_id, email, now())
    flash("The mail is on its way. If one left in the last five minutes, that is the one to wait for.", "good")
    return redirect(url_for("verification.notice"), 303)


def _is_theirs(link: VerificationLink) -> bool:
    """Whether this browser is logged in as who chose the account's password."""
    account = current_account()
    return account is not None and account.id == link.account_id


@blueprint.get("/verify/<token>")
@guard(Guard.PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """A button and not yet the act: programs that open links must not use the link up."""
    link = service.verification_link(db(), token, now())
    if link.confirmed:
        return render_template("accounts/confirmed.html", ours=_is_theirs(link))
    form = ConfirmForm() if _is_theirs(link) else ConfirmWithPasswordForm()
    return render_template("accounts/verify.html", form=form, token=token)


@blueprint.post("/verify/<token>")
@guard(Guard.PUBLIC)
def confirm(token: str) -> ResponseReturnValue:
    """Prove the mailbox for whoever is signed in as its account here, or knows the password that was chosen for it."""
    link = service.verification_link(db(), token, now())
    theirs = _is_theirs(link)
    if link.confirmed and not theirs:
        return redirect(url_for("verification.show", token=token), 303)
    if not theirs:
        return _confirm_with_password(link, token)
    zone = ConfirmForm().timezone.data
    return _confirmed(service.verify(db(), services().settings, link, token, now(), zone))


def _confirm_with_password(link: VerificationLink, token: str) -> ResponseReturnValue:
    form = ConfirmWithPasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/verify.html", form=form, token=token), 422
    release()
    try:
        count_try(throttle.TOKEN_TRIES, "confirm", f"account:{link.account_id}", peer())
    except RateLimited as error:
        return refused(error, "accounts/verify.html", form=form, token=token)
    if not passwords.matches(link.password_hash, form.password.data):
        form.password.errors = ["This is not the password that was chosen when this address signed up."]
        return render_template("accounts/verify.html", form=form, token=token), 422
    done = service.verify(db(), services().settings, link, token, now(), form.timezone.data)
    sign_in(sessions.start(db(), link.account_id, now(), request.user_agent.string))
    return _confirmed(done)


def _confirmed(done: Confirmed) -> ResponseReturnValue:
    flash(*WORDS[done])
    return redirect(url_for("onboarding.show" if done is not Confirmed.BEFORE else "home.show"), 303)
