"""The guard over free text: what tells who somebody is gets masked, what looks like leaked text is refused.

Pure functions. Nothing here decides whether somebody breaks an agreement: it keeps out what a page must not show.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lift.submissions.names import name_spans

LONGEST_WORDS = 120
"""Words of one field: a topic and a shape need no more, and a pasted text has more."""
LONGEST_QUOTE = 25
"""Words within quotation marks."""
MASKS = {
    "email": "[e-mail address]",
    "link": "[link]",
    "phone": "[phone number]",
    "handle": "[handle]",
    "name": "[name]",
}
"""What stands in place of each kind of finding."""


@dataclass(frozen=True)
class Finding:
    """Something that was masked."""

    kind: str
    text: str


@dataclass(frozen=True)
class Guarded:
    """A text after the guard: what is kept of it, what was masked, and why it cannot be taken."""

    text: str
    masked: tuple[Finding, ...]
    refusals: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not self.masked and not self.refusals


_EMAIL = re.compile(
    r"[^\s@<>(),;:\"'\[\]]{1,64}\s?(?:@|\(at\)|\[at\]|\{at\})\s?(?:[\w-]+\.)+[^\W\d_]{2,}", re.IGNORECASE
)
# Names of products and protocols have dots too (Node.js, asp.net core): a bare domain counts with a path or as www.
_LINK = re.compile(
    r"\b(?:https?|ftp)://\S+|\bwww\.\S+|\b(?:[\w-]+\.)+(?:com|org|net|io|dev|co|me|ly|gg|app|link|xyz)/\S*"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org)\b",
    re.IGNORECASE,
)
# A plus or separated groups, nine digits or more in all: estimates have many digits too, but are not grouped so.
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}[\s.-]?)(?:\(?\d{1,4}\)?[\s.-]?){2,5}\d{2,4}(?!\w)"
    r"|(?<![\w.,])\(?\d{3}\)?[\s.-]\d{3}[.-]\d{4}(?![\w,])"
    r"|(?<![\w.,])(?<!\d )0\d{2,4}[\s/-]\d{3,4}[\s-]?\d{2,5}(?![\w,])"
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z][\w.-]{1,38}\b")
# Words after an at sign that code has: decorators and annotations.
_ANNOTATIONS = frozenset(
    {"override", "transactional", "cached", "cache", "property", "test", "autowired", "async", "deprecated", "retry"}
)


def guard(text: str) -> Guarded:
    """Mask and judge one field of free text."""
    spans = sorted(_spans(text))
    kept, found, at = [], [], 0
    for start, end, kind in spans:
        if start < at:
            continue
        kept += [text[at:start], MASKS[kind]]
        found.append(Finding(kind, text[start:end]))
        at = end
    return Guarded("".join([*kept, text[at:]]), tuple(found), tuple(_refusals(text)))


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in (("email", _EMAIL), ("link", _LINK), ("phone", _PHONE)):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), kind
    for match in _HANDLE.finditer(text):
        if match.group()[1:].lower() not in _ANNOTATIONS:
            yield match.start(), match.end(), "handle"
    for start, end in name_spans(text):
        yield start, end, "name"


TOO_LONG = f"Tell the topic and the shape in at most {LONGEST_WORDS} words: what was asked for, not its full text."
CODE = "Leave the code out: say what it did and what was to be done with it."
QUOTE = "Put it into words of your own: a long quotation reads like the text of the company."
CONFIDENTIAL = "Leave out what was marked as confidential."

_FENCE = re.compile(r"```|~~~")
_CODE_LINE = re.compile(
    r"^\s*(?:def |class |public |private |import |from \w+ import|#include|func |fn |const |let |var |return\b|"
    r"if \(|for \(|while \(|SELECT\b.*\bFROM\b|CREATE TABLE|[\w.]+\([^)]*\)\s*[;{]|[{}]\s*;?\s*$)|[;{]\s*$"
)
_QUOTES = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»")
_MARKED = re.compile(r"\b(?:company|internal|strictly) confidential\b|\bdo not (?:distribute|share)\b", re.IGNORECASE)


def _refusals(text: str) -> Iterator[str]:
    if len(text.split()) > LONGEST_WORDS:
        yield TOO_LONG
    lines = text.splitlines()
    if _FENCE.search(text) or sum(bool(_CODE_LINE.search(line)) for line in lines) >= 3:
        yield CODE
    quoted = [len(" ".join(filter(None, match)).split()) for match in _QUOTES.findall(text)]
    block = sum(len(line.split()) for line in lines if line.lstrip().startswith(">"))
    if max([*quoted, block], default=0) > LONGEST_QUOTE:
        yield QUOTE
    if _MARKED.search(text):
        yield CONFIDENTIAL
