"""Rules that need no database: passwords, addresses, redirects, the throttle."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.accounts import passwords, zones
from lift.accounts.addresses import parse_address
from lift.accounts.browsers import browser_name
from lift.accounts.letters import Pace
from lift.accounts.password_rules import common, problem_with
from lift.accounts.redirects import local_path
from lift.accounts.throttle import address_key, peer_key
from lift.kernel.errors import Invalid

OFF_SITE = [
    "", "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
    "\t//evil.example", " //evil.example", " https://evil.example", "javascript:alert(1)", "data:text/html,x",
    "//user@evil.example", "https:evil.example", "https:/evil.example", "evil.example", "./x", "?next=x",
    "/x\x00", "/x\x7f", "//[evil", "/" + "x" * 600, "mailto:a@b.org", "/ /evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", OFF_SITE)
def test_no_redirect_leaves_the_site(target: str) -> None:
    assert local_path(target) is None


@pytest.mark.parametrize("target", ["/", "/home", "/questions?q=a%2Fb&page=2", "/practice/1#x", "/a//b"])
def test_a_page_of_ours_is_kept_as_it_is(target: str) -> None:
    assert local_path(target) == target


@given(st.text(max_size=40))
def test_whatever_is_let_through_is_a_path(target: str) -> None:
    kept = local_path(target)
    assert kept is None or (kept[0] == "/" and kept[1:2] not in ("/", "\\"))


@pytest.mark.parametrize(
    "password",
    ["short77", "password", "Password123!", "p4ssw0rd", "P@$$w0rd", "qwertyuiop", "12345678", "abcdefgh", "aaaaaaaa",
     "abababab", "iloveyou22", "ada.lovelace", "AdaLovelace99", "ada.lovelace@example.org", "InterviewLift1",
     "interview-lift", "        ", "87654321", "correct horse battery staple"],
)  # fmt: skip
def test_what_would_be_tried_first_is_refused(password: str) -> None:
    assert problem_with(password, "ada.lovelace@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "lantern over",
        "všechno je jinak",
        "長い合言葉を使います",
        "x7!kQ2#p",
        "a" * 3 + "b" * 3 + "cq",
        "tr 'or 1=1 --",
        "x7q" * 42 + "yz",
    ],
)
def test_any_other_eight_characters_will_do(password: str) -> None:
    assert problem_with(password, "ada@example.org") is None


def test_a_password_of_128_characters_is_read_to_its_last() -> None:
    password = "q7" * 63 + "xy"
    stored = passwords.hash_password(password)
    assert problem_with(password, "ada@example.org") is None
    assert passwords.matches(stored, password)
    assert not passwords.matches(stored, password[:-1] + "z")


def test_a_book_is_no_password() -> None:
    assert problem_with("ab c" * 300, "ada@example.org")


def test_the_list_of_common_passwords_has_what_it_promises() -> None:
    assert len(common()) >= 200
    assert all(entry == entry.lower() for entry in common())


def test_a_missing_hash_never_fits() -> None:
    assert not passwords.matches(None, "anything")
    assert not passwords.matches("not a hash", "anything")


def test_a_flood_of_log_ins_hashes_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()
    gate = threading.Event()

    class Slow:
        def hash(self, _: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            gate.wait(0.05)
            with lock:
                running -= 1
            return "hash"

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=passwords.hash_password, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passwords.AT_ONCE


@pytest.mark.parametrize(
    "typed", ["a@b.org\r\nBcc: c@d.org", "a@b.org\n", "a\x00@b.org", "a@b", "<a@b.org>", "a@b.org,c@d.org"]
)
def test_an_address_cannot_carry_anything_else(typed: str) -> None:
    try:
        found = parse_address(typed)
    except Invalid:
        return
    assert found == "a@b.org"


def test_peers_of_one_household_are_one() -> None:
    assert peer_key("2001:db8::1") == peer_key("2001:db8::ffff:1") != peer_key("2001:db8:0:1::1")
    assert peer_key("192.0.2.7") == "peer:192.0.2.7"
    assert peer_key(None) == peer_key("nonsense") == "peer:unknown"


@pytest.mark.parametrize("spelling", ["Ada@Example.ORG", " ada@example.org ", "ADA@example.org"])
def test_all_spellings_of_an_address_are_counted_as_one(spelling: str) -> None:
    assert address_key(spelling) == address_key("ada@example.org")


@pytest.mark.parametrize(
    ("minutes_ago", "allowed"),
    [([], True), ([4], False), ([5], True), ([600, 5], True), ([30, 20, 10], False)],
)
def test_mails_leave_at_a_pace(minutes_ago: list[int], allowed: bool) -> None:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    pace = Pace(timedelta(minutes=5), most=3)
    assert pace.allows([now - timedelta(minutes=passed) for passed in minutes_ago], now) is allowed


@pytest.mark.parametrize(
    ("name", "month", "short"),
    [
        ("Europe/Berlin", 11, "CET"),
        ("Europe/Berlin", 7, "CEST"),
        ("Asia/Tokyo", 7, "JST"),
        ("America/Sao_Paulo", 7, "UTC-03"),
        ("Asia/Kathmandu", 7, "UTC+0545"),
        ("", 7, "UTC"),
        ("Mars/Olympus", 7, "UTC"),
        ("../etc/passwd", 7, "UTC"),
    ],
)
def test_a_zone_is_called_by_its_short_name(name: str, month: int, short: str) -> None:
    moment = datetime(2026, month, 24, 9, 30, tzinfo=UTC).astimezone(zones.zone(name))
    assert zones.short_name(moment) == short


def test_today_is_the_day_where_the_person_is() -> None:
    moment = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert zones.today(moment, "Asia/Tokyo") == date(2026, 11, 25)
    assert zones.today(moment, "UTC") == date(2026, 11, 24)


CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME}", "Chrome on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/156.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 16; K) {CHROME}", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15",
            "Safari on Mac",
        ),
        ("curl/8.5", "curl/8.5"),
        ("", "An unknown browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
