"""What the payment provider tells: verified, stored once, answered; the work is done later."""

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from billing.events import BadEvent, receive
from billing.signature import BadSignature
from lift.payments.events import promise
from lift.web.context import db, now, services
from lift.web.guards import Guard, guard

blueprint = Blueprint("webhooks", __name__)
log = structlog.get_logger(__name__)


def _said(text: str, status: int) -> Response:
    """Plain words: no page is drawn for a machine."""
    return Response(text + "\n", status, mimetype="text/plain")


@blueprint.post("/webhooks/stripe")
@guard(Guard.SIGNED)
def stripe() -> ResponseReturnValue:
    """2xx once the event is stored, however often it comes; 400 for what was not signed with our secret."""
    settings = services().settings
    if not settings.webhook_secrets:
        log.error("webhook_without_secret")
        return _said("No webhook is set up here.", 503)
    raw = request.get_data(cache=False)
    header = request.headers.get("Stripe-Signature")
    try:
        receive(
            db(),
            raw,
            header,
            settings.webhook_secrets,
            now(),
            livemode=settings.livemode,
            enqueue=promise(now()),
        )
    except (BadSignature, BadEvent) as refused:
        log.warning("webhook_refused", why=str(refused))
        return _said(str(refused), 400)
    return _said("Stored.", 200)
