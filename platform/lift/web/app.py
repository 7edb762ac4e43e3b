"""The app factory."""

import secrets
import time
from datetime import timedelta
from functools import partial
from importlib import import_module
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lift.kernel.settings import Settings
from lift.web import context, errors, rendering, uploads
from lift.web.content import current_page_version
from lift.web.headers import FixedHeaders, fixed_headers
from lift.web.login import init_login
from lift.web.page_cache import PageCache
from lift.web.site import Cookies, Site
from lift.wiring import Services, build

log = structlog.get_logger("lift.request")

PAGES = (
    "public",
    "accounts",
    "verification",
    "deletion",
    "onboarding",
    "home",
    "bank",
    "copilot",
    "problems",
    "subjects",
    "reports",
    "report_pages",
    "takedowns",
    "lists",
    "loops",
    "practice",
    "debriefs",
    "notices",
    "pricing",
    "billing",
    "subscription",
    "desk",
    "desk_account",
    "desk_questions",
    "desk_reviews",
    "desk_report",
    "desk_wording",
    "desk_edit",
    "desk_takedown",
    "desk_problems",
    "webhooks",
    "health",
    "metrics",
    "dev",
)
"""Blueprints, one module of ``lift.web.pages`` each."""

MAX_BODY = 512 * 1024
"""Bytes of a request's body; a long typed answer is some 20 kB."""


UNLOGGED = frozenset({"static", "health.live", "health.ready"})
"""Endpoints that are asked all the time and tell nothing."""


def web_services(settings: Settings) -> Services:
    """A connection for each thread: most requests read, and one that writes waits for nobody's password hash."""
    writing = settings.web_threads // 4
    return build(settings, writing=writing, reading=settings.web_threads - writing)


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """A Flask app for ``settings``; tests pass their own ``services``."""
    app = Site("lift.web", static_folder="static", template_folder="templates")
    secure = urlsplit(settings.base_url).scheme == "https"
    previous = settings.secret_key_previous
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SECRET_KEY_FALLBACKS=[previous.get_secret_value()] if previous else [],
        SESSION_COOKIE_NAME="__Host-lift" if secure else "lift",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        # The server's session ends after 30 days whatever happens, so its cookie need not be sent again and again.
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        TRUSTED_HOSTS=settings.trusted_hosts or None,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=secure,
        TESTING=settings.environment == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    app.session_interface = Cookies()
    app.extensions["lift"] = services or web_services(settings)
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # the documented way to wrap
    _install_request_log(app)
    if settings.metrics_token.get_secret_value():
        from lift.web import metrics

        metrics.install(app)
    context.install(app)
    init_login(app)
    # Before anything reads a form: the first to do so is the protection below.
    uploads.install(app)
    csrf = CSRFProtect(app)
    errors.install(app)
    rendering.install(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"lift.web.pages.{name}").blueprint)
    # A machine has no page that could have held a token: its message is signed.
    csrf.exempt(app.blueprints["webhooks"])
    app.wsgi_app = FixedHeaders(app.wsgi_app, fixed_headers(secure=secure))  # type: ignore[method-assign]  # as above
    # Outermost: what it answers never reaches Flask.
    app.wsgi_app = PageCache(app.wsgi_app, partial(current_page_version, app))  # type: ignore[method-assign]  # as above
    return app


def _install_request_log(app: Flask) -> None:
    @app.before_request
    def _start() -> None:
        g.request_id = request_id = secrets.token_hex(8)
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

    @app.after_request
    def _log(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        found = request.url_rule
        if found is None or found.endpoint not in UNLOGGED:
            elapsed = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
            # The rule and not the path: a path may hold a token.
            rule = found.rule if found else "-"
            log.info("request", method=request.method, route=rule, status=response.status_code, ms=elapsed)
        return response
