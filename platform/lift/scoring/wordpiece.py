"""BERT's uncased WordPiece, word by word, so that every piece keeps its place in the text as it was written.

Our own, because quotes need the place of every piece in the text.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

UNKNOWN, START, END = 100, 101, 102
LONGEST_WORD = 100
# CJK is split by the character, as in BERT; the rest of a word is what is neither space nor punctuation.
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ceaf\U0002f800-\U0002fa1f"
_RUN = re.compile(rf"[{_CJK}]|[^\s\x00-\x08\x0e-\x1f\x7f{_CJK}]+")


class Word(NamedTuple):
    """One word or punctuation mark: its place in the text and its vocabulary ids."""

    start: int
    end: int
    ids: tuple[int, ...]


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    if char.isascii():
        return not char.isalnum()
    return unicodedata.category(char).startswith("P")


def _normal(word: str) -> str:
    bare = unicodedata.normalize("NFD", word)
    return "".join(c for c in bare if unicodedata.category(c) not in {"Mn", "Cc", "Cf", "Co", "Cs"}).lower()


class WordPiece:
    """Splits text into words and vocabulary ids; ``vocabulary`` is the model's vocab.txt."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {line: number for number, line in enumerate(lines)}
        self._pieces = lru_cache(maxsize=20_000)(self._split)

    def words(self, text: str, *, max_pieces: int = 4096) -> list[Word]:
        """The words of ``text`` in order, until their pieces reach ``max_pieces``."""
        found: list[Word] = []
        total = 0
        for run in _RUN.finditer(text):
            for start, end in _parts(text, run.start(), run.end()):
                ids = self._pieces(text[start:end])
                total += len(ids)
                if total > max_pieces:
                    return found
                if ids:
                    found.append(Word(start, end, ids))
        return found

    def _split(self, word: str) -> tuple[int, ...]:
        """Longest match first; a word that cannot be built is one unknown id."""
        if len(word) > 2 * LONGEST_WORD:
            return (UNKNOWN,)
        normal = _normal(word)
        if len(normal) > LONGEST_WORD:
            return (UNKNOWN,)
        ids: list[int] = []
        start = 0
        while start < len(normal):
            for end in range(len(normal), start, -1):
                piece = normal[start:end] if start == 0 else "##" + normal[start:end]
                if piece in self._ids:
                    ids.append(self._ids[piece])
                    start = end
                    break
            else:
                return (UNKNOWN,)
        return tuple(ids)


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A run without spaces cut at punctuation, each mark a part of its own."""
    if text[start:end].isalnum():
        return [(start, end)]
    parts: list[tuple[int, int]] = []
    begin = start
    for at in range(start, end):
        if _is_mark(text[at]):
            if at > begin:
                parts.append((begin, at))
            parts.append((at, at + 1))
            begin = at + 1
    if begin < end:
        parts.append((begin, end))
    return parts
