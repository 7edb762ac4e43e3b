"""Made-up answers that are real in form: telegrams, notes and sums. The gate learns from them and takes no limit from them.

The graded sets hold few of these, and who answers at a whiteboard writes little else.
"""

import random
import re
from collections.abc import Callable, Sequence

from lift.scoring.text import content_words, sentences

MOST_TELEGRAM = 8
"""Content words in their order up to which a text without little words is a real answer in telegram style."""
_LEFT_OUT = re.compile(
    r"\b(?:the|a|an|is|are|was|were|be|been|has|have|will|would|should|it|its|that|which|this)\b\s?", re.I
)
_MARKS = ("- {}", "{n}. {}", "* {}", "{n}) {}")
_UNITS = ("requests", "users", "writes", "bytes", "rows", "messages", "packets", "keys", "hits", "seconds")


def telegram(reference: str, separator: str) -> str:
    """The content words of the first sentence in their order; empty where there are too few."""
    start, end = sentences(reference)[0]
    said = content_words(reference[start:end])[:MOST_TELEGRAM]
    return separator.join(said) if len(said) > 3 else ""


def notes(points: Sequence[str], chance: random.Random) -> str:
    """The points without their littlest words, one a line, as one jots them down."""
    mark = chance.choice(_MARKS)
    lines = [_LEFT_OUT.sub("", point).strip(" .") for point in points]
    return "\n".join(mark.format(line, n=number) for number, line in enumerate(lines, 1))


def sums(points: Sequence[str], chance: random.Random) -> str:
    """A calculation with a few words around it, and the first point said."""
    lines = [points[0]]
    for letter in "ABC"[: chance.randint(1, 3)]:
        a, b, power = chance.randint(2, 900), chance.randint(2, 60), chance.randint(2, 6)
        unit = chance.choice(_UNITS)
        lines.append(
            chance.choice(
                [
                    f"{letter}: {a} * {b} = {a * b} {unit}",
                    f"P({letter}) = 0.{a}^{power} * {b} = 0.{chance.randint(100, 999)}",
                    f"{a * b} / {b} = {a} {unit} per second => {a * 86_400} a day",
                    f"{letter} = {a} + {b} = {a + b} {unit}",
                ]
            )
        )
    return chance.choice(["\n", " ", "; "]).join(lines)


Style = Callable[[Sequence[str], random.Random], str]
STYLES: tuple[Style, ...] = (notes, sums)


def make(style: Style, points: Sequence[str], seed: str) -> str:
    """One answer in ``style``; the same seed gives the same text."""
    return style(points, random.Random(f"{style.__name__}|{seed}"))  # noqa: S311 - repeatable, nothing secret
