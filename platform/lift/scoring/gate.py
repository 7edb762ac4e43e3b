"""The validity gate: obvious junk is refused, with a reason that is said to the person's face.

It looks for what no real attempt looks like, and lets short, telegraphic answers through.
"""

import re
from collections import Counter
from collections.abc import Callable

from lift.scoring.text import content_words, copied_words, is_content, sentences, stem, words

LEAST_CONTENT = 5
EMPTY = "There is no answer to read."
UNKNOWN = "You said that you do not know. Say what you would try first, even if you are unsure."
COPIED = "This repeats the question. Say what you would do or why it happens."
SHORT = "There are fewer than five words that carry meaning, in English. A few full sentences are enough."
REPEATED = "The same words come again and again, so there is nothing to read against the rubric."
GIBBERISH = "Most of this is not made of words that can be read."

_NO_IDEA = re.compile(
    r"\b(?:i\s+(?:really\s+|honestly\s+|just\s+)?(?:do\s+not|don'?t|dunno|cannot|can'?t)\s*(?:really\s+)?(?:know|remember|recall|"
    r"answer|say|have\s+(?:an?\s+)?(?:idea|answer|clue))"
    r"|(?:i\s+have\s+|i'?ve\s+(?:got\s+)?)?(?:absolutely\s+)?no\s+(?:idea|clue|answer)|i'?m\s+not\s+sure|i\s+am\s+not\s+sure|not\s+sure|"
    r"idk|dunno|no\s+answer|pass|skip|next\s+question|n/?a|never\s+heard\s+of\s+(?:it|this|that))\b",
    re.IGNORECASE,
)


def refusal(answer: str, question: str, pieces: Callable[[str], int]) -> str | None:
    """Why ``answer`` is not a try at ``question``, or None. ``pieces`` counts a word's vocabulary pieces."""
    said = words(answer)
    if not said:
        return EMPTY
    if _says_no_idea(answer):
        return UNKNOWN
    if _repeats_itself(answer):
        return REPEATED
    if _repeats_question(said, question):
        return COPIED
    if len(content_words(answer)) < LEAST_CONTENT:
        return SHORT
    if _is_gibberish(said, pieces):
        return GIBBERISH
    return None


def _says_no_idea(answer: str) -> bool:
    straight = answer.replace("’", "'")
    match = _NO_IDEA.search(straight)
    # With five more words of content the phrase is modesty before a real answer.
    return match is not None and len(content_words(_NO_IDEA.sub(" ", straight))) < LEAST_CONTENT


def _repeats_itself(answer: str) -> bool:
    said = [" ".join(words(answer[start:end])) for start, end in sentences(answer)]
    if len(said) >= 3 and len(set(said)) == 1:
        return True
    counts = Counter(stem(word) for word in content_words(answer))
    total = counts.total()
    return total >= LEAST_CONTENT and (max(counts.values()) >= 0.6 * total or len(counts) < total / 6)


def _repeats_question(said: list[str], question: str) -> bool:
    asked = words(question)
    copied = copied_words(said, asked)
    stems = {stem(word) for word in asked}
    new = {stem(w) for i, w in enumerate(said) if i not in copied and is_content(w)} - stems
    # A short answer that takes up a phrase of the question is real; a copy takes most of both.
    return len(copied) >= max(0.6 * len(said), min(8.0, 0.6 * len(asked))) and len(new) <= 2


def _is_gibberish(said: list[str], pieces: Callable[[str], int]) -> bool:
    plain = sorted({word for word in said if is_content(word) and word.isascii() and word.isalpha() and len(word) > 3})
    if not plain:
        # Only marks, numbers or another script: the model cannot read it either way.
        return all(not word.isascii() for word in said)
    # English comes to about five letters a piece; a hammered keyboard to fewer than two.
    return len(plain) >= 3 and sum(map(len, plain)) < 2.3 * sum(pieces(word) for word in plain)
