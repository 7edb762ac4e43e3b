"""What it costs, for anybody."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from billing.plans import CURRENCIES, PLANS, saving, saving_percent, spell
from lift.web.content import cached_page
from lift.web.context import services
from lift.web.guards import Guard, guard

blueprint = Blueprint("pricing", __name__)


@blueprint.get("/pricing")
@guard(Guard.PUBLIC)
def show() -> ResponseReturnValue:
    wanted = request.args.get("currency", "")
    currency = wanted if wanted in CURRENCIES else CURRENCIES[0]
    return cached_page(
        lambda: render_template(
            "pricing/show.html",
            plans=[plan for plan in PLANS if plan.currency == currency],
            spell=spell,
            saving=saving,
            saving_percent=saving_percent,
            currency=currency,
            currencies=CURRENCIES,
            sandbox=services().settings.sandbox,
        ),
        # An address with another currency is drawn and not kept.
        reads=("currency",) if wanted in CURRENCIES else (),
    )
