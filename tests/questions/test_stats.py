"""The figures of the shipped bank, and that a hole is named."""

import io
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from lift.catalog.files import CONTENT, CatalogFiles, read_catalog
from lift.catalog.yaml_source import ContentError
from lift.questions import goals, stats_command
from lift.questions.format import ONE, QuestionPart, read_questions
from lift.questions.goals import Goal
from lift.questions.spread import Spread
from lift.questions.stats import Stats, stats
from tests.questions.test_linter import a_question


@pytest.fixture(scope="module")
def files() -> CatalogFiles:
    return read_catalog()


@pytest.fixture(scope="module")
def shipped() -> Stats:
    return stats(CONTENT)


def standing(files: CatalogFiles, *questions: QuestionPart) -> dict[tuple[str, str], Goal]:
    return {(goal.group, goal.name): goal for goal in goals.goals(Spread(questions, files))}


def a_part(number: int = 1, **changes: object) -> QuestionPart:
    return ONE.validate_python(a_question(number, **changes))


def test_of_one_question_each_goal_says_what_it_adds(files: CatalogFiles) -> None:
    stand = standing(files, a_part(companies=["microsoft"], orgs=["azure"], round="coding"))
    assert stand["bank", "all"] == Goal("bank", "all", 1, goals.ALL)
    assert stand["role", "backend-engineer"].have == 1
    assert stand["competency", "idempotency-keys"].have == 1
    assert stand["competency", "isolation-levels"].have == 0
    assert (stand["company", "microsoft"].have, stand["company", "google"].have) == (1, 0)
    assert stand["orgs", "microsoft"].have == 1
    assert (stand["level", "mid"].have, stand["level", "entry"].have) == (100, 0)
    assert (stand["kind", "debug"].have, stand["kind", "estimate"].have) == (100, 0)
    assert (stand["round", "coding"].have, stand["round", "coding"].want) == (1, 80)


def test_a_question_of_two_companies_is_nobodys_own(files: CatalogFiles) -> None:
    stand = standing(files, a_part(companies=["microsoft", "stripe"]))
    assert (stand["company", "microsoft"].have, stand["company", "stripe"].have) == (0, 0)


def test_rounds_that_nobody_leads_have_no_goal(files: CatalogFiles) -> None:
    stand = standing(files)
    led = {name for group, name in stand if group == "round"}
    assert {"coding", "bar-raiser", "team-match"} <= led
    assert not {"online-assessment", "take-home"} & led
    assert "ml-system-design" not in led, "no backend loop has it"


def test_the_sixty_most_named_come_by_companies_then_by_the_weight_of_their_topic(files: CatalogFiles) -> None:
    most = goals.emphasised(files)
    named = Counter(slug for company in files.companies.companies for slug in company.emphasis)
    assert len(most) == 60
    assert [number for _, number in most] == sorted((number for _, number in most), reverse=True)
    assert dict(most) == {slug: named[slug] for slug, _ in most}
    assert min(number for _, number in most) >= max(n for slug, n in named.items() if slug not in dict(most))


def test_tables_add_up_to_the_questions(shipped: Stats) -> None:
    tables = {table.title: table.data for table in shipped.tables}
    assert sum(map(sum, (row.values() for row in tables["topic × kind"].values()))) == shipped.questions
    levels = sum(len(item.question.levels) for item in read_questions(CONTENT)[0])
    assert sum(map(sum, (row.values() for row in tables["topic × level"].values()))) == levels
    assert sum(map(sum, (row.values() for row in tables["round × level"].values()))) == levels


def test_the_figures_come_as_text_and_as_json(shipped: Stats) -> None:
    text, written = stats_command.told(shipped), io.StringIO()
    stats_command.run(as_json=True, models=False, out=written)
    data = json.loads(written.getvalue())
    assert data == json.loads(json.dumps(shipped.data))
    assert f"{shipped.questions} questions" in text
    assert data["questions"] == shipped.questions
    assert all(f"hole: {hole}" in text for hole in data["holes"])
    assert {length["what"] for length in data["lengths"]} >= {"words of the prompt", "signals", "words of the outline"}
    assert sum(data["readings"].values()) >= shipped.questions


def test_the_closest_pair_is_told_with_its_likeness(shipped: Stats) -> None:
    of_meaning = stats(CONTENT, embed=lambda texts: np.eye(len(texts))).likeness[-1]
    assert (of_meaning.near, of_meaning.closest) == (0, None)
    for likeness in shipped.likeness:
        assert likeness.same == 0
        assert likeness.closest is None or likeness.near_from <= likeness.closest[2] < likeness.same_from


def test_faulty_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog").symlink_to(CONTENT / "catalog")
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "stray.yaml").write_text(yaml.safe_dump([a_question(minutes=900)]))
    with pytest.raises(ContentError, match="minutes"):
        stats(tmp_path)
