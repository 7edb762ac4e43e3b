"""Whether new prompts say what another question says already: by their words, and by their skeleton without names."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lift.questions.similarity import SAME_SKELETON, SAME_WORDS, grams, jaccard, masker, words

Twin = tuple[str, str, str]
"""(id of the new question, id of the other, how they are alike)."""
_Sets = Callable[[str], frozenset[Any]]


def twins(new: Mapping[str, str], others: Iterable[tuple[str, str]], names: Iterable[str]) -> Iterator[Twin]:
    """The first twin of each prompt of ``new`` among ``others`` and among the new ones before it.

    ``others`` are (id, prompt), read once. Only prompts that share a run of words are compared, so that a file of a
    few questions is cheap however large the bank is.
    """
    mask = masker(names)
    ways: tuple[tuple[_Sets, float, str], ...] = (
        (lambda text: grams(words(text)), SAME_WORDS, "nearly the same words as {0}"),
        (lambda text: grams(mask(text), 2), SAME_SKELETON, "{0} with other names"),
    )
    rest = list(others)
    found: set[str] = set()
    for sets, limit, words_for in ways:
        for first, second in _alike(new, rest, sets, limit):
            if first not in found:
                found.add(first)
                yield first, second, words_for.format(second)


def _alike(
    new: Mapping[str, str], others: Iterable[tuple[str, str]], sets: _Sets, limit: float
) -> Iterator[tuple[str, str]]:
    known = {slug: sets(prompt) for slug, prompt in new.items()}
    holders: dict[Any, list[str]] = {}
    for slug, members in known.items():
        shared = Counter(holder for member in members for holder in holders.get(member, ()))
        for other in shared:
            if jaccard(members, known[other]) >= limit:
                yield slug, other
                break
        for member in members:
            holders.setdefault(member, []).append(slug)
    for other, prompt in others:
        members = sets(prompt)
        for slug in {holder for member in members for holder in holders.get(member, ())}:
            if jaccard(known[slug], members) >= limit:
                yield slug, other
