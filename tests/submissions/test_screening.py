"""The automatic checks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lift.submissions.reasons import SCREENING
from lift.submissions.screening import PER_ACCOUNT, Claim, Known, is_spam, screen, wait_for

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
WORDS = "How would you keep retries of a payment from charging the customer twice?"
CLAIM = Claim("microsoft", "backend-engineer", "system-design", date(2026, 10, 1), "senior", "63/64", "azure", WORDS)
KNOWN = Known(
    company=True,
    roles={"backend-engineer"},
    rounds={"system-design"},
    levels={"senior"},
    codes={"63/64"},
    orgs={"azure"},
    question=True,
)


def refused(claim: Claim = CLAIM, known: Known = KNOWN, *, names_question: bool = False) -> tuple[str, ...]:
    return screen(claim, known, NOW, names_question=names_question)


def test_a_plausible_report_passes() -> None:
    assert refused() == ()


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (replace(CLAIM, month=date(2026, 12, 1)), "month_ahead"),
        (replace(CLAIM, month=date(2024, 11, 1)), "month_too_old"),
        (replace(CLAIM, role="plumber"), "unknown_role"),
        (replace(CLAIM, level="emperor"), "unknown_level"),
        (replace(CLAIM, level_code="L99"), "unknown_level"),
        (replace(CLAIM, level=None, level_code=None), "unknown_level"),
        (replace(CLAIM, org="pretzels"), "unknown_org"),
        (replace(CLAIM, round="arm-wrestling"), "unknown_round"),
        (replace(CLAIM, words="Something about retries"), "too_short"),
        (replace(CLAIM, words="buy now cheap casino chips and win every single day"), "spam"),
    ],
)
def test_each_implausible_detail_has_its_reason(claim: Claim, reason: str) -> None:
    assert refused(claim) == (reason,)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (replace(KNOWN, company=False), "unknown_company"),
        (replace(KNOWN, question=False), "question_gone"),
        (replace(KNOWN, same_report=True), "reported_before"),
        (replace(KNOWN, same_words=True), "same_words"),
    ],
)
def test_so_has_what_the_catalogue_or_the_person_s_reports_say(known: Known, reason: str) -> None:
    assert refused(known=known) == (reason,)


def test_who_names_a_question_of_the_bank_need_not_repeat_it() -> None:
    assert refused(replace(CLAIM, words=""), names_question=True) == ()


def test_every_reason_has_words() -> None:
    everything = Known(False, (), (), (), (), (), False, True, True)
    strange = replace(CLAIM, month=date(2030, 1, 1), words="xxxxxxxxxxx")
    assert set(refused(strange, everything)) <= set(SCREENING)


@pytest.mark.parametrize(
    "text",
    [
        "asdfghjkl qwrtpsdfg zxcvbnmm",
        "aaaaaaaaaaaaaa bbbbbbbbbbb",
        "win win win win win win win win win",
        "WHATSAPP ME",
        "!!!",
    ],
)
def test_spam_is_seen(text: str) -> None:
    assert is_spam(text)


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "Given a stream of GPS pings, estimate ETA for each of a million rides.",
        "Design a URL shortener; then what breaks at ten times the load?",
        "Why does READ COMMITTED let two HTTP requests both pass a check in SQL?",
    ],
)
def test_questions_are_no_spam(text: str) -> None:
    assert not is_spam(text)


def test_the_sixth_report_within_a_day_waits_until_the_first_is_a_day_old() -> None:
    sent = [NOW - timedelta(hours=hours) for hours in (20, 4, 3, 2, 1)]
    wait = wait_for(PER_ACCOUNT, sent, NOW)
    assert timedelta(hours=4) <= timedelta(seconds=wait) <= timedelta(hours=4, seconds=1)
    assert wait_for(PER_ACCOUNT, sent[1:], NOW) == 0
    assert wait_for(PER_ACCOUNT, sent, NOW + timedelta(seconds=wait)) == 0
