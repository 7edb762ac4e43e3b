"""One JSON call: it ends in time, goes to one host, and its failures tell neither the key nor the answer."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from lift.providers.llm_http import post_json, strict_json
from lift.scoring.llm.port import CallFailed
from tests.scoring.llm.model_server import Act, Asked, ModelServer, half_a_body, hangs_up, says

SECRET = "sk-that-nobody-may-see"
HEADERS = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().running() as running:
        yield running


def failure(url: str, seconds: float = 5) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        post_json(f"{url}/chat/completions", HEADERS, {"answer": "what only the candidate knows"}, seconds)
    assert SECRET not in str(failed.value)
    assert "candidate" not in str(failed.value)
    return failed.value


def test_a_value_comes_back(server: ModelServer) -> None:
    server.usually = says(200, b'{"a": [1, "\xc3\xa9"]}')
    assert post_json(f"{server.url}/messages", HEADERS, {"x": "é\ud83d"}, 5) == {"a": [1, "é"]}
    assert server.asked[0].body == {"x": "é\ud83d"}


@pytest.mark.parametrize("how", ["hangs", "drips"])
def test_a_call_ends_when_its_time_is_over(server: ModelServer, how: str) -> None:
    server.usually = getattr(server, how)
    failed = failure(server.url, seconds=0.3)
    assert (failed.outcome, failed.again, failed.charged) == ("timed_out", False, True)


@pytest.mark.parametrize("act", [half_a_body, hangs_up])
def test_a_reply_that_breaks_off_may_have_cost_something_and_may_be_asked_for_again(
    server: ModelServer, act: Act
) -> None:
    server.usually = act
    failed = failure(server.url)
    assert (failed.outcome, failed.again, failed.charged) == ("down", True, True)


def test_an_error_that_quotes_the_request_is_not_repeated_in_ours(server: ModelServer) -> None:
    server.usually = says(401, f"wrong key {SECRET} for what only the candidate knows".encode())
    assert (failed := failure(server.url)).outcome == "refused"
    assert str(failed) == "HTTP 401"


def test_a_redirect_is_not_followed(server: ModelServer) -> None:
    with ModelServer().running() as elsewhere:
        server.usually = says(307, Location=f"{elsewhere.url}/chat/completions")
        assert failure(server.url).outcome == "refused"
        assert elsewhere.asked == []


def test_without_tls_where_it_is_asked_for_nothing_is_sent(server: ModelServer) -> None:
    failed = failure(server.url.replace("http:", "https:"))
    assert (failed.outcome, failed.charged) == ("unreached", False)
    assert server.asked == []


def test_a_key_that_is_no_header_is_not_shown(server: ModelServer) -> None:
    with pytest.raises(CallFailed) as failed:
        post_json(f"{server.url}/messages", {"x-api-key": f"{SECRET}\r\nX: y"}, {}, 5)
    assert SECRET not in str(failed.value)


@pytest.mark.parametrize(
    ("said", "date", "seconds"),
    [
        ("12", "", 12),
        ("0", "", 0),
        ("Tue, 01 Jan 2030 00:01:00 GMT", "Tue, 01 Jan 2030 00:00:00 GMT", 60),
        ("Tue, 01 Jan 2030 00:00:00 GMT", "Tue, 01 Jan 2030 00:01:00 GMT", 0),
        ("Tue, 01 Jan 2030 00:00:00", "Tue, 01 Jan 2030 00:01:00 GMT", None),
        ("soon", "", None),
        ("-5", "", None),
        ("9" * 400, "", 999_999_999),
    ],
)
def test_a_named_time_is_seconds_or_a_date(server: ModelServer, said: str, date: str, seconds: float | None) -> None:
    def act(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.send_response_only(429)
        handler.send_header("Retry-After", said)
        handler.send_header("Date", date)
        handler.end_headers()

    server.usually = act
    assert failure(server.url).retry_after == seconds


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100_000, "", "x", b"\xff", "1" * 5000])
def test_what_json_does_not_know_is_no_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict_json(text)
