"""Advice on a sentence: what it says, what would make it stronger, and nothing of a point that it does not touch."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.copilot import improve as improving
from lift.copilot.facts import QuestionFacts
from lift.copilot.habits import SIGNS, habits, tidied
from lift.copilot.improve import LONGEST, Improvement, improve, problem_with
from lift.copilot.pieces import plain
from lift.copilot.touched import touched
from lift.scoring.terms import terms
from lift.scoring.text import words
from tests.copilot.bank import shipped

VAGUE = "I think we should basically just use a robust cache, maybe, and handle it properly."
GOOD = "Because the key is inserted under a unique constraint, one of the 2 requests fails and waits, instead of charging again."
SLUGS = sorted(shipped())
BLANKS = (part for blanks in (improving._BLANKS, improving._OWN_BLANKS) for parts in blanks.values() for part in parts)
FIXED = [
    *improving._ADVICE.values(),
    *improving._OWN_ADVICE.values(),
    *(part for part in BLANKS if isinstance(part, str)),
]


@pytest.fixture
def facts() -> QuestionFacts:
    return shipped()["idempotency-keys-01"]


def shown_by(found: Improvement) -> str:
    """Every word that advice puts on the page, besides the person's own."""
    parts = [plain(part) for point in found.touched for part in point.parts]
    cues = [advice.cue or "" for advice in found.advice]
    return " ".join([*parts, *(advice.text for advice in found.advice), *cues, plain(found.skeleton)])


def given_away(facts: QuestionFacts, sentence: str) -> dict[int, frozenset[str]]:
    """Of each point that ``sentence`` does not touch, the terms that advice says and that nobody had said before."""
    found = improve(facts, sentence, is_open=False)
    near = {point.number for point in found.touched}
    # What is said to everybody, of whatever question, tells nothing of this one.
    advice = terms(*FIXED, *(a.text for a in improve(facts, "It is what it is here.", is_open=False).advice))
    new = terms(shown_by(found)) - terms(sentence) - facts.shown - advice
    return {
        number: new & terms(str(signal["text"])) for number, signal in enumerate(facts.signals) if number not in near
    }


def test_no_word_of_an_untouched_point_is_given_for_any_sentence_of_any_model_answer() -> None:
    for slug, facts in shipped().items():
        for sentence in [*facts.outline, *(str(signal["text"]) for signal in facts.signals), VAGUE, GOOD]:
            for number, told in given_away(facts, sentence).items():
                assert len(told) <= 1, (slug, number, told, sentence)


@given(st.sampled_from(SLUGS), st.sampled_from(SLUGS), st.integers(0, 7), st.integers(0, 7), st.randoms())
def test_nor_for_sentences_mixed_from_any_two_questions(
    slug: str, other: str, first: int, second: int, rng: object
) -> None:
    facts, outline = shipped()[slug], shipped()[other].outline
    mixed = f"{facts.outline[first % len(facts.outline)]} {outline[second % len(outline)]}".split()
    rng.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' Random
    for number, told in given_away(facts, " ".join(mixed[:40])).items():
        assert len(told) <= 1, (number, told)


def test_of_a_touched_point_only_words_are_shown_that_the_person_or_the_page_has_said() -> None:
    for slug, facts in shipped().items():
        for sentence in facts.outline:
            for point in touched(facts, sentence, is_open=False):
                # Piece by piece: what is kept back between two of them is no name that both make together.
                spoken = (p.text for part in point.parts for p in part if not p.hidden)
                assert terms(*spoken) <= terms(sentence) | facts.shown, (slug, sentence)
                assert point.rest == ""


def test_most_steps_of_the_model_answers_touch_a_point() -> None:
    steps = [(facts, step) for facts in shipped().values() for step in facts.outline]
    heard = sum(bool(touched(facts, step, is_open=False)) for facts, step in steps)
    assert heard >= 0.85 * len(steps)


def test_a_vague_sentence_touches_nothing_anywhere() -> None:
    assert [slug for slug, facts in shipped().items() if touched(facts, VAGUE, is_open=False)] == []


def test_what_is_said_is_quoted_in_the_persons_words(facts: QuestionFacts) -> None:
    (point, *_) = touched(facts, f"Well. {GOOD}", is_open=False)
    assert point.quote in GOOD
    assert not point.denied


