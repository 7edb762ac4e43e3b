"""How long what is kept, in one place: the terms that the page on privacy states."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lift.accounts import retention as accounts
from lift.interviews import model_calls
from lift.kernel import job_board
from lift.notifications import service as notifications
from lift.questions import uploads
from lift.submissions import upkeep as submissions


@dataclass(frozen=True)
class Terms:
    """Terms of what no account needs any more. Answers and debriefs stay as long as their account."""

    unconfirmed_accounts: timedelta = timedelta(days=14)
    """After the last sign-up or log-in."""
    ended: timedelta = timedelta(days=7)
    """Sessions and tokens, after they stopped working."""
    mails: timedelta = timedelta(days=30)
    """After they were written; a mail that was handed over loses its text at once."""
    mails_to_strangers: timedelta = timedelta(days=1)
    """To addresses that have no account."""
    done_jobs: timedelta = timedelta(days=7)
    parked_jobs: timedelta = timedelta(days=90)
    model_calls: timedelta = timedelta(days=90)
    """What each call of a language model cost: long enough to hold a bill against it."""
    uploads: timedelta = timedelta(days=1)
    """Files of questions that nobody agreed to import."""
    imports: timedelta = timedelta(days=365)
    """That a file was imported, with its counts."""

    report_networks: timedelta = timedelta(days=731)
    """The keyed hash of the network that a report came from: as long as the report can count."""
    report_drafts: timedelta = timedelta(days=90)
    takedowns: timedelta = timedelta(days=365)
    """Who asked for a question to be taken down, after the answer."""


TERMS = Terms()


def tidy(session: Session, now: datetime, terms: Terms = TERMS) -> dict[str, int]:
    """Forget what is past its term; how many rows went, by kind. Each domain deletes its own."""
    gone = accounts.forget_stale(
        session, now, unconfirmed_kept_for=terms.unconfirmed_accounts, ended_kept_for=terms.ended
    )
    mails = notifications.forget(session, now, kept_for=terms.mails, strangers_kept_for=terms.mails_to_strangers)
    jobs = job_board.forget(session, done_before=now - terms.done_jobs, parked_before=now - terms.parked_jobs)
    return {
        "accounts": gone.accounts,
        "sessions": gone.sessions,
        "tokens": gone.tokens,
        "mails": mails,
        "jobs": jobs,
        "uploads": uploads.forget(session, waiting_before=now - terms.uploads, done_before=now - terms.imports),
        "reports": submissions.forget(
            session,
            now,
            networks_kept_for=terms.report_networks,
            drafts_kept_for=terms.report_drafts,
            takedowns_kept_for=terms.takedowns,
        ),
        "model_calls": model_calls.forget(session, now - terms.model_calls),
    }
