"""Flask as this site needs it: static files for good and packed, and sessions that cost a stranger nothing."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.security import safe_join

from lift.web.page_cache import TAKES_GZIP


class Site(Flask):
    """Flask whose static files, named by their content, are kept for good, and whose views are all synchronous."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        # Asked for each hook of each request; there is no coroutine among them.
        return func

    def send_static_file(self, filename: str) -> Response:
        packed = TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")) and self._packed(filename)
        response = super().send_static_file(packed or filename)
        if packed:
            response.headers["Content-Type"] = f"{mimetypes.guess_type(filename)[0]}; charset=utf-8"
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        return response

    def _packed(self, filename: str) -> str | None:
        """The name of the file's gzip, where the build put one beside it."""
        name = f"{filename}.gz"
        found = safe_join(self.static_folder or "", name)
        return name if found is not None and Path(found).is_file() else None


class Cookies(SecureCookieSessionInterface):
    """Flask's signed session cookie; a browser that sent none is not asked to prove it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)
