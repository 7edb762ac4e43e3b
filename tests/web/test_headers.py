"""What every response carries, whoever made it."""

import pytest
from flask.testing import FlaskClient

from lift.web.headers import ALWAYS, STRICT_TRANSPORT, FixedHeaders, fixed_headers


@pytest.mark.parametrize("address", ["/", "/livez", "/nothing-here", "/home", "/question-bank"])
def test_each_page_carries_every_header_once(client: FlaskClient, address: str) -> None:
    sent = client.get(address).headers
    for name, value in ALWAYS[:-1]:
        assert sent.getlist(name) == [value]
    assert len(sent.getlist("Cache-Control")) == 1
    assert len(sent["X-Request-ID"]) == 16


def test_what_the_app_has_said_itself_stands() -> None:
    sent: list[tuple[str, str]] = []
    app = FixedHeaders(
        lambda _, start: [start("200 OK", [("cache-control", "no-cache")]) and b""],
        [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")],
    )

    def start(_: str, headers: list[tuple[str, str]], *__: object) -> object:
        sent.extend(headers)
        return None

    app({}, start)  # type: ignore[arg-type]  # the least that a server does
    assert sent == [("cache-control", "no-cache"), ("X-Content-Type-Options", "nosniff")]


def test_only_a_site_reached_by_https_asks_browsers_to_stay_with_it() -> None:
    assert STRICT_TRANSPORT in fixed_headers(secure=True)
    assert STRICT_TRANSPORT not in fixed_headers(secure=False)


def test_static_files_are_kept_for_good(client: FlaskClient) -> None:
    page = client.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
