"""The encoder and the scorer on every shipped question: what they find the same, and whether outlines are answers."""

from collections.abc import Sequence

import pytest

from lift.catalog.files import CONTENT, read_catalog
from lift.questions.format import Placed, read_questions
from lift.questions.lint_command import embedder, scorer
from lift.questions.linter import Assess, duplicates, outlines

TOPICS = [topic.slug for topic in read_catalog().topics.topics]


@pytest.fixture(scope="module")
def shipped() -> Sequence[Placed]:
    return read_questions(CONTENT)[0]


@pytest.fixture(scope="module")
def assess() -> Assess:
    return scorer()


def test_no_two_questions_mean_the_same(shipped: Sequence[Placed]) -> None:
    assert list(duplicates(shipped, read_catalog(), embedder())) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_an_outline_read_as_an_answer_is_in_the_top_band_and_that_of_another_question_is_not(
    shipped: Sequence[Placed], assess: Assess, topic: str
) -> None:
    of_topic = [item for item in shipped if item.source.name.startswith(f"questions/{topic}/")]
    assert list(outlines(of_topic, assess)) == []
