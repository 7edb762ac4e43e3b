"""The automatic checks of a report: pure functions of what was sent and of what the catalogue knows."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lift.submissions.recency import newest, oldest

FEWEST_WORDS = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """What a report says of the loop."""

    company: str
    role: str
    round: str
    month: date
    level: str | None
    """A common level."""
    level_code: str | None
    """The company's own code."""
    org: str | None
    words: str
    """What was asked; empty where a question of the bank was picked and nothing added."""


@dataclass(frozen=True)
class Known:
    """What the catalogue knows of the company that a report names, and what the person has sent before."""

    company: bool
    roles: Collection[str]
    rounds: Collection[str]
    levels: Collection[str]
    codes: Collection[str]
    orgs: Collection[str]
    question: bool
    """The question that it names is in the bank; True where it names none."""
    same_report: bool = False
    """The person has a report of this question and this month."""
    same_words: bool = False
    """The person has sent these words before."""


def screen(claim: Claim, known: Known, now: datetime, *, names_question: bool) -> tuple[str, ...]:
    """The reasons for which the report is refused (of ``reasons.SCREENING``); none when it passes."""
    found = {
        "month_ahead": claim.month > newest(now),
        "month_too_old": claim.month < oldest(now),
        "unknown_company": not known.company,
        "unknown_role": claim.role not in known.roles,
        "unknown_level": not _level_known(claim, known),
        "unknown_org": claim.org is not None and claim.org not in known.orgs,
        "unknown_round": claim.round not in known.rounds,
        "question_gone": not known.question,
        "too_short": not names_question and len(claim.words.split()) < FEWEST_WORDS,
        "spam": bool(claim.words) and is_spam(claim.words),
        "reported_before": known.same_report,
        "same_words": known.same_words,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _level_known(claim: Claim, known: Known) -> bool:
    """A level is there, and each way in which it is given is one that the company has."""
    if claim.level is None and claim.level_code is None:
        return False
    common = claim.level is None or claim.level in known.levels
    return common and (claim.level_code is None or claim.level_code in known.codes)


_ADVERTISING = re.compile(
    r"\b(?:casino|viagra|crypto signals?|forex|onlyfans|escort|loan offer|seo services?|buy (?:now|followers)|"
    r"whats ?app me|telegram (?:me|channel|group)|proxy interview|promo code|discount code|click here)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_RUN = re.compile(r"(.)\1{5,}|([bcdfghjklmnpqrstvwxz]{7,})", re.IGNORECASE)


def is_spam(text: str) -> bool:
    """Advertising, keys hit at random, one word again and again, or shouting."""
    words = _WORD.findall(text)
    if not words or _ADVERTISING.search(text):
        return True
    odd = sum(bool(_RUN.search(word)) for word in words)
    (_, commonest) = Counter(word.lower() for word in words).most_common(1)[0]
    shouted = sum(word.isupper() and len(word) > 4 for word in words)
    return odd * 4 > len(words) or (len(words) >= 8 and commonest * 2 > len(words)) or shouted * 2 > len(words) >= 8


@dataclass(frozen=True)
class Rate:
    """At most ``amount`` reports within ``window``."""

    amount: int
    window: timedelta


PER_ACCOUNT = (Rate(5, DAY), Rate(20, 30 * DAY))
"""A loop has four to seven rounds; nobody has more than a handful of loops in a month."""
PER_NETWORK = (Rate(10, DAY), Rate(60, 30 * DAY))
LONGEST_WINDOW = max(rate.window for rate in (*PER_ACCOUNT, *PER_NETWORK))


def wait_for(rates: Sequence[Rate], sent: Sequence[datetime], now: datetime) -> int:
    """Seconds until one more report may be sent; 0 when it is now."""
    waits = [0]
    for rate in rates:
        recent = sorted(moment for moment in sent if moment > now - rate.window)
        if len(recent) >= rate.amount:
            free_at = recent[len(recent) - rate.amount] + rate.window
            waits.append(max(1, int((free_at - now).total_seconds()) + 1))
    return max(waits)
