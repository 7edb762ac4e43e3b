"""Stand-ins for what the language-model scorer needs from outside."""

from uuid import UUID, uuid4

from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.llm.port import Call, Outcome, Usage
from lift.scoring.types import Assessment, Rubric


class SteppingTime:
    """Stands still until somebody waits, and remembers for how long they did."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds


class RemembersReadings(EmbeddedScorer):
    """The embedded scorer, which reads the same answer once for all tests."""

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[tuple[Rubric, str], Assessment] = {}

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        if (rubric, answer) not in self._read:
            self._read[rubric, answer] = super().assess(rubric, answer)
        return self._read[rubric, answer]


class OpenPurse:
    """Pays for ``calls`` calls and remembers how each ended."""

    def __init__(self, calls: int = 100) -> None:
        self.left = calls
        self.reserved: list[Call] = []
        self.settled: list[tuple[Outcome, Usage | None]] = []

    def reserve(self, call: Call) -> UUID | None:
        if self.left == 0:
            return None
        self.left -= 1
        self.reserved.append(call)
        return uuid4()

    def settle(self, ticket: UUID, outcome: Outcome, usage: Usage | None) -> None:
        self.settled.append((outcome, usage))
