"""Nothing changes unseen: a status that differs from the pinned one needs a new version.

After a change that is meant: raise VERSION, then `python -m bench.scoring.gold` pins the statuses anew.
"""

import json
from pathlib import Path

from lift.scoring.coefficients import shipped
from lift.scoring.embedded import VERSION, EmbeddedScorer
from tests.scoring.gold_answers import ANSWERS, RUBRICS

GOLD = json.loads(Path(__file__).with_name("gold.json").read_text(encoding="utf-8"))


def test_every_status_is_the_pinned_one() -> None:
    scorer = EmbeddedScorer()
    found = {
        name: [signal.status for signal in scorer.assess(RUBRICS[rubric], answer).signals]
        for name, (rubric, answer) in ANSWERS.items()
    }
    assert found == GOLD["statuses"]


def test_the_pinned_statuses_are_many_and_of_every_kind() -> None:
    statuses = [status for answer in GOLD["statuses"].values() for status in answer]
    assert len(statuses) >= 40
    assert set(statuses) == {"covered", "partly", "missed"}


def test_code_coefficients_and_pinned_statuses_are_of_one_version() -> None:
    assert GOLD["version"] == shipped().version == VERSION
