"""Pairs of prompts that are near: by words, by meaning."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.questions.similarity import close_pairs, jaccard, meaning_pairs

SETS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.frozensets(st.integers(0, 12), max_size=10), max_size=12
)


@given(SETS, st.sampled_from([0.2, 0.4, 0.5, 0.6, 0.9, 1.0]))
def test_close_pairs_are_those_of_comparing_each_with_each(sets: dict[str, frozenset[int]], limit: float) -> None:
    found = {frozenset(pair[:2]): pair[2] for pair in close_pairs(sets, limit)}
    compared = {frozenset((a, b)): jaccard(sets[a], sets[b]) for a, b in combinations(sets, 2)}
    assert found == {pair: likeness for pair, likeness in compared.items() if likeness >= limit}


def test_meanings_are_compared_once_a_pair() -> None:
    vectors = {"one": [1.0, 0.0], "two": [0.0, 1.0], "three": [0.8, 0.6]}
    found = meaning_pairs({name: name for name in vectors}, lambda texts: np.array([vectors[t] for t in texts]), 0.5)
    assert [(first, second, pytest.approx(cosine)) for first, second, cosine in found] == [
        ("one", "three", 0.8),
        ("two", "three", 0.6),
    ]
