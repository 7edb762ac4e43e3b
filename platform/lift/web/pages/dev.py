"""The mailbox of the embedded stack and the sheet of components; neither exists in production."""

import re
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lift.notifications import queries
from lift.web.context import db, services
from lift.web.guards import Guard, guard

blueprint = Blueprint("dev", __name__, url_prefix="/dev")


def _parts(text: str, base: str) -> list[tuple[str, str | None]]:
    """(text, path) pieces of a mail: only links to this site become links, as paths."""
    pieces = re.split(r"(https?://\S+)", text)
    return [(piece, piece.removeprefix(base) if piece.startswith(base + "/") else None) for piece in pieces]


@blueprint.get("/mail")
@guard(Guard.EMBEDDED)
def mailbox() -> ResponseReturnValue:
    return render_template("dev/mailbox.html", mails=queries.mailbox(db()))


@blueprint.get("/mail/<uuid:message_id>")
@guard(Guard.EMBEDDED)
def mail(message_id: UUID) -> ResponseReturnValue:
    found = queries.mail(db(), message_id)
    return render_template("dev/mail.html", mail=found, parts=_parts(found.body_text, services().settings.base_url))


@blueprint.get("/components")
@guard(Guard.EMBEDDED)
def components() -> ResponseReturnValue:
    return render_template("dev/components.html")
