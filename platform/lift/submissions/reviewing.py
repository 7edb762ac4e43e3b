"""When reviewers have decided: one who is experienced alone, anybody else together with a second who agrees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

EXPERIENCED = 20
"""Reports that somebody has reviewed before their word is enough."""


class Verdict(StrEnum):
    """What a reviewer says of a report."""

    VERIFY = "verify"
    DECLINE = "decline"


@dataclass(frozen=True)
class Opinion:
    """One reviewer's word on a report, and how many reports they had reviewed when they gave it."""

    reviewer: UUID
    verdict: Verdict
    experience: int


def outcome(opinions: Sequence[Opinion]) -> Verdict | None:
    """The decision, or None while a further reviewer is needed. ``opinions`` are in the order of time.

    Where two disagree a third one decides, whatever their experience.
    """
    given: list[Verdict] = []
    for opinion in opinions:
        if not given and opinion.experience >= EXPERIENCED:
            return opinion.verdict
        if opinion.verdict in given:
            return opinion.verdict
        given.append(opinion.verdict)
    return None


@dataclass(frozen=True)
class Agreement:
    """How often two reviewers of one report said the same."""

    alike: int
    pairs: int

    @property
    def share(self) -> float | None:
        """0 to 1; None before any report had two reviewers."""
        return self.alike / self.pairs if self.pairs else None


def agreement(reports: Iterable[Sequence[Opinion]]) -> Agreement:
    """Over the first two opinions on each report: a third one knows that the two differ."""
    pairs = [opinions[:2] for opinions in reports if len(opinions) >= 2]
    return Agreement(sum(first.verdict is second.verdict for first, second in pairs), len(pairs))
