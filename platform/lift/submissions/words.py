"""A report's state and trail in plain words, for who sent it."""

from collections.abc import Mapping, Sequence
from typing import Any

from lift.submissions import trail
from lift.submissions.ladder import Act, State

STATES: dict[State, str] = {
    State.RECEIVED: "Received",
    State.SCREENED: "Passed the checks",
    State.REFUSED: "Not taken",
    State.CORROBORATED: "Corroborated",
    State.VERIFIED: "Verified",
    State.DECLINED: "Declined",
    State.WITHDRAWN: "Taken back",
}

NEXT: dict[State, str] = {
    State.RECEIVED: "The automatic checks come next.",
    State.SCREENED: "It counts. A second report, of another person and another loop, comes next.",
    State.REFUSED: "It does not count. A reviewer may overrule the checks.",
    State.CORROBORATED: "It counts, and a second one supports it. A reviewer comes next.",
    State.VERIFIED: "It counts, and reviewers have verified it. There is no further step.",
    State.DECLINED: "It does not count. What you had for it stays yours.",
    State.WITHDRAWN: "It does not count, and its text is gone.",
}
"""What follows from each state."""

LADDER = (State.SCREENED, State.CORROBORATED, State.VERIFIED)
"""The steps that a picture shows."""

_SENTENCES: dict[str, str] = {
    trail.SENT: "You sent it.",
    Act.PASS: "It passed the automatic checks: month, level, org and round fit the company. It counts from here on.",
    Act.FAIL: "The automatic checks did not take it.",
    Act.OVERRULE: "A reviewer overruled the checks. It counts from here on.",
    Act.CORROBORATE: "A second report supports it: another account, another network, another loop.",
    Act.LOSE: "The report that supported it no longer counts for this question.",
    Act.VERIFY: "It was verified.",
    Act.DECLINE: "It was declined.",
    Act.UNDO: "A reviewer took the decision back.",
    Act.WITHDRAW: "You took it back. Its text was deleted.",
    trail.MERGE: "A reviewer found that it is of another question, and it counts for that one.",
    trail.UNMERGE: "A reviewer took that back: it counts for what it counted for before.",
    trail.OPINION: "A reviewer has an opinion on it. A second one looks at it before anything is decided.",
}
_WHO = {"checks": "Automatic checks", "person": "You", "reviewer": "A reviewer"}


def sentence(act: str, details: Mapping[str, Any], until: str | None = None) -> str:
    """What happened. ``until`` is the end of a reward in the person's zone."""
    if act == trail.REWARD:
        if until:
            return f"As thanks everything is open to you until {until}, whatever a reviewer decides."
        return "You have had this month’s seven days for an earlier report."
    if act == trail.ADOPT:
        return "The question came into the bank." if details.get("question") else "The question left the bank again."
    return _SENTENCES.get(act, act)


def by_whom(who: str) -> str:
    """Who did it; of a reviewer no more than that."""
    return _WHO.get(who, who)


def climbed(states: Sequence[str]) -> int:
    """How many steps of ``LADDER`` the newest state stands on, of the states in order."""
    if not states or State(states[-1]) not in LADDER:
        return 0
    return LADDER.index(State(states[-1])) + 1
