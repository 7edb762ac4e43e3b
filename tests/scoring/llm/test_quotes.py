"""A quote is found where it stands, in the answer's own letters, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.scoring.llm.quotes import find_quote

ANSWER = "First we  insert a row.\n“Don’t charge twice” – that’s the rule; İstanbul… and the   loser re-reads it."


def found(quote: str, answer: str = ANSWER) -> str | None:
    span = find_quote(answer, quote)
    return None if span is None else answer[slice(*span)]


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("insert a row", "insert a row"),
        ("First we insert a row", "First we  insert a row"),
        ('a row. "Don\'t charge twice"', "a row.\n“Don’t charge twice"),
        ("twice\" - that's THE rule", "twice” – that’s the rule"),
        ("  'the loser re‑reads it.' ", "the   loser re-reads it"),
        ("insert a row...", "insert a row"),
        ("İstanbul", "İstanbul"),
    ],
)
def test_spaces_marks_and_capitals_may_differ(quote: str, passage: str) -> None:
    assert found(quote) == passage


@pytest.mark.parametrize(
    "quote", ["", "  ", "...", "insert row", "insert a rows", "nsert a row", "charge twice insert", "a row … the rule"]
)
def test_words_may_not(quote: str) -> None:
    assert found(quote) is None


def test_a_word_that_only_begins_like_the_quote_is_passed_over() -> None:
    assert find_quote("locker lock", "lock") == (7, 11)


@given(st.text(max_size=200), st.data())
def test_whatever_is_cut_from_an_answer_is_found_in_it_or_nothing_is(answer: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(answer)))
    end = data.draw(st.integers(start, len(answer)))
    span = find_quote(answer, answer[start:end])
    assert span is None or (0 <= span[0] < span[1] <= len(answer))


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_it(answer: str, quote: str) -> None:
    span = find_quote(answer, quote)
    assert span is None or answer[slice(*span)].strip()


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=12), st.data())
def test_a_run_of_words_is_found_whatever_stands_between_them(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    spaces = data.draw(st.sampled_from([" ", "\n", "  ", "\t \n", "\u00a0"]))
    passage = found(" ".join(words[start:end]), spaces.join(words))
    assert passage is not None
    assert passage.split() == words[start:end]
