"""Sentences, clauses and words keep their places."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift.scoring import text as rules
from lift.scoring.text import LONGEST_SENTENCE, clauses, content_words, copied_words, sentences, words


def test_sentences_end_at_full_stops_new_lines_and_semicolons() -> None:
    text = "First we look. Then e.g. 3.5 ms pass!\n- Third point; fourth one"
    assert next(text[a:b] for a, b in sentences(text)) == "First we look."
    assert [text[a:b] for a, b in sentences(text)][-2:] == ["Third point;", "fourth one"]


def test_speech_without_full_stops_is_cut_into_passages() -> None:
    text = "and then we take the lock and we write the row " * 30
    assert all(len(text[a:b].split()) <= LONGEST_SENTENCE for a, b in sentences(text))


@given(st.text(max_size=400))
def test_sentences_and_clauses_lie_in_order_inside_any_text(text: str) -> None:
    found = sentences(text)
    assert all(0 <= a < b <= len(text) for a, b in found)
    assert all(left[1] <= right[0] for left, right in pairwise(found))
    assert all(a <= c < d <= b for a, b in found for c, d in clauses(text, (a, b)))


def test_stop_words_carry_no_content() -> None:
    assert content_words("So I would just use the index, you know") == ["index"]


def test_only_runs_of_four_words_count_as_copied() -> None:
    asked = words("what happens when the cache key expires")
    assert copied_words(words("the key of the cache expires"), asked) == set()
    assert copied_words(words("when the cache key is hot"), asked) == {0, 1, 2, 3}


SLOW_AND_SURE = re.compile(r"(?:[.!?…]+[\"'”’)\]]*(?=\s)|\n+|(?<=[。！？])|;(?=\s))")
"""What a sentence's end is, said without a thought of time: quadratic in a run of full stops."""
WORDS = st.sampled_from(["key", "3.5", "e.g.", "don't", "“so”", "(see", "below)", "…", "p99", "好。", "-", "wait;"])
MARKS = st.sampled_from([" ", "  ", "\n", ". ", "! ", "?! ", '." ', ".) ", ", ", "; ", "...", "?'", "。", "\t"])


@given(st.lists(st.tuples(WORDS, MARKS), max_size=40).map(lambda pairs: "".join(a + b for a, b in pairs)))
def test_sentences_end_where_they_always_did(text: str) -> None:
    ends = [match.span() for match in rules._SENTENCE_END.finditer(text)]
    assert ends == [match.span() for match in SLOW_AND_SURE.finditer(text)]


@given(st.text(alphabet=".!?…\"'”’)] \n;。a", max_size=60))
def test_sentences_end_where_they_always_did_in_soup(text: str) -> None:
    ends = [match.span() for match in rules._SENTENCE_END.finditer(text)]
    assert ends == [match.span() for match in SLOW_AND_SURE.finditer(text)]


def seconds(text: str) -> float:
    """CPU seconds that the rules take for ``text``, the best of three."""
    took = []
    for _ in range(3):
        started = time.process_time()
        for span in sentences(text):
            clauses(text, span)
        content_words(text)
        took.append(time.process_time() - started)
    return min(took)


def grows_like_its_length(pattern: str, length: int = 20_000) -> bool:
    """Four times the text takes about four times as long, not sixteen; what is over in a moment may vary."""
    text = (pattern * (length // len(pattern) + 1))[:length]
    return seconds(text) < max(0.2, 8 * seconds(text[: length // 4]))


@pytest.mark.parametrize("length", [20_000])
def test_a_run_of_full_stops_and_apostrophes_is_read_in_a_moment(length: int) -> None:
    text = "." * (length * 2 // 3) + "'" * (length // 3)
    assert seconds(text) < 0.2


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=".!?…\"'”’)]([ \n\t,;:。-–—•*_1a", min_size=1, max_size=12), st.sampled_from([1, 40, 3000]))
def test_no_soup_of_marks_takes_more_than_its_length(seed: str, run: int) -> None:
    assert grows_like_its_length("".join(mark * run for mark in seed))
