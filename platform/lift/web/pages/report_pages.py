"""What a person has reported: a list, each with its state and trail in words; taking one back. And how it all works."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lift.accounts import zones
from lift.submissions import drafts, queries, recency, service, trail, words
from lift.submissions.ladder import STANDING, State
from lift.submissions.models import Report, ReportEvent
from lift.submissions.reasons import words as reasons_in_words
from lift.submissions.reviewing import EXPERIENCED
from lift.web.content import names
from lift.web.context import db, now, required_account
from lift.web.forms.accounts import ButtonForm
from lift.web.guards import Guard, guard

blueprint = Blueprint("report_pages", __name__)


@dataclass(frozen=True)
class Step:
    """One event of a trail, in words."""

    at: datetime
    who: str
    what: str
    reasons: list[str]


@dataclass(frozen=True)
class Standing:
    """A report's state, in words."""

    title: str
    next: str
    counts_until: date | None
    """None where it does not count whatever its age."""
    too_old: bool

    @property
    def chip(self) -> str:
        """The kind of chip."""
        return "accent" if self.title == words.STATES[State.VERIFIED] else "dashed"


def standing(report: Report) -> Standing:
    """Where a report stands, and until when it counts."""
    state = State(report.state)
    counts = state in STANDING
    too_old = counts and not recency.counts(report.month, now())
    until = recency.last_day_of_counting(report.month) if counts else None
    says = "It no longer counts: the loop is more than 24 months ago." if too_old else words.NEXT[state]
    return Standing(words.STATES[state], says, until, too_old)


def _step(event: ReportEvent) -> Step:
    until = event.details.get("until")
    moment = zones.moment_in(datetime.fromisoformat(until), required_account().timezone) if until else None
    what = words.sentence(event.act, event.details, moment)
    return Step(event.at, words.by_whom(event.who), what, reasons_in_words(event.reasons))


@blueprint.get("/reports")
@guard(Guard.READ_OWN)
def index() -> ResponseReturnValue:
    """All of one's reports, the newest first."""
    account_id = required_account().id
    lines = [(line, standing(line.report)) for line in queries.mine(db(), account_id)]
    return render_template("reports/index.html", lines=lines, draft=drafts.find(db(), account_id), names=names())


@blueprint.get("/reports/<uuid:report_id>")
@guard(Guard.READ_OWN)
def show(report_id: UUID) -> ResponseReturnValue:
    """One report with its trail."""
    line = queries.own(db(), required_account().id, report_id)
    steps = [_step(event) for event in trail.of(db(), report_id)]
    return render_template(
        "reports/show.html",
        line=line,
        report=line.report,
        standing=standing(line.report),
        ladder=_ladder(State(line.report.state)),
        steps=steps,
        names=names(),
        form=ButtonForm(),
        withdrawn=line.report.state == State.WITHDRAWN,
    )


def _ladder(state: State) -> list[tuple[str, str, bool]]:
    """The steps as a picture: (title, words, climbed)."""
    told = ("automatic", "a second report", "reviewers")
    climbed = words.climbed([state])
    return [
        (words.STATES[step], why, place < climbed)
        for place, (step, why) in enumerate(zip(words.LADDER, told, strict=True))
    ]


@blueprint.post("/reports/<uuid:report_id>/withdraw")
@guard(Guard.READ_OWN)
def withdraw(report_id: UUID) -> ResponseReturnValue:
    """Take it back."""
    service.withdraw(db(), required_account().id, report_id, now())
    flash("You took the report back. It no longer counts, and its text is gone.", "good")
    return redirect(url_for("report_pages.show", report_id=report_id), 303)


@blueprint.get("/provenance")
@guard(Guard.PUBLIC)
def how() -> ResponseReturnValue:
    """How reports are checked and counted, for anybody."""
    return render_template("reports/how.html", experienced=EXPERIENCED, months=recency.MONTHS)
