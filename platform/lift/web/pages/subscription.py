"""Changing a subscription: plan, end, pause."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import subscriptions
from billing.desk import Declined
from billing.plans import saving, saving_percent, spell
from lift.kernel.errors import Invalid
from lift.payments import acts
from lift.web.context import now, services
from lift.web.guards import Guard, guard
from lift.web.pages.billing import how_it_stands
from lift.web.payments import buyer, told

blueprint = Blueprint("subscription", __name__, url_prefix="/billing")


def _to_billing() -> ResponseReturnValue:
    return redirect(url_for("billing.show"), 303)


@blueprint.get("/plan")
@guard(Guard.PAY)
@told
def plans() -> ResponseReturnValue:
    """The other plans, and of the one that is looked at what it costs now, to the cent."""
    stands = how_it_stands()
    if not stands.may_change:
        flash("There is no running subscription whose plan could change.", "info")
        return _to_billing()
    chosen = next((plan for plan in stands.other_plans if plan.key == request.args.get("to")), None)
    preview = None
    if chosen is not None:
        who = buyer()
        preview = subscriptions.preview_change(services().desk, who.account_id, chosen.key, now())
    return render_template(
        "billing/plan.html",
        stands=stands,
        chosen=chosen,
        preview=preview,
        asked_at=int(preview.proration_date.timestamp()) if preview else None,
        spell=spell,
        saving=saving,
        saving_percent=saving_percent,
        sandbox=services().settings.sandbox,
    )


def _moment(text: str) -> datetime:
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise Invalid("This preview cannot be read. Look at a new one.")
    return datetime.fromtimestamp(int(text), UTC)


@blueprint.post("/plan")
@guard(Guard.PAY)
@told
def change_plan() -> ResponseReturnValue:
    who = buyer()
    asked_at = _moment(request.form.get("asked_at", ""))
    try:
        acts.change_plan(services().desk, who.account_id, request.form.get("plan", ""), asked_at, now())
    except KeyError:
        raise Invalid("There is no such plan.") from None
    except Declined as declined:
        flash(f"Your card was refused, and your plan is as it was. {declined}", "bad")
        return _to_billing()
    flash("Your plan is changed.", "good")
    return _to_billing()


@blueprint.post("/cancel")
@guard(Guard.CANCEL)
@told
def cancel() -> ResponseReturnValue:
    """One click; what was paid for stays open to its end."""
    who = buyer()
    subscriptions.cancel_at_period_end(services().desk, who.account_id, now())
    flash("Your subscription is canceled. It stays open until its end, and nothing more is charged.", "good")
    return _to_billing()


@blueprint.post("/undo")
@guard(Guard.PAY)
@told
def undo() -> ResponseReturnValue:
    who = buyer()
    acts.undo_cancel(services().desk, who.account_id, now())
    flash("Your subscription goes on.", "good")
    return _to_billing()


@blueprint.post("/pause")
@guard(Guard.PAY)
@told
def pause() -> ResponseReturnValue:
    who = buyer()
    months = request.form.get("months", "")
    subscriptions.pause(services().desk, who.account_id, int(months) if months in ("1", "2", "3") else 0, now())
    flash("Your subscription is paused. The time you did not use is credited.", "good")
    return _to_billing()


@blueprint.post("/resume")
@guard(Guard.PAY)
@told
def resume() -> ResponseReturnValue:
    who = buyer()
    acts.resume(services().desk, who.account_id, now())
    flash("Your subscription goes on.", "good")
    return _to_billing()
