"""One report at the moderation desk: beside what it may be, decided with reasons, merged and parted, undone."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lift.kernel.errors import Conflict, Denied
from lift.questions import queries as bank
from lift.submissions import desk, desk_queue, queries, reviews, trail, wordings
from lift.submissions.differences import Piece, differences, worth_marking
from lift.submissions.ladder import Act, State, Who, may
from lift.submissions.near import Near, near
from lift.submissions.placing import Place
from lift.submissions.queries import Line
from lift.submissions.reasons import words
from lift.submissions.reviewing import EXPERIENCED, Verdict
from lift.web.content import names
from lift.web.context import db, now, required_account, services
from lift.web.forms.reviews import DeclineForm, MergeForm, VerifyForm
from lift.web.guards import Guard, guard
from lift.web.pages.desk_reviews import last_decision

blueprint = Blueprint("desk_report", __name__, url_prefix="/desk/reviews/reports/<uuid:report_id>")

ACTS = {
    "send": "sent",
    "pass": "passed the checks",
    "fail": "refused by the checks",
    "overrule": "let pass by a reviewer",
    "corroborate": "a second report says the same",
    "lose": "the second report is gone",
    "verify": "verified",
    "decline": "declined",
    "undo": "decision taken back",
    "withdraw": "taken back by its sender",
    "reward": "rewarded",
    "merge": "merged",
    "unmerge": "parted",
    "adopt": "its question came into the bank",
    "opinion": "an opinion was given",
}
"""What happened, as the trail says it."""
BESIDE = 3
"""Near questions that are shown side by side."""


@blueprint.get("")
@guard(Guard.REVIEWER)
def show(report_id: UUID) -> ResponseReturnValue:
    return _page(_line(report_id))


def _line(report_id: UUID) -> Line:
    """Anybody's report but one's own, whose opinions and notes are not for its sender."""
    found = queries.by_id(db(), report_id)
    if found.report.account_id == required_account().id:
        raise Denied("This is your own report: somebody else reviews it.")
    return found


def _page(line: Line, **forms: Any) -> str:
    me, report = required_account().id, line.report
    opinions = queries.reviews_of(db(), report.id)
    mine = next((each for each in opinions if each.reviewer_id == me and each.undone_at is None), None)
    state = State(report.state)
    place = Place(report.question_id, report.reported_id)
    return render_template(
        "desk/report.html",
        line=line,
        report=report,
        mine=mine,
        open=mine is None and may(state, Act.DECLINE, Who.REVIEWER),
        may_verify=may(state, Act.VERIFY, Who.REVIEWER),
        may_overrule=may(state, Act.OVERRULE, Who.REVIEWER),
        opinions=opinions,
        beside=[each for each in queries.beside(db(), place) if each.report.id != report.id],
        near=_near(line),
        merges=[each for each in queries.merges_of(db(), report.id) if each.undone_at is None],
        trail=trail.of(db(), report.id),
        reason_words=words,
        neighbours=desk_queue.place_of(db(), me, report.id),
        last=last_decision(),
        names=names(),
        at=now(),
        me=me,
        taken_by=desk.taken_by(db(), report.id),
        alike=queries.alike(db(), line.reported, BESIDE) if line.reported and not line.question else [],
        acts=ACTS,
        experienced=EXPERIENCED,
        **{
            "verify": VerifyForm(formdata=None),
            "decline": DeclineForm(formdata=None),
            "merge_form": MergeForm(formdata=None),
        }
        | forms,
    )


def _near(line: Line) -> list[tuple[Near, list[Piece], bool]]:
    """The closest questions of the bank with their differences from what was reported, and whether to mark them."""
    said = (line.reported.prompt if line.reported and not line.question else None) or line.report.words
    but = line.question.id if line.question else None
    found = near(db(), said, line.report.company_slug, but=but, most=BESIDE)
    compared = [(one, differences(said, one.prompt)) for one in found]
    return [(one, pieces, worth_marking(pieces)) for one, pieces in compared]


def _there(report_id: UUID) -> Response:
    return redirect(url_for("desk_report.show", report_id=report_id), 303)


def _onward(report_id: UUID) -> Response:
    """To the next report that waits, or back to the queue when there is none."""
    after = desk_queue.place_of(db(), required_account().id, report_id).after
    if after is None:
        return redirect(url_for("desk_reviews.show"), 303)
    return _there(after)


def _give(report_id: UUID, verdict: Verdict, form: VerifyForm | DeclineForm) -> ResponseReturnValue:
    line = _line(report_id)
    name = verdict.value
    if not form.validate_on_submit():
        return _page(line, **{name: form}), 422
    # Looked up before the report leaves the queue: the one after it comes next.
    onward = _onward(report_id)
    try:
        decided = reviews.review(
            db(),
            report_id,
            required_account().id,
            verdict,
            form.reasons.data,
            now(),
            base_url=services().settings.base_url,
            note=form.note.data or "",
        )
    except Conflict as refused:
        flash(refused.message, "warn")
        return _there(report_id)
    if decided is None:
        flash("Your opinion is kept. A further reviewer is needed before anything changes.", "good")
    else:
        flash("Verified." if decided is Verdict.VERIFY else "Declined. Its sender is told why.", "good")
    return onward


@blueprint.post("/verify")
@guard(Guard.REVIEWER)
def verify(report_id: UUID) -> ResponseReturnValue:
    """Give the opinion that it is to be verified."""
    return _give(report_id, Verdict.VERIFY, VerifyForm())


@blueprint.post("/decline")
@guard(Guard.REVIEWER)
def decline(report_id: UUID) -> ResponseReturnValue:
    """Give the opinion that it is to be declined."""
    return _give(report_id, Verdict.DECLINE, DeclineForm())


@blueprint.post("/undo")
@guard(Guard.REVIEWER)
def undo(report_id: UUID) -> ResponseReturnValue:
    """Take one's opinion back, and the decision that does not stand without it; both stay in the trail."""
    reviews.undo(db(), report_id, required_account().id, now())
    flash("Taken back. The report stands where the checks alone had put it, unless others decided too.", "good")
    return _there(report_id)