def test_a_denied_point_is_marked_as_one(facts: QuestionFacts) -> None:
    point = str(facts.signals[1]["text"])
    (found, *_) = touched(facts, f"It is not true that {point[:1].lower()}{point[1:]}", is_open=False)
    assert found.denied


def test_who_has_opened_the_answer_reads_what_is_missing_in_the_points_own_words(facts: QuestionFacts) -> None:
    half = " ".join(str(facts.signals[1]["text"]).split()[:9])
    hidden, opened = (touched(facts, half, is_open=is_open) for is_open in (False, True))
    assert [one.number for one in hidden] == [one.number for one in opened]
    assert all(not piece.hidden for one in opened for part in one.parts for piece in part)


@pytest.mark.parametrize(
    ("sentence", "check", "passage"),
    [
        ("We insert it because only one can win.", "mechanism", "because"),
        ("It wins by inserting the row.", "mechanism", "by inserting"),
        ("We hold it with a lease.", "mechanism", "with a lease"),
        ("It takes twelve calls.", "number", "twelve"),
        ("It takes 12 calls.", "number", "12"),
        ("When the node crashes we look again.", "failure", "crashes"),
        ("The call times out.", "failure", "times out"),
        ("I take a queue instead.", "choice", "instead"),
        ("It is slower.", "choice", "slower"),
    ],
)
def test_each_check_is_met_by_a_passage_of_the_sentence(sentence: str, check: str, passage: str) -> None:
    assert habits(sentence).present.get(check) == passage  # type: ignore[call-overload]  # a check's name


def test_hedges_fillers_and_empty_claims_are_found_and_shown() -> None:
    found = habits(VAGUE)
    assert found.hedges == ["I think", "maybe"]
    assert found.fillers == ["basically", "just"]
    assert found.empty == ["robust", "properly"]


def test_advice_begins_with_what_the_questions_points_weigh_most() -> None:
    checks = {slug: [a.check for a in improve(f, VAGUE, is_open=False).advice] for slug, f in shipped().items()}
    assert len({tuple(found) for found in checks.values()}) >= 4
    assert all(1 <= len(found) <= 3 for found in checks.values())


def test_a_number_that_the_question_gives_is_offered_as_it_stands_there() -> None:
    for facts in shipped().values():
        for advice in improve(facts, VAGUE, is_open=False).advice:
            for given_number in re.findall(r"“(\d[^”]*)”", advice.text):
                assert given_number in facts.prompt


def test_a_sentence_with_everything_gets_no_advice_and_keeps_its_words(facts: QuestionFacts) -> None:
    found = improve(facts, GOOD, is_open=False)
    assert found.advice == []
    assert plain(found.skeleton) == GOOD


def test_what_one_did_oneself_is_asked_for_in_behavioural_questions() -> None:
    own = next(facts for facts in shipped().values() if facts.behavioural)
    said = " ".join(a.text for a in improve(own, "We had a good launch there.", is_open=False).advice)
    assert "you yourself" in said or "what went wrong" in said


def test_the_skeleton_is_the_sentence_without_its_ballast_and_with_gaps(facts: QuestionFacts) -> None:
    said = plain(improve(facts, VAGUE, is_open=False).skeleton)
    assert said.startswith("We should use a robust cache, and handle it properly.")
    assert "…" in said


@given(st.text(max_size=700))
def test_any_text_is_answered(sentence: str) -> None:
    """Whatever somebody pastes, advice comes or a reason why not, and the skeleton adds no word of the rubric."""
    facts = shipped()["btree-composite-order-01"]
    if problem_with(sentence) is None:
        found = improve(facts, sentence, is_open=False)
        kept = set(words(tidied(sentence)))
        assert kept <= {*words(sentence)} | {word.lower() for word in words(sentence.lower())}
        assert found.skeleton


@given(st.text(alphabet=st.sampled_from(" ,.;:!?'’-\nabI") | st.characters(), max_size=600))
def test_tidying_twice_changes_nothing_more_than_once(sentence: str) -> None:
    assert len(tidied(sentence)) <= len(sentence) + 1


def test_too_long_and_too_short_are_turned_away_with_the_reason() -> None:
    assert "at most 600" in (problem_with("word " * 200) or "")
    assert "too little" in (problem_with("It is.") or "")
    assert problem_with(GOOD) is None
    assert len(GOOD) < LONGEST
    assert set(SIGNS) == {"mechanism", "number", "failure", "choice"}
