"""Whether reviewers agree more often than chance would have them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lift.submissions.reviewing import Opinion, Verdict

ENOUGH = 20
"""Reports with two opinions, below which a figure says nothing."""

Pair = tuple[Verdict, Verdict]


@dataclass(frozen=True)
class Measured:
    """Of ``pairs`` reports with two opinions ``alike`` had the same twice."""

    pairs: int
    alike: int
    kappa: float | None
    """Cohen's: 1 is full agreement, 0 what chance gives; None where all said one thing, and chance explains all."""

    @property
    def enough(self) -> bool:
        """Whether the figures may be read."""
        return self.pairs >= ENOUGH

    @property
    def words(self) -> str:
        """Landis and Koch's words for a kappa, which are a custom and no law."""
        if self.kappa is None:
            return "cannot be told from chance: everybody said the same"
        for least, name in ((0.81, "almost perfect"), (0.61, "substantial"), (0.41, "moderate"), (0.21, "fair")):
            if self.kappa >= least:
                return name
        return "slight" if self.kappa >= 0 else "less than chance"


def first_pairs(reports: Iterable[Sequence[Opinion]]) -> list[Pair]:
    """The first two opinions on each report that has two: a third one knows that they differ."""
    return [(opinions[0].verdict, opinions[1].verdict) for opinions in reports if len(opinions) >= 2]


def measure(pairs: Sequence[Pair]) -> Measured:
    """Cohen's kappa of first against second opinions."""
    total = len(pairs)
    alike = sum(first is second for first, second in pairs)
    return Measured(total, alike, _kappa(pairs, alike / total) if total else None)


def _kappa(pairs: Sequence[Pair], observed: float) -> float | None:
    first, second = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(first[verdict] * second[verdict] for verdict in Verdict) / len(pairs) ** 2
    return None if chance == 1 else (observed - chance) / (1 - chance)
