"""Headers that every response carries, put on below Flask: the same few for all, unless a view has said otherwise."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lift.web.policy import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    # What is not said to be kept is not kept.
    ("Cache-Control", "no-store"),
)


def fixed_headers(*, secure: bool) -> Sequence[tuple[str, str]]:
    """For a site that is reached by https (``secure``) or on this host alone."""
    return (*ALWAYS, STRICT_TRANSPORT) if secure else ALWAYS


class FixedHeaders:
    """WSGI middleware: adds those of ``headers`` that the app has not set itself."""

    def __init__(self, app: "WSGIApplication", headers: Sequence[tuple[str, str]]) -> None:
        self._app = app
        self._headers = [(name.lower(), (name, value)) for name, value in headers]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            present = {name.lower() for name, _ in headers}
            missing = [header for name, header in self._headers if name not in present]
            return start_response(status, headers + missing, *error)

        return self._app(environ, start)
