"""Sentences, clauses and words keep their places."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

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
