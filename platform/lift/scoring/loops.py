"""From rounds to the verdict on a loop: the catalogue's decision rules, held against both ends of every range. Pure.

The rules are a proposal of ours, not any company's: companies decide by discussion or in a committee.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lift.scoring.bands import LEVELS, rank
from lift.scoring.estimates import Estimate, pooled, weighted_mean
from lift.scoring.rounds import AT_THE_BAR, TRADE_OFFS, RoundScore, by_dimension, read_against

PEOPLE_SHARE = {"entry": 0.3, "mid": 0.3}
PEOPLE_SHARE_FROM_SENIOR = 0.4
FLOOR = 2.0
"""No round may lie below it."""
SHARE_AT_THE_BAR = 2 / 3
DECIDING = ("bar-raiser", "as-appropriate")
"""Rounds that must reach the bar themselves, where they are held."""
LEVEL_SCOPE = "level-scope"
_EPSILON = 1e-9

Decision = Literal["hire", "no hire", "open"]


@dataclass(frozen=True)
class LoopVerdict:
    """What a loop comes to: ``open`` when the range of some round holds both answers."""

    decision: Decision
    leaning: bool
    """Whether the rules are met when each round is taken at its own score."""
    estimate: Estimate | None
    level: str | None
    against: tuple[str, ...]
    """Why the rules are not met at the scores, in words."""
    incomplete: bool


def loop_verdict(rounds: Sequence[RoundScore], target_level: str) -> LoopVerdict:
    """The verdict on the rounds of one loop; screens come before a loop and do not count in it."""
    held = [one for one in rounds if one.kind.family != "screen"]
    scored = [(one, one.estimate) for one in held if one.estimate is not None]
    if not scored:
        return LoopVerdict("open", False, None, None, ("No round has enough evidence.",), True)
    worst = objections([(one.kind.slug, found.low) for one, found in scored])
    as_is = objections([(one.kind.slug, found.value) for one, found in scored])
    best = objections([(one.kind.slug, found.high) for one, found in scored])
    return LoopVerdict(
        decision="hire" if not worst else "no hire" if best else "open",
        leaning=not as_is,
        estimate=_mean([(one.kind.family, found) for one, found in scored], target_level),
        level=_level([one for one, _ in scored]),
        against=tuple(as_is),
        incomplete=len(scored) < len(held) or any(one.incomplete for one in held),
    )


def objections(scores: Sequence[tuple[str, float]]) -> list[str]:
    """What stands against hiring, given (kind of round, score); empty when the rules are met."""
    found = [f"{slug} lies below {FLOOR:g}" for slug, score in scores if score + _EPSILON < FLOOR]
    reached = sum(score + _EPSILON >= AT_THE_BAR for _, score in scores)
    if reached + _EPSILON < SHARE_AT_THE_BAR * len(scores):
        found.append(f"{reached} of {len(scores)} rounds reach {AT_THE_BAR:g}; two thirds must")
    found += [
        f"{slug} must reach {AT_THE_BAR:g} itself"
        for slug, score in scores
        if slug in DECIDING and score + _EPSILON < AT_THE_BAR
    ]
    return found


def _mean(scores: Sequence[tuple[str, Estimate]], target_level: str) -> Estimate:
    """People and technical rounds by the shares of the level; a family that was not held leaves its share."""
    people = PEOPLE_SHARE.get(target_level, PEOPLE_SHARE_FROM_SENIOR)
    share = {"people": people, "technical": 1 - people}
    count = {family: sum(1 for own, _ in scores if own == family) for family in share}
    return weighted_mean([(found, share[family] / count[family]) for family, found in scores])


def _level(rounds: Sequence[RoundScore]) -> str | None:
    """The highest level at which scope, trade-offs and the rounds' mean all reach the bar.

    Entry and mid ask for neither scope nor trade-offs, so there a lack of evidence on them holds nobody back.
    """
    answers = [answer for one in rounds for answer in one.answers]
    asked = {signal.level for answer in answers for signal, _ in answer}
    reached = None
    for level in LEVELS:
        if level not in asked:
            continue
        groups = by_dimension(answers, level)
        means = [found for one in rounds if (found := read_against(one, level)) is not None]
        named = [pooled(groups.get(name, [])) for name in (LEVEL_SCOPE, TRADE_OFFS)]
        needed = rank(level) >= rank("senior")
        if not means or not _at_the_bar(weighted_mean([(found, 1.0) for found in means]), needed=True):
            break
        if not all(_at_the_bar(found, needed=needed) for found in named):
            break
        reached = level
    return reached


def _at_the_bar(found: Estimate | None, *, needed: bool) -> bool:
    return not needed if found is None else found.value + _EPSILON >= AT_THE_BAR
