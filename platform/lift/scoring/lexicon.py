"""The field's acronyms and synonyms: places of a text that name the same thing share a concept.

Read once from ``content/lexicon.yaml``: a list of concepts, each a list of at least two forms.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from lift.scoring.text import words

FILE = Path(__file__).parents[1] / "content" / "lexicon.yaml"
LONGEST_FORM = 6

Forms = dict[tuple[str, ...], int]


@lru_cache(maxsize=1)
def shipped() -> Forms:
    """The shipped lexicon: words of a form → number of its concept."""
    concepts: list[list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return forms_of(concepts)


def forms_of(concepts: Sequence[Sequence[str]]) -> Forms:
    """Each form's words and the plural of its last word, with the number of the concept."""
    forms: Forms = {}
    for number, concept in enumerate(concepts):
        for form in concept:
            said = tuple(words(form))
            forms.setdefault(said, number)
            forms.setdefault((*said[:-1], said[-1] + "s"), number)
    return forms


def concepts(said: Sequence[str], forms: Forms | None = None) -> list[int]:
    """The concept of each lower-cased word, -1 where there is none. The longest form wins."""
    forms = shipped() if forms is None else forms
    found = [-1] * len(said)
    at = 0
    while at < len(said):
        for size in range(min(LONGEST_FORM, len(said) - at), 0, -1):
            number = forms.get(tuple(said[at : at + size]))
            if number is not None:
                found[at : at + size] = [number] * size
                at += size
                break
        else:
            at += 1
    return found


def problems(concepts: Sequence[Sequence[str]]) -> list[str]:
    """What is wrong with a lexicon: a concept of one form, a form twice, a form without words or too long."""
    found: list[str] = []
    seen: dict[tuple[str, ...], str] = {}
    for concept in concepts:
        if len(concept) < 2:
            found.append(f"{concept}: a concept needs two forms")
        for form in concept:
            said = tuple(words(str(form)))
            if not said or len(said) > LONGEST_FORM:
                found.append(f"{form}: a form has 1 to {LONGEST_FORM} words")
            elif said in seen:
                found.append(f"{form}: stands under {seen[said]} already")
            seen[said] = str(concept[0])
    return found


def faults(file: Path) -> list[str]:
    """``problems`` of a file, each with its name; a folder of questions without a lexicon has none."""
    if not file.exists():
        return []
    return [f"{file.name}: {line}" for line in problems(yaml.safe_load(file.read_text(encoding="utf-8")))]
