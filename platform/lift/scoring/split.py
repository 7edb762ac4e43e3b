"""A plain model answer cut into signals: one sentence, list item or half-sentence each. Used by imports and the batch."""

import itertools
import re

from lift.scoring.text import Span, content_words, sentences

MOST = 12
"""More signals than this are joined with their neighbours, so that a rubric can still be read."""
LEAST_CONTENT = 2
"""A piece with fewer content words says nothing alone and joins the one before it."""

_ITEM = re.compile(r"(?:^|(?<=\s))(?:[•●▪○*]|[-–—](?=\s)|\(?(?:\d{1,2}|[a-h])[.)](?=\s))\s*")

_NUMBER = re.compile(r"\s*\(?(?:\d{1,2}|[a-h])[.)]\s*")
"""A list's number alone: the sentence splitter takes its full stop for an end. It goes with what follows."""


def split_reference(text: str) -> tuple[str, ...]:
    """The signals of ``text`` in order, each a verbatim stretch of it; empty when it has no word."""
    spans: list[Span] = []
    for start, end in sentences(text):
        cuts = [start, *(match.start() for match in _ITEM.finditer(text, start + 1, end)), end]
        spans.extend(itertools.pairwise(cuts))
    kept: list[Span] = []
    number: int | None = None
    for begin, end in spans:
        start = begin if number is None else number
        number = start if _NUMBER.fullmatch(text, begin, end) else None
        if number is not None:
            continue
        if kept and (_thin(text, (start, end)) or _thin(text, kept[-1])):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    while len(kept) > MOST:
        at = min(range(len(kept) - 1), key=lambda i: kept[i + 1][1] - kept[i][0])
        kept[at : at + 2] = [(kept[at][0], kept[at + 1][1])]
    return tuple(signal for start, end in kept if (signal := _tidy(text[start:end])))


def _thin(text: str, span: Span) -> bool:
    return len(content_words(text[slice(*span)])) < LEAST_CONTENT


def _tidy(piece: str) -> str:
    return _ITEM.sub("", piece.strip(), count=1).strip(" \t\n;,") if _ITEM.match(piece.strip()) else piece.strip()
