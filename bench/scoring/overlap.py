"""What a model answer says that another question's model answer says as well: no attack is made of that.

Judged by shared words alone, never by the scorer that the attacks are meant to test.
"""

from lift.scoring.text import content_words, sentences, stem

SHARED = 0.5
"""Share of the content words of the shorter of two sentences, by stem, from which they are taken to make the same point."""


def parts(text: str) -> list[str]:
    """The sentences of ``text``; the text itself where there is none."""
    return [text[start:end] for start, end in sentences(text)] or [text]


def alike(first: str, second: str) -> bool:
    """Whether two sentences share half of the content words of either."""
    a, b = ({stem(word) for word in content_words(text)} for text in (first, second))
    return bool(a & b) and len(a & b) >= SHARED * min(len(a), len(b))


def beside(other: str, reference: str) -> str:
    """``other`` without the sentences that share a point with ``reference``; empty where nothing is left."""
    wanted = parts(reference)
    return " ".join(line for line in parts(other) if not any(alike(line, each) for each in wanted))
