"""The linter sees what it is for, and the shipped bank passes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from lift.catalog.files import CONTENT
from lift.questions import lint_command
from lift.questions.linter import LintReport, lint
from lift.scoring.types import Assessment, Rubric

PROMPT = (
    "A nightly job of {company} copies {number} orders into a report. Since Monday it takes nine hours and locks the table "
    "for writers. Find the cause and say what you change first."
)


def a_question(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A sound question in the format of the files."""
    plain = {
        "id": f"idempotency-keys-{number:02}",
        "prompt": PROMPT.format(company="ours", number="forty thousand"),
        "kind": "debug",
        "round": "api-design",
        "minutes": 10,
        "levels": ["mid", "senior"],
        "competencies": ["idempotency-keys"],
        "companies": [],
        "orgs": [],
        "signals": [
            {"text": text, "weight": weight, "level": "mid", "dimension": "api-design-quality"}
            for text, weight in (
                ("Reads the plan before guessing", "must"),
                ("Names the missing index on the join", "must"),
                ("Cuts the transaction into batches", "should"),
                ("Measures again afterwards", "bonus"),
            )
        ],
        "followups": [
            {"ask": "And on a replica?", "when_missed": 1},
            {"ask": "Which alert tells you?", "deepen": "senior"},
        ],
        "pitfalls": ["Adds hardware first", "Turns locking off"],
        "by_level": {"mid": "Finds the plan.", "senior": "Bounds the lock."},
        "outline": ["Look at the plan.", "Add the index.", "Batch the copy.", "Measure again."],
        "provenance": "editorial",
    }
    return plain | changes


Bank = Callable[..., LintReport]


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    """Lints a bank of the given questions beside the shipped catalogue."""
    (tmp_path / "catalog").symlink_to(CONTENT / "catalog")
    folder = tmp_path / "questions" / "api-design"
    folder.mkdir(parents=True)

    def write(*questions: dict[str, Any], **options: Any) -> LintReport:
        (folder / "idempotency-keys.yaml").write_text(yaml.safe_dump(list(questions), sort_keys=False))
        return lint(tmp_path, **{"readings": False, **options})

    return write


def test_the_shipped_bank_passes_and_every_question_was_read_twice() -> None:
    report = lint(CONTENT)
    assert list(report.problems) == []
    assert report.questions >= 160


def test_the_shipped_bank_has_eighty_questions_of_microsofts_and_a_quarter_that_rivals_lack() -> None:
    from lift.questions.format import read_questions

    questions = [item.question for item in read_questions(CONTENT)[0]]
    assert sum("microsoft" in q.companies for q in questions) >= 80
    assert sum(q.kind in ("debug", "review", "estimate") for q in questions) >= len(questions) / 4
    assert all(q.provenance == "editorial" for q in questions)


def test_a_sound_question_has_no_problem(bank: Bank) -> None:
    assert list(bank(a_question()).problems) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "riddle"}, "kind"),
        ({"levels": ["wizard"], "by_level": {"mid": "Something is said."}}, "levels: 'wizard' is not in the catalogue"),
        ({"competencies": ["idempotency-keys", "no-such"]}, "competencies: 'no-such' is not in the catalogue"),
        ({"companies": ["nobody"]}, "companies: 'nobody' is not in the catalogue"),
        ({"companies": ["stripe"], "orgs": ["azure"]}, "orgs: 'azure' is no org of stripe"),
        ({"orgs": ["azure"]}, "orgs: 'azure' is no org of any company named"),
        ({"prompt": "Design a rate limiter for an API of ours, please."}, "the prompt has 10 words"),
        ({"prompt": " ".join(["word"] * 95)}, "the prompt has 95 words"),
        ({"signals": a_question()["signals"][:3]}, "signals"),
        (
            {"followups": [{"ask": "What then?", "when_missed": 9}, {"ask": "And then?", "deepen": "senior"}]},
            "no signal 9",
        ),
        (
            {"followups": [{"ask": "What then?"}, {"ask": "And then?", "deepen": "senior"}]},
            "either when_missed or deepen",
        ),
        ({"by_level": {"mid": "Finds the plan."}}, "by_level says nothing for senior"),
        ({"outline": ["Look at the plan."]}, "outline"),
        ({"provenance": "leaked"}, "provenance"),
        ({"colour": "green"}, "colour"),
    ],
)
def test_a_fault_is_named_with_file_line_and_id(bank: Bank, changes: dict[str, Any], words: str) -> None:
    problems = bank(a_question(**changes)).problems
    assert any(words in problem for problem in problems), problems
    assert all(problem.startswith("questions/api-design/idempotency-keys.yaml:") for problem in problems)
    assert all(": idempotency-keys-01:" in problem for problem in problems)


def test_musts_are_two_or_three(bank: Bank) -> None:
    signals = [signal | {"weight": "should"} for signal in a_question()["signals"]]
    assert "0 musts, not 2 or 3" in bank(a_question(signals=signals)).problems[0]


def test_a_signal_that_repeats_its_question_is_a_fault(bank: Bank) -> None:
    signals = [dict(signal) for signal in a_question()["signals"]]
    signals[2]["text"] = "The nightly job copies orders and locks the table for writers since Monday"
    assert any("signal 2 repeats the question" in problem for problem in bank(a_question(signals=signals)).problems)


def test_an_id_used_twice_is_a_fault(bank: Bank) -> None:
    assert any("already used" in problem for problem in bank(a_question(), a_question()).problems)


