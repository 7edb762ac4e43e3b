"""What it costs, for anybody."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from billing.plans import CURRENCIES, PLANS, Plan, spell
from lift.web.content import cached_page
from lift.web.context import services
from lift.web.guards import Guard, guard

blueprint = Blueprint("pricing", __name__)


def a_month(plan: Plan) -> str:
    """What a plan costs a month, rounded to the nearest minor unit."""
    return spell((plan.amount + plan.months // 2) // plan.months, plan.currency)


@blueprint.get("/pricing")
@guard(Guard.PUBLIC)
def show() -> ResponseReturnValue:
    wanted = request.args.get("currency", "")
    currency = wanted if wanted in CURRENCIES else CURRENCIES[0]
    return cached_page(
        lambda: render_template(
            "pricing/show.html",
            plans=[(plan, spell(plan.amount, currency), a_month(plan)) for plan in PLANS if plan.currency == currency],
            currency=currency,
            currencies=CURRENCIES,
            sandbox=services().settings.sandbox,
        ),
        # An address with another currency is drawn and not kept.
        reads=("currency",) if wanted in CURRENCIES else (),
    )
