"""What somebody's answers show so far."""

from dataclasses import dataclass, field
from typing import Any

from lift.debriefs.standing import standing

NAMES = {"api-design-quality": "API design quality", "operational-maturity": "Operational maturity"}


@dataclass
class Read:
    """A stored reading: (dimension, status) of each signal, all of them musts."""

    heard: list[tuple[str, str]]
    valid: bool = True
    reason: str | None = None
    band: int | None = None
    highest_level: str | None = None
    followup_signal: int | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    dimensions: list[Any] = field(default_factory=list)

    @property
    def rubric(self) -> list[Any]:
        return [{"text": "a point", "weight": "must", "level": "mid", "dimension": name} for name, _ in self.heard]

    @property
    def signals(self) -> list[Any]:
        return [{"signal_index": i, "status": said, "confidence": 1.0} for i, (_, said) in enumerate(self.heard)]


def test_one_answer_alone_has_its_own_debrief_and_no_standing() -> None:
    assert standing([Read([("api-design-quality", "covered")] * 4)], NAMES) == []


def test_the_weakest_dimension_comes_first_and_each_has_a_range() -> None:
    one = Read([("api-design-quality", "covered")] * 4 + [("operational-maturity", "missed")] * 3)
    lines = standing([one, one], NAMES)
    assert [(line.name, line.answers) for line in lines] == [("Operational maturity", 2), ("API design quality", 2)]
    assert lines[0].low == 1
    assert lines[1].high == 4
    assert lines[1].words == "4 · above the bar"


def test_a_dimension_that_was_hardly_asked_for_shows_no_band_and_comes_last() -> None:
    one = Read([("api-design-quality", "partly")] * 3)
    other = Read([("api-design-quality", "missed"), ("operational-maturity", "missed")])
    hardly = Read([("operational-maturity", "missed")])
    lines = standing([one, other, hardly], NAMES)
    assert (lines[-1].low, lines[-1].words) == (None, "not enough evidence")
    assert lines[0].low is not None