def test_a_question_in_the_wrong_file_is_a_fault(bank: Bank) -> None:
    stray = a_question(id="isolation-levels-01", competencies=["isolation-levels"])
    assert "belongs into questions/database-design/isolation-levels.yaml" in bank(stray).problems[0]


def test_nearly_the_same_words_name_both_ids(bank: Bank) -> None:
    other = a_question(2, prompt=a_question()["prompt"].replace("nine hours", "ten hours"))
    (problem,) = bank(a_question(), other).problems
    assert "idempotency-keys-02: nearly the same words as idempotency-keys-01" in problem


def test_another_company_and_another_number_do_not_make_another_question(bank: Bank) -> None:
    frame = "At {0} the {1} hosts call {2}, which fails {3} times a day at {4} sharp. Tell {0} why {2} fails on {1} hosts and mend it."
    first = a_question(prompt=frame.format("Stripe", "40", "Redis", "12", "9:15"))
    second = a_question(2, prompt=frame.format("Google", "7,000", "Spanner", "3", "23:50"))
    problems = bank(first, second).problems
    assert any("the same skeleton as idempotency-keys-01" in problem for problem in problems)


def test_the_same_meaning_in_other_words_is_found_by_the_encoder(bank: Bank) -> None:
    other = a_question(
        2,
        prompt="Explain in two minutes why retries of a payment call may charge a card twice, and what would stop that.",
    )
    assert list(bank(a_question(), other).problems) == []
    report = bank(a_question(), other, embed=lambda texts: np.ones((len(texts), 1)))
    assert "nearly the same meaning as idempotency-keys-01 (cosine 1.00)" in report.problems[0]


class BandByWord:
    """A scorer that gives the top band to answers with one word, else the lowest."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __call__(self, rubric: Rubric, answer: str) -> Assessment:
        band = 4 if self.word in answer else 1
        return Assessment(True, None, (), (), band, None, None, "fake", "1")


def test_an_outline_that_does_not_reach_the_top_band_is_a_fault(bank: Bank) -> None:
    assert list(bank(a_question(), assess=BandByWord("index")).problems) == []
    assert "its outline scores band 1, not 4" in bank(a_question(), assess=BandByWord("shard")).problems[0]


def test_every_question_needs_a_second_reading(bank: Bank, tmp_path: Path) -> None:
    assert "was not read a second time" in bank(a_question(), readings=True).problems[0]
    (tmp_path / "readings").mkdir()
    reading = tmp_path / "readings" / "api-design.yaml"
    reading.write_text("- {id: idempotency-keys-01, date: 2026-11-24, verdict: kept, change: null}\n")
    assert list(bank(a_question(), readings=True).problems) == []
    reading.write_text("- {id: idempotency-keys-01, date: 2026-11-24, verdict: changed, change: null}\n")
    assert "readings/api-design.yaml:1: " in bank(a_question(), readings=True).problems[0]
    reading.write_text("- {id: idempotency-keys-02, date: 2026-11-24, verdict: dropped, change: null}\n")
    assert "a dropped one why" in bank(a_question(), readings=True).problems[0]
    reading.write_text("- {id: idempotency-keys-01, date: 2026-11-24, verdict: dropped, change: Too narrow.}\n")
    assert any("still stands in the bank" in problem for problem in bank(a_question(), readings=True).problems)


def test_a_reading_stands_in_the_file_of_its_topic(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "readings").mkdir()
    elsewhere = tmp_path / "readings" / "coding.yaml"
    elsewhere.write_text("- {id: idempotency-keys-01, date: 2026-11-24, verdict: kept, change: null}\n")
    (problem,) = bank(a_question(), readings=True).problems
    assert "idempotency-keys-01: belongs into readings/api-design.yaml" in problem


def test_a_question_that_cannot_be_read_brings_no_second_fault_with_its_reading(bank: Bank, tmp_path: Path) -> None:
    (tmp_path / "readings").mkdir()
    reading = tmp_path / "readings" / "api-design.yaml"
    reading.write_text("- {id: idempotency-keys-01, date: 2026-11-24, verdict: kept, change: null}\n")
    (problem,) = bank(a_question(kind="riddle"), readings=True).problems
    assert "kind" in problem


def test_models_are_asked_when_nothing_else_is_wrong(bank: Bank) -> None:
    (problem,) = bank(a_question(minutes=900), a_question(2), assess=BandByWord("nothing")).problems
    assert "minutes" in problem


def test_an_outline_that_is_its_signals_word_for_word_is_a_fault(bank: Bank) -> None:
    copied = [signal["text"] for signal in a_question()["signals"]]
    (problem,) = bank(a_question(outline=copied)).problems
    assert "4 of 4 steps of the outline are signals word for word" in problem


def test_two_musts_are_expected_at_the_lowest_level(bank: Bank) -> None:
    signals = [dict(signal) for signal in a_question()["signals"]]
    signals[1]["level"] = "senior"
    (problem,) = bank(a_question(signals=signals)).problems
    assert "1 of its musts expected at mid, its lowest level" in problem


def test_the_command_ends_with_one_when_something_is_wrong(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank(a_question(minutes=900))
    assert lint_command.run(tmp_path, readings=False, models=False) == 1
    assert "1 problem" in capsys.readouterr().out
    bank(a_question())
    assert lint_command.run(tmp_path, readings=False, models=False) == 0
