"""``/livez`` says that the process answers, ``/readyz`` that everything it needs does."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from lift.operations.health import check_ready
from lift.web.context import services
from lift.web.guards import Guard, guard

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
@guard(Guard.PUBLIC)
def live() -> ResponseReturnValue:
    return Response("alive\n", mimetype="text/plain")


@blueprint.get("/readyz")
@guard(Guard.PUBLIC)
def ready() -> ResponseReturnValue:
    """200 when all parts answer, else 503; only names and yes or no, no details for the public."""
    wired = services()
    parts = check_ready(wired.engine, wired.redis, wired.clock.now())
    return jsonify({"ready": all(parts.values()), "parts": parts}), 200 if all(parts.values()) else 503
