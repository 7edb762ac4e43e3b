"""What a role's rounds are and score on. The catalogue describes each company's loop for engineers of back ends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

SHOWN = 6
"""Dimensions that the page of an outlined role shows."""
DEVELOPED = "developed"
"""``content`` of a role with worked-out topics."""

UNLED = ("automatic", "asynchronous")
"""How ``run_by`` begins where nobody asks: a timed test, work at home."""

Row = dict[str, Any]


def is_led(run_by: str) -> bool:
    """Whether somebody leads a round: what nobody leads is no interview."""
    return not run_by.startswith(UNLED)


def rounds_of(loop: Sequence[Row], role: Mapping[str, Any] | None) -> list[Row]:
    """The rounds of a company's loop whose kind the role has, in order."""
    kinds = set(role["round_kinds"]) if role else set()
    return [part for part in loop if part["kind"] in kinds]


def scored(dimensions: Sequence[Row], rounds: Sequence[Row], role: Mapping[str, Any] | None) -> list[Row]:
    """What the rounds of a role score on.

    A developed role has dimensions of its own, the first family. For the others it is what weighs most over the kinds
    of round that they have; dimensions that every talk is scored on come last.
    """
    if role is not None and role["content"] == DEVELOPED:
        return [d for d in dimensions if d["family"] == "backend-core"]
    weights: Counter[str] = Counter()
    for part in rounds:
        # A screen and a talk with people are alike for all roles: the technical ones tell a role.
        share = 1 if part["family"] in ("screen", "people") else 3
        for line in part["scoring"]:
            weights[line["dimension"]] += share * line["weight"]
    heard = [d for d in dimensions if weights[d["slug"]] and d["family"] != "general"]
    return sorted(heard, key=lambda d: (-weights[d["slug"]], d["position"]))[:SHOWN]


def separating(dimensions: Sequence[Row], rounds: Sequence[Row]) -> list[Row]:
    """Dimensions that separate two levels, among those that the role's rounds score."""
    heard = {line["dimension"] for part in rounds for line in part["scoring"]}
    return [d for d in dimensions if d["separates"] and d["slug"] in heard]
