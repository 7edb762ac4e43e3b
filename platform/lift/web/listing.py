"""Public pages as search engines meet them: under which address, and which of them ask to be listed."""

from typing import Any

from flask import url_for

from lift.web.context import services

LEAST = 10
"""Questions of its own that a page of the bank needs before it asks to be listed."""


def absolute(endpoint: str, **values: Any) -> str:
    """An absolute address on the site's own base, whatever host the request named."""
    return services().settings.base_url.rstrip("/") + url_for(endpoint, **values)
