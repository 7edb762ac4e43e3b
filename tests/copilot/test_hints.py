"""Hints lead to an answer and do not give it: held for every question that ships."""

import pytest

from lift.copilot.facts import QuestionFacts
from lift.copilot.hints import MOST, RUNGS, Hint, hint
from lift.copilot.pieces import masked, plain
from lift.scoring.terms import revealed, terms
from tests.copilot.bank import shipped

IDEMPOTENCY = "idempotency-keys-01"


def lines(hint: Hint) -> list[str]:
    return [plain(line) for line in hint.lines]


def test_no_hint_of_any_shipped_question_tells_more_of_a_point_or_step_than_the_bound() -> None:
    told = {
        (slug, rung): revealed(hint(facts, rung).text, facts.hidden, facts.shown)
        for slug, facts in shipped().items()
        for rung in range(1, RUNGS)
    }
    assert len(told) == 3 * len(shipped()) >= 3 * 169
    assert max(told.values()) <= MOST


def test_all_hints_before_the_last_together_tell_no_more_than_half_of_any_point() -> None:
    """Taken together they may touch a point from three sides; the answer is still the person's to find."""
    for slug, facts in shipped().items():
        every = " ".join(hint(facts, rung).text for rung in range(1, RUNGS))
        # That three of its eight points are musts is no figure of the answer.
        new = {term for term in terms(every) - facts.shown if not term.isdigit()}
        for part in facts.hidden:
            own = terms(part) - facts.shown
            assert len(new & own) <= max(2 * MOST, len(own) / 2), (slug, part)


def test_the_last_hint_keeps_back_every_word_that_the_page_does_not_show() -> None:
    for facts in shipped().values():
        last = hint(facts, RUNGS)
        assert revealed(last.text, facts.hidden, facts.shown) == 0


def test_every_rung_of_every_question_says_something_and_speaks_in_sentences() -> None:
    for slug, facts in shipped().items():
        for rung in range(1, RUNGS + 1):
            found = hint(facts, rung)
            assert found.lines, (slug, rung)
            # A step may begin with a name that is spelt small, such as gRPC or a function's.
            begun = {line.split()[0] for line in lines(found)} - {facts.outline[0].split()[0]}
            assert all(first[0] == first[0].upper() for first in begun), (slug, begun)
            assert ("{" in "".join(lines(found))) <= ("{" in facts.outline[0])


@pytest.fixture
def facts() -> QuestionFacts:
    return shipped()[IDEMPOTENCY]


def test_the_first_says_what_it_is_about_and_what_weighs_most(facts: QuestionFacts) -> None:
    said = lines(hint(facts, 1))
    assert said[0] == "It is about Idempotency: making retries safe end to end."
    assert said[1].startswith("What weighs most is API design quality.")
    assert said[2] == "3 of its 7 points are musts. Spend most of your 12 minutes there, and say the rest briefly."


def test_the_second_names_the_part_of_the_question_that_the_heaviest_must_hangs_on(facts: QuestionFacts) -> None:
    said = " ".join(lines(hint(facts, 2)))
    assert "The must that everything hangs on belongs to API design quality, from Mid on." in said
    assert "Heard in a good answer there: " in said


def test_the_third_asks_back(facts: QuestionFacts) -> None:
    said = lines(hint(facts, 3))
    assert said[0].startswith("The skill behind it is Idempotency keys: ")
    assert said[1].startswith("Ask yourself: “")


def test_the_last_is_the_first_step_with_gaps(facts: QuestionFacts) -> None:
    (line,) = hint(facts, 4).lines
    assert any(piece.hidden for piece in line)
    assert all(len(piece.text) <= 1 for piece in line if piece.hidden)


def test_a_number_is_kept_back_as_a_whole() -> None:
    pieces = masked("That is 3,600,000 requests, or 40.5 a node.", terms("requests a node"), letters=1)
    assert plain(pieces) == "That is … requests, or … a node."


def test_names_of_one_thing_are_kept_back_and_shown_together() -> None:
    assert plain(masked("Wait for the time to live.", terms("a TTL"))) == "… for the time to live."
    assert plain(masked("Wait for the TTL.", terms("wait"))) == "Wait for the …."
