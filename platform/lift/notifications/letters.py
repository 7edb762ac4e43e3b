"""What mails say: a subject for each kind, its text and its plain HTML from ``templates/mail``."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER = Path(__file__).resolve().parents[1] / "web" / "templates" / "mail"

SUBJECTS: dict[str, str] = {
    "verify": "Confirm your e-mail address",
    "already_have_account": "You already have an account",
    "reset": "Choose a new password",
    "reset_unknown": "A new password was asked for",
    "password_changed": "Your password was changed",
    "trial_3_days": "Three days are left of your trial",
    "trial_1_day": "Your trial ends tomorrow",
    "trial_ended": "Your trial has ended",
    "subscribed": "Your subscription has started",
    "receipt": "Your payment was received",
    "payment_failed": "Your payment failed",
    "action_required": "Your bank asks you to confirm a payment",
    "cancel_scheduled": "Your subscription is canceled",
    "cancel_undone": "Your subscription goes on",
    "subscription_paused": "Your subscription is paused",
    "subscription_resumed": "Your subscription goes on",
    "plan_changed": "Your plan was changed",
    "refunded": "Your money is on its way back",
    "dispute_opened": "A payment is contested",
    "dispute_won": "The hold on your account is over",
    "subscription_ended": "Your subscription has ended",
    "deletion_asked": "Your account will be deleted",
    "deletion_undone": "Your account stays",
    "account_deleted": "Your account is deleted",
    "report_received": "Your report passed the checks",
    "report_refused": "Your report was not taken",
    "report_verified": "Your report is verified",
    "report_declined": "Your report was declined",
    "takedown_received": "We have received your request",
    "takedown_answered": "Your request is answered",
}
"""The kinds of mail."""

USEFUL_FOR = {"verify": timedelta(hours=24), "reset": timedelta(hours=1)}
"""As long as their link lives; sent later they would only puzzle."""
USUALLY_USEFUL_FOR = timedelta(hours=24)


def useful_for(kind: str) -> timedelta:
    """How long after it was written a mail is still worth sending."""
    return USEFUL_FOR.get(kind, USUALLY_USEFUL_FOR)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write(kind: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    """(subject, text, html) of a mail; ``KeyError`` for a kind that does not exist."""
    subject = SUBJECTS[kind]
    made = _templates()
    values = {"subject": subject, **context}
    text = made.get_template(f"{kind}.txt").render(values).strip() + "\n"
    return subject, text, made.get_template(f"{kind}.html").render(values)
