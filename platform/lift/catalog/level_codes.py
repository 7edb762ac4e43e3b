"""A company's own level code, such as 63 or L5, as the common level that it is compared by."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Codes = Mapping[tuple[str, str], str]
"""(company, code as its ladder writes it) → common level."""


@dataclass(frozen=True)
class Meant:
    """What a code may mean: at each company that has it, one common level or more."""

    code: str
    at: Mapping[str, Collection[str]]
    """Company → common levels, in the order of the catalogue."""

    @property
    def levels(self) -> Collection[str]:
        """The common levels that the code stands for when it means the same wherever it is used, else none."""
        found = {tuple(levels) for levels in self.at.values()}
        return found.pop() if len(found) == 1 else ()


def spellings(code: str) -> set[str]:
    """How a step of a ladder is called: ``63/64`` by either number, ``G8 (L4)`` by either name."""
    parts = [code, *code.split("/"), *re.findall(r"[^()]+", code)]
    return {_plain(part) for part in parts if _plain(part)}


def meaning(value: str, companies: Collection[str], codes: Codes) -> Meant:
    """Where ``value`` is a level's code: ``63``, or ``microsoft:63``. Only at ``companies``, when there are any.

    A code of no company gives a meaning without a place.
    """
    company, colon, code = value.partition(":")
    if not colon:
        company, code = "", value
    wanted = _plain(code)
    at: dict[str, dict[str, None]] = {}
    for (owner, own), common in codes.items():
        among = owner == company if company else not companies or owner in companies
        if among and wanted in spellings(own):
            at.setdefault(owner, {})[common] = None
    return Meant(code, {owner: tuple(levels) for owner, levels in at.items()})


def _plain(code: str) -> str:
    return " ".join(code.lower().split())
