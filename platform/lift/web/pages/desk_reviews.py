"""The moderation desk: what waits for a reviewer, the oldest first, and what is done to several reports at once."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lift.kernel.errors import Invalid
from lift.submissions import desk, desk_queue, queries, takedowns
from lift.submissions.desk_queue import Shelf
from lift.submissions.kappa import ENOUGH
from lift.submissions.reasons import DECLINING
from lift.submissions.reviewing import EXPERIENCED
from lift.submissions.reviews import experience
from lift.submissions.urgency import REPORTS, TAKEDOWNS, in_words, urgency
from lift.web.content import names
from lift.web.context import db, now, required_account, services
from lift.web.forms.reviews import queue_form
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk_reviews", __name__, url_prefix="/desk/reviews")

SHELVES = {
    Shelf.TO_DO: "To do",
    Shelf.GIVEN: "Waiting for a second reviewer",
    Shelf.ALONE: "Waiting for a second report",
    Shelf.REFUSED: "Refused by the checks",
    Shelf.DECIDED: "Decided",
}


@blueprint.get("")
@guard(Guard.REVIEWER)
def show() -> ResponseReturnValue:
    """The queue of reports."""
    me = required_account().id
    wanted = request.args.get("state", "")
    shelf = Shelf(wanted) if wanted in set(Shelf) else Shelf.TO_DO
    known = names().companies
    reported = {slug: known.get(slug, slug) for slug in desk_queue.companies(db())}
    company = request.args.get("company", "") if request.args.get("company") in reported else ""
    mine = bool(request.args.get("mine"))
    return render_template(
        "desk/reviews.html",
        rows=desk_queue.queue(db(), me, shelf, company=company, mine=mine),
        counts=desk_queue.counts(db(), me, company),
        shelf=shelf,
        shelves=SHELVES,
        form=queue_form(reported, company, mine=mine),
        company=company,
        mine=mine,
        takedowns=len(takedowns.waiting(db())),
        last=last_decision(),
        declining=DECLINING,
        limits=REPORTS,
        urgency=urgency,
        waited=in_words,
        most=desk_queue.MOST,
        names=names(),
        at=now(),
        me=me,
    )


def last_decision() -> object:
    """The reviewer's last opinion with its report, while it is offered to be taken back."""
    found = desk.last_decision(db(), required_account().id, now())
    return (found, queries.by_id(db(), found.report_id)) if found else None


@blueprint.post("/several")
@guard(Guard.REVIEWER)
def several() -> ResponseReturnValue:
    """Take, let go or decline the chosen reports."""
    chosen, me = _chosen(), required_account().id
    act = request.form.get("act")
    there = redirect(url_for("desk_reviews.show", state=request.form.get("state") or None), 303)
    if not chosen:
        flash("Choose at least one report.", "warn")
        return there
    if act == "take":
        flash(f"Taken: {desk.take(db(), chosen, me, now())} of {len(chosen)}.", "good")
    elif act == "let-go":
        flash(f"Let go: {desk.let_go(db(), chosen, me)} of {len(chosen)}.", "good")
    elif act == "decline":
        _decline(chosen, me)
    else:
        raise Invalid("There is no such act.")
    return there


def _chosen() -> list[UUID]:
    try:
        return [UUID(each) for each in request.form.getlist("report")[: desk_queue.MOST]]
    except ValueError:
        raise Invalid("This form cannot be read. Reload the page.") from None


def _decline(chosen: list[UUID], me: UUID) -> None:
    reason = request.form.get("reason", "")
    if reason not in DECLINING:
        flash("Choose the reason for declining.", "warn")
        return
    done = desk.decline_all(db(), chosen, me, reason, now(), base_url=services().settings.base_url)
    said = [f"Declined: {done.done}."] if done.done or not done.waiting else []
    if done.waiting:
        said.append(f"Waiting for a second reviewer: {done.waiting}.")
    if done.refused:
        said.append(f"Left alone: {len(done.refused)} ({done.refused[0]})")
    flash(" ".join(said), "warn" if done.refused else "good")


@blueprint.get("/agreement")
@guard(Guard.REVIEWER)
def agreement() -> ResponseReturnValue:
    """How far reviewers agree, and what one has done oneself."""
    me = required_account().id
    return render_template(
        "desk/agreement.html",
        measured=desk.agreement(db()),
        enough=ENOUGH,
        mine=experience(db(), me),
        experienced=EXPERIENCED,
        at=now(),
    )


@blueprint.get("/takedowns")
@guard(Guard.REVIEWER)
def taken_down() -> ResponseReturnValue:
    """What somebody asks to be taken down."""
    return render_template(
        "desk/takedowns.html",
        rows=takedowns.waiting(db()),
        limits=TAKEDOWNS,
        at=now(),
        urgency=urgency,
        waited=in_words,
    )
