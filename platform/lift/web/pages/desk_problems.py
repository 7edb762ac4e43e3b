"""Problems that people report with questions: the oldest first, each closed with a reason that its person is told."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lift.kernel.errors import Conflict, Invalid
from lift.problems import queries, service
from lift.problems.kinds import KINDS, REASONS
from lift.submissions.urgency import PROBLEMS, in_words, urgency
from lift.web.context import db, now, required_account
from lift.web.guards import Guard, guard

blueprint = Blueprint("desk_problems", __name__, url_prefix="/desk/reviews/problems")


@blueprint.get("")
@guard(Guard.REVIEWER)
def show() -> ResponseReturnValue:
    return render_template(
        "desk/problems.html",
        rows=queries.open_problems(db()),
        kinds=KINDS,
        reasons=REASONS,
        limits=PROBLEMS,
        at=now(),
        urgency=urgency,
        waited=in_words,
    )


@blueprint.post("/<uuid:problem_id>/close")
@guard(Guard.REVIEWER)
def close(problem_id: UUID) -> ResponseReturnValue:
    """Close it; its person is told what became of it."""
    try:
        service.close_problem(db(), problem_id, request.form.get("reason", ""), required_account().id, now())
    except (Conflict, Invalid) as refused:
        flash(refused.message, "warn")
    else:
        flash("Closed, and its person is told.", "good")
    return redirect(url_for("desk_problems.show"), 303)
