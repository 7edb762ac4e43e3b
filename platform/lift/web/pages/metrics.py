"""``/metrics`` for Prometheus, to whoever shows the token."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from lift.web.context import db, now, services
from lift.web.guards import Guard, guard

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@guard(Guard.TOKEN)
def show() -> ResponseReturnValue:
    """Requests of all processes, and what the database holds now."""
    # Read here: where no token is set, no process holds the library.
    from lift.operations.gauges import facts_as_text
    from lift.web.metrics import requests_as_text

    text = requests_as_text() + facts_as_text(db(), now(), livemode=services().settings.livemode)
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")
