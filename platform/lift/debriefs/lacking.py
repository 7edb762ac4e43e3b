"""What exactly a partly heard point still lacks, in the point's own words. Pure."""

from lift.scoring.text import clauses, content_words, is_content, stem, words

MOST_WORDS = 4
"""Words that are named where no clause as a whole is missing."""


def lacking(point: str, quote: str, prompt: str = "") -> str:
    """The clauses of ``point`` of which ``quote`` has no word that carries meaning, else such words; empty for none.

    Words that the question itself says are no sign either way.
    """
    said, asked = _stems(quote), _stems(prompt)
    spans = clauses(point, (0, len(point)))
    unsaid = [point[start:end].strip(" ,;:") for start, end in spans if _is_unsaid(point[start:end], said, asked)]
    if unsaid and len(unsaid) < len(spans):
        return _quoted(unsaid)
    seen = said | asked
    missing = [word for word in dict.fromkeys(words(point)) if is_content(word) and stem(word) not in seen]
    return _quoted(missing[:MOST_WORDS])


def _is_unsaid(clause: str, said: frozenset[str], asked: frozenset[str]) -> bool:
    own = _stems(clause) - asked
    # One word is too little to tell: it may have been said by another name.
    return len(own) >= 2 and not own & said


def _quoted(parts: list[str]) -> str:
    return ", ".join(f"“{part}”" for part in parts)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))
