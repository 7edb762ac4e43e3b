"""Which passwords are refused: too short, far too long, among the first that are tried, or made of what anybody knows."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

SHORTEST = 8
LONGEST = 1024
"""Long enough for any sentence; a bound so that nobody can make us hash a book."""

OWN_WORDS = ("interviewlift", "interview lift", "interview-lift", "lift")

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


@cache
def common() -> frozenset[str]:
    """Passwords that are tried first, in lower case."""
    text = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _bases(password: str) -> set[str]:
    """The password without the decorations that people put on a common one."""
    lower = password.lower()
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", lower)
    return {lower, stripped, lower.translate(_LEET), stripped.translate(_LEET), re.sub(r"[\W_]+", "", lower)} - {""}


def _is_run(password: str) -> bool:
    """One character again and again, a short piece repeated, or a run along the alphabet or the digits."""
    lower = password.lower()
    if any(lower == lower[:n] * (len(lower) // n) for n in (1, 2, 3, 4) if len(lower) % n == 0):
        return True
    steps = {ord(after) - ord(before) for before, after in pairwise(lower)}
    return steps in ({1}, {-1})


def problem_with(password: str, email: str) -> str | None:
    """Why the password is refused, in words for the person; None when it is fine."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words you will remember are best."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST:,} characters."
    if not password.strip():
        return "A password needs more than blanks."
    bases = _bases(password)
    local = email.rpartition("@")[0].lower()
    known = {*OWN_WORDS, email.lower(), local, local.partition("+")[0], re.sub(r"[\W_]+", "", local)} - {""}
    if bases & known:
        return "Your address and the name of this site are the first things that would be tried."
    if bases & common() or _is_run(password):
        return "This is one of the first passwords that would be tried. Choose another one."
    return None
