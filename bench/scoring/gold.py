"""`python -m bench.scoring.gold`: pin the statuses of the gold answers anew, after a change that is meant."""

import json
from pathlib import Path

from lift.scoring.embedded import VERSION, EmbeddedScorer
from tests.scoring import gold_answers

FILE = Path(gold_answers.__file__).with_name("gold.json")


def main() -> None:
    """Write the file; a changed status under the version that is pinned already is refused."""
    scorer = EmbeddedScorer()
    found = {
        name: [signal.status for signal in scorer.assess(gold_answers.RUBRICS[rubric], answer).signals]
        for name, (rubric, answer) in gold_answers.ANSWERS.items()
    }
    before = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else None
    if before and before["version"] == VERSION and before["statuses"] != found:
        raise SystemExit("Statuses changed: raise VERSION first.")
    FILE.write_text(json.dumps({"version": VERSION, "statuses": found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
