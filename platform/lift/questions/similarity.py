"""Near-duplicates: word 5-grams, the skeleton that is left without names and numbers, and cosines of an encoder."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

GRAM = 5
SAME_WORDS = 0.5
SAME_SKELETON = 0.6
SAME_MEANING = 0.90
MASK = "□"

Embed = Callable[[Sequence[str]], Any]
"""Texts in, one unit vector a text out (a matrix that knows ``@`` and ``.T``)."""


def words(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return re.findall(r"[a-z0-9]+(?:['’.,][a-z0-9]+)*", text.lower())


def grams(tokens: Sequence[str], size: int = GRAM) -> frozenset[tuple[str, ...]]:
    """The runs of ``size`` words; of a shorter text the whole."""
    if len(tokens) <= size:
        return frozenset({tuple(tokens)})
    return frozenset(tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1))


def jaccard(left: frozenset[Any], right: frozenset[Any]) -> float:
    """Shared over all; 0 for two empty sets."""
    every = len(left | right)
    return len(left & right) / every if every else 0.0


def masker(names: Iterable[str]) -> Callable[[str], list[str]]:
    """A function from a prompt to its words with every name and number masked; runs of masks become one."""
    known = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    # By their first letters, so that at each word only the names that can begin there are tried: seven times as fast.
    begins: dict[str, list[str]] = {}
    for name in known:
        begins.setdefault(name[0].lower(), []).append(re.escape(name))
    ways = "|".join(f"(?={re.escape(first)})(?:{'|'.join(group)})" for first, group in begins.items())
    pattern = re.compile(rf"\b(?:{ways})\b", re.IGNORECASE) if known else None

    def mask(text: str) -> list[str]:
        masked = pattern.sub(f" {MASK} ", text) if pattern else text
        masked = re.sub(r"\b\d[\d.,:]*\w*\b", f" {MASK} ", masked)
        tokens: list[str] = []
        for token in re.findall(rf"{MASK}|[a-z0-9]+(?:['’][a-z]+)*", masked.lower()):
            if token != MASK or not tokens or tokens[-1] != MASK:
                tokens.append(token)
        return tokens

    return mask


def close_pairs(sets: Mapping[str, frozenset[Any]], limit: float) -> Iterator[tuple[str, str, float]]:
    """(id, id, Jaccard) of the pairs at or above ``limit``; only pairs that share a rare member are compared.

    Two sets as like as that share one of the members that are left when the commonest ``limit`` of each is set aside
    (prefix filtering: Bayardo, Ma and Srikant, "Scaling up all pairs similarity search", 2007).
    """
    held = Counter(member for members in sets.values() for member in members)
    holders: dict[Any, list[str]] = {}
    for name, members in sets.items():
        rarest_first = sorted(members, key=lambda member: (held[member], member))
        for member in rarest_first[: len(members) - ceil(limit * len(members)) + 1]:
            holders.setdefault(member, []).append(name)
    candidates = {
        (first, second)
        for group in holders.values()
        for place, first in enumerate(group)
        for second in group[place + 1 :]
    }
    for first, second in sorted(candidates):
        likeness = jaccard(sets[first], sets[second])
        if likeness >= limit:
            yield first, second, likeness


def skeleton_pairs(
    prompts: Mapping[str, str], names: Iterable[str], limit: float = SAME_SKELETON
) -> Iterator[tuple[str, str, float]]:
    """Pairs whose masked prompts share too many of their word pairs: one question with other nouns."""
    mask = masker(names)
    return close_pairs({name: grams(mask(prompt), 2) for name, prompt in prompts.items()}, limit)


def meaning_pairs(
    prompts: Mapping[str, str], embed: Embed, limit: float = SAME_MEANING
) -> Iterator[tuple[str, str, float]]:
    """Pairs whose prompts an encoder finds the same."""
    slugs = list(prompts)
    vectors = embed([prompts[slug] for slug in slugs])
    cosines = vectors @ vectors.T
    for i, j in zip(*(cosines >= limit).nonzero(), strict=True):
        if i < j:
            yield slugs[i], slugs[j], float(cosines[i][j])
