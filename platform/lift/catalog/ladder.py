"""A company's short ladder: which of its own levels each short step means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SENIORITY = frozenset(
    {"associate", "assistant", "junior", "lead", "senior", "staff", "principal", "partner", "distinguished"}
)
SPELLED = {
    "se": "software engineer",
    "swe": "software engineer",
    "sde": "sde",
    "mts": "member technical staff",
}
CODE = 100
"""The fit of a step that gives the level's own code."""
NUMERALS = {"i": "1", "ii": "2", "iii": "3"}


@dataclass(frozen=True)
class Step:
    """A short step with the codes and the common levels of what it covers."""

    title: str
    codes: tuple[str, ...]
    common_levels: tuple[str, ...]

    @property
    def words(self) -> str:
        """``59–62`` for numbered codes, else the codes themselves; empty when they say no more than the title."""
        numbers = [int(n) for code in self.codes for n in code.split("/") if n.isdigit()]
        parts = [n for code in self.codes for n in code.split("/")]
        if numbers and len(numbers) == len(parts):
            return str(numbers[0]) if min(numbers) == max(numbers) else f"{min(numbers)}–{max(numbers)}"
        shown = [code for code in self.codes if code.lower() not in self.title.lower()]
        return ", ".join(shown)


def _words(text: str) -> frozenset[str]:
    found: list[str] = []
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        found.extend(SPELLED.get(word, NUMERALS.get(word, word)).split())
    return frozenset(found) - {"of", "or", "and"}


def _fit(short: str, code: str, title: str) -> int:
    """How well a short step names a level; 0 is not at all."""
    if re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", short):
        return CODE
    # "Computer Scientist 2 or Software Engineer 4" is two titles, unless the short step has two itself.
    titles = [title] if " or " in short or "(" in short else title.split(" or ")
    wanted = _words(short)
    fits = any(wanted <= given and (wanted & SENIORITY) == (given & SENIORITY) for given in map(_words, titles))
    return len(wanted) if fits else 0


def short_ladder(steps: Sequence[str], levels: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The short steps in order, each with the levels (``code``, ``title``, ``common_level``) that it names."""
    covered: dict[int, list[Mapping[str, Any]]] = {index: [] for index in range(len(steps))}
    coded = {i for i, step in enumerate(steps) if any(_fit(step, v["code"], v["title"]) == CODE for v in levels)}
    reached = 0
    for level in levels:
        fits = [_fit(step, level["code"], level["title"]) for step in steps]
        # Levels rise, so the steps do too; a step that a code names takes nothing by its title.
        allowed = [fit if i >= reached and (fit == CODE or i not in coded) else 0 for i, fit in enumerate(fits)]
        if max(allowed, default=0) > 0:
            reached = allowed.index(max(allowed))
            covered[reached].append(level)
    return [
        Step(
            title,
            tuple(level["code"] for level in covered[index]),
            tuple(dict.fromkeys(level["common_level"] for level in covered[index])),
        )
        for index, title in enumerate(steps)
    ]
