"""Rules that need no database: passwords, addresses, redirects, the throttle."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from lift.accounts import passwords, throttle
from lift.accounts.addresses import parse_address
from lift.accounts.password_rules import common, problem_with
from lift.accounts.redirects import local_path
from lift.accounts.throttle import Throttle, peer_key
from lift.kernel.errors import Invalid, RateLimited

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
    assert peer_key("192.0.2.7") == "192.0.2.7"
    assert peer_key(None) == peer_key("nonsense") == "unknown"


def test_the_throttle_counts_each_by_itself(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    redis.flushdb()
    limiter = Throttle(redis)
    for _ in range(5):
        limiter.hit(throttle.RESET, "test", "ada@example.org")
    limiter.hit(throttle.RESET, "test", "bob@example.org")
    with pytest.raises(RateLimited) as refused:
        limiter.hit(throttle.RESET, "test", "ADA@example.org")
    assert 86_000 < refused.value.retry_after <= 86_400
    assert b"ada" not in b"".join(redis.keys("*"))
    redis.close()


def test_the_throttle_goes_on_counting_while_valkey_is_away() -> None:
    limiter = Throttle(Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2))
    for _ in range(5):
        limiter.hit(throttle.RESET, "test", "ada@example.org")
    with pytest.raises(RateLimited):
        limiter.hit(throttle.RESET, "test", "ada@example.org")