@blueprint.post("/overrule")
@guard(Guard.REVIEWER)
def overrule(report_id: UUID) -> ResponseReturnValue:
    """Let it pass although the checks refused it."""
    _line(report_id)
    reviews.overrule(db(), report_id, required_account().id, now())
    flash("It counts from now on.", "good")
    return _there(report_id)


@blueprint.post("/merge")
@guard(Guard.REVIEWER)
def merge(report_id: UUID) -> ResponseReturnValue:
    """Let it count for another question."""
    line, form = _line(report_id), MergeForm()
    if not form.validate_on_submit():
        return _page(line, merge_form=form), 422
    into = _place(form.into.data.strip())
    if into is None:
        form.into.errors = ["There is no such question in the bank, and no such reported one."]
        return _page(line, merge_form=form), 422
    try:
        reviews.merge(db(), report_id, into, required_account().id, now())
    except Conflict as refused:
        form.into.errors = [refused.message]
        return _page(line, merge_form=form), 422
    flash("It counts for that question now. You can part them again below.", "good")
    return _there(report_id)


def _place(name: str) -> Place | None:
    """What an id in the form means: a question of the bank by its slug, or a reported one."""
    question = bank.by_slug(db(), name)
    if question is not None:
        return Place(question_id=question.id)
    try:
        reported = UUID(name)
    except ValueError:
        return None
    return Place(reported_id=reported) if wordings.is_reported(db(), reported) else None


@blueprint.post("/merges/<uuid:merge_id>/undo")
@guard(Guard.REVIEWER)
def part(report_id: UUID, merge_id: UUID) -> ResponseReturnValue:
    """Part what was merged."""
    _line(report_id)
    try:
        reviews.unmerge(db(), merge_id, required_account().id, now())
    except Conflict as refused:
        flash(refused.message, "warn")
    else:
        flash("Parted: the report counts for what it counted for before.", "good")
    return _there(report_id)


@blueprint.post("/take")
@guard(Guard.REVIEWER)
def take(report_id: UUID) -> ResponseReturnValue:
    """Tell other reviewers that one looks at it."""
    taken = desk.take(db(), [report_id], required_account().id, now())
    flash("You have taken it." if taken else "Somebody has taken it.", "good" if taken else "warn")
    return _there(report_id)


@blueprint.post("/let-go")
@guard(Guard.REVIEWER)
def let_go(report_id: UUID) -> ResponseReturnValue:
    """Let others look at it."""
    desk.let_go(db(), [report_id], required_account().id)
    return _there(report_id)
