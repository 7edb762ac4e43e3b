"""Error pages: a clear message, the way on, and the request id that the log has too."""

from collections.abc import Sequence

import structlog
from flask import Flask, Response, g, make_response, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from lift.accounts.tokens import StaleLink
from lift.kernel import errors
from lift.web.context import roll_back
from lift.web.limits import wait_words

log = structlog.get_logger(__name__)

TITLES: dict[int, tuple[str, str]] = {
    400: ("That request could not be read", "Go back, reload the page and try again."),
    403: ("You may not do that", "This belongs to somebody else or needs a right you do not have."),
    404: ("There is nothing here", "The page may have moved, or it is not yours to see."),
    405: ("That cannot be done here", "Go back to the page you came from and try again."),
    409: ("That no longer fits", "Something changed in the meantime. Reload the page and look again."),
    410: ("This link no longer works", "It was used, or it is too old."),
    413: ("That is too large", "Send something smaller."),
    415: ("That kind of file is not read here", "Choose another format."),
    429: ("One moment, please", "There were too many tries in a short time."),
    500: ("Something broke on our side", "Nothing you wrote was lost if the page had saved it. Please try again."),
    503: ("A part of the service is away", "It usually comes back within a minute. Please try again."),
}


AWAY_FOR = 5
"""Seconds after which asking again makes sense when a part is away."""


def _page(
    status: int,
    text: str | None = None,
    retry_after: int | None = None,
    suggestions: Sequence[tuple[str, str]] = (),
) -> Response:
    if status >= 500:
        # The header asks the database who this is, and the database may be what is away.
        g.faceless = True
    roll_back()
    title, default = TITLES.get(status, TITLES[500])
    html = render_template(
        "errors/error.html",
        status=status,
        title=title,
        text=text or default,
        wait=wait_words(retry_after) if retry_after is not None else None,
        request_id=g.get("request_id", ""),
        suggestions=suggestions,
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


STATUS_OF: dict[type[errors.LiftError], int] = {
    StaleLink: 410,
    errors.NotFound: 404,
    errors.Invalid: 400,
    errors.Conflict: 409,
    errors.Denied: 403,
    errors.RateLimited: 429,
    errors.Unavailable: 503,
}


def install(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(errors.LiftError)
    def _expected(error: errors.LiftError) -> Response:
        # A domain's own kind of conflict is a conflict.
        status = next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)
        retry = {429: getattr(error, "retry_after", None), 503: AWAY_FOR}.get(status)
        # How long to wait is said below the title, once.
        suggestions = getattr(error, "suggestions", ())
        return _page(status, None if status == 429 else error.message or None, retry, suggestions)

    @app.errorhandler(CSRFError)
    def _csrf(_: CSRFError) -> Response:
        return _page(400, "This form had been open for too long, or came from another site. Reload it and try again.")

    @app.errorhandler(SecurityError)
    def _foreign_host(_: SecurityError) -> Response:
        # Plain text: a host that is not ours has no addresses, so no page with links can be drawn for it.
        text = f"This host is not served here. Request {g.get('request_id', '')}\n"
        return Response(text, 400, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.response is not None or (error.code or 500) < 400:
            return make_response(error.get_response())
        response = _page(error.code or 500)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                response.headers[name] = value
        return response

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> Response:
        log.error("database_unavailable", error=str(error.orig)[:300])
        return _page(503, retry_after=AWAY_FOR)

    @app.errorhandler(DataError)
    def _cannot_be_stored(error: DataError) -> Response:
        # Forms that come back filled in take a NUL out; of what has no such form this is the answer.
        if "NUL" not in str(error.orig):
            return _unexpected(error)
        return _page(400, "What was sent holds a character that no text has (NUL). Take it out and send it again.")

    @app.errorhandler(PoolTimeout)
    def _all_connections_taken(_: PoolTimeout) -> Response:
        log.error("no_connection_free")
        return _page(503, "Many people are here right now. Please try again in a moment.", AWAY_FOR)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        log.exception("request_failed", exc_info=error)
        return _page(500)
