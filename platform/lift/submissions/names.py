"""Names of people in free text: a heuristic that looks for how people are introduced, not for capital letters alone.

“My interviewer Jane Doe”, “with John”, “Dr. Chen asked” are found. “Little's law”, “Dijkstra's algorithm”, “with Redis”
are not: known terms are left alone, and of an unknown word with a capital one first wants to be told that it is a person.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’]*[a-zà-öø-ÿ](?:-[A-ZÀ-ÖØ-Þ][\w]+)?"
_FULL = rf"{_NAME}(?:\s+(?:(?:van|von|de|der|den|da|di|del|bin|al|el|la|le)\s+){{0,2}}(?:{_NAME}|[A-Z]\.)){{0,2}}"
_ROLE = (
    r"interviewer|interviewers|recruiter|recruiters|manager|director|engineer|lead|principal|panel(?:l)?ist|bar raiser|"
    r"hiring manager|colleague|friend|boss|vp|cto|ceo|architect|host|shadow|sourcer|coordinator"
)

_TITLE = re.compile(rf"\b(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Sir|Herr|Frau|Mme|Sr|Sra)\.?\s+(?P<name>{_FULL})")
_INTRODUCED = re.compile(rf"\b(?i:{_ROLE})(?i:\s+(?:was|is))?(?i:\s+(?:named|called))?\s+(?P<name>{_FULL})")
_NAMED = re.compile(
    rf"\b(?i:{_ROLE}|named|called|name is|name was|introduced (?:himself|herself|themselves) as)[\s,:(-]+(?P<name>{_FULL})"
)
_ACTING = re.compile(
    rf"(?P<name>{_FULL})(?:\s*,[^,.]{{1,60}},)?\s+(?i:asked|interviewed|wanted|told|said|pushed|grilled|followed up|hinted|explained|"
    rf"started|began|joined|ran the|led the|shadowed|works|worked|from (?:the|his|her|their) team)\b"
)
_BESIDE = re.compile(rf"\b(?i:with|by|from|to|thanks|met|against|via|and)\s+(?P<name>{_FULL})")
_WORD = re.compile(r"[\w'’-]+")


@cache
def _listed(name: str) -> frozenset[str]:
    """The words of a list beside this module, in lower case."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text().splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of what is taken for a person's name."""
    for pattern in (_TITLE, _INTRODUCED):
        for match in pattern.finditer(text):
            span = _trimmed(text, *match.span("name"), introduced=True)
            if span:
                yield span
    for pattern in (_NAMED, _ACTING, _BESIDE):
        for match in pattern.finditer(text):
            span = _trimmed(text, *match.span("name"), introduced=False)
            if span and _is_given(text[slice(*span)]):
                yield span


_THING = re.compile(
    r"(?:['’]s)?\s+(?:\S+\s+)?(?:law|algorithm|theorem|rule|principle|problem|number|method|clock|tree|filter)\b"
)


def _trimmed(text: str, start: int, end: int, *, introduced: bool) -> tuple[int, int] | None:
    """The span without known terms at its ends; None when nothing else is left, or it stands for a thing.

    Whoever is ``introduced`` may be called like a thing: an interviewer Julia is no language.
    """
    words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(text[start:end])]

    def is_term(place: tuple[int, int]) -> bool:
        word = text[slice(*place)]
        return _is_term(word) and not (introduced and _is_given(word))

    while words and is_term(words[0]):
        words.pop(0)
    while words and is_term(words[-1]):
        words.pop()
    if not words:
        return None
    first, last = words[0][0], words[-1][1]
    if text[first:last].endswith(("'s", "’s")):
        last -= 2
    return None if _THING.match(text[last:]) else (first, last)


def _is_term(word: str) -> bool:
    """A known term, an abbreviation, or a word with a capital in its middle, as products have."""
    bare = re.sub(r"['’]s$", "", word)
    odd = any(letter.isupper() for letter in bare[1:]) and "-" not in bare and "'" not in bare
    return bare.lower() in _listed("known_terms") or odd


def _is_given(name: str) -> bool:
    """Whether the first word is a given name that one knows: the words before it alone do not tell a person."""
    first = _WORD.search(name)
    return first is not None and re.sub(r"['’]s$", "", first.group()).lower() in _listed("given_names")
