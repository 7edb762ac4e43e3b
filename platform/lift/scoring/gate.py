"""The validity gate: obvious junk is refused, with a reason that is said to the person's face.

Some junk is plain enough for a rule. The rest is told by form: how the cues of ``lift.scoring.cues`` mix, with
weights learnt from real answers and synthetic tricks. Short, telegraphic answers are real and pass.
"""

import math
import re
from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lift.scoring import cues
from lift.scoring.coefficients import Coefficients
from lift.scoring.encoder import Array
from lift.scoring.text import content_words, copied_words, is_content, sentences, stem, words

LEAST_CONTENT = 5
"""Content words from which words said again count as repetition."""
EMPTY = "There is no answer to read."
UNKNOWN = "You said that you do not know. Say what you would try first, even if you are unsure."
COPIED = "This repeats the question. Say what you would do or why it happens."
SHORT = "None of these words carries a meaning of its own, in English. Say in a sentence or two what happens and why."
REPEATED = "The same words come again and again, so there is nothing to read against the rubric."
GIBBERISH = "Most of this is not made of words that can be read."
REASONS = {
    "order": "These are terms strung together, not sentences. Say how they hang together: what happens, and why.",
    "copied": "This mostly gives the question back. Say what you would do or why it happens.",
    "denied": "This says the opposite of what the question is after, point by point. Say what holds instead.",
    "orders": "This speaks to whoever grades it instead of answering. Only what is said about the question counts.",
    "junk": "Most of this does not speak of what was asked. Answer the question in a few sentences, in English.",
}
"""What is said to a person's face, by the family of tricks that an answer looks like."""

_NO_IDEA = re.compile(
    r"\b(?:i\s+(?:really\s+|honestly\s+|just\s+)?(?:do\s+not|don'?t|dunno|cannot|can'?t)\s*(?:really\s+)?(?:know|remember|recall|"
    r"answer|say|have\s+(?:an?\s+)?(?:idea|answer|clue))"
    r"|(?:i\s+have\s+|i'?ve\s+(?:got\s+)?)?(?:absolutely\s+)?no\s+(?:idea|clue|answer)|i'?m\s+not\s+sure|i\s+am\s+not\s+sure|not\s+sure|"
    r"idk|dunno|no\s+answer|^\W*(?:pass|skip)\b(?!\s+\w+\s+\w+)|next\s+question|n/?a|never\s+heard\s+of\s+(?:it|this|that))\b",
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
    if not content_words(answer):
        return SHORT
    if _is_gibberish(said, pieces):
        return GIBBERISH
    return None


_PAIRS = (
    ("aligned", "few_function_words"), ("aligned", "order"), ("aligned", "denials"), ("aligned", "denied"),
    ("verbatim", "denials"), ("verbatim", "denied"), ("recall", "denials"), ("recall", "denied"),
    ("function_words", "order"), ("copied", "new"), ("from_question", "new"), ("from_question", "order"),
    ("speaks_of_grading", "stray"), ("length", "order"), ("length", "few_function_words"), ("length", "stray"),
    ("length", "coherence"), ("recall", "separators"), ("recall", "longest_run"), ("recall", "order"),
)  # fmt: skip
SHORT_CUE = cues.NAMES.index("short")
LENGTH_CUE = cues.NAMES.index("length")
LONG_CUE = cues.NAMES.index("long_enough")
"""Below 1 in answers of fewer than twelve words."""
GRADING_CUE = cues.NAMES.index("speaks_of_grading")
ASTRAY_CUE = cues.NAMES.index("astray")
MOSTLY = 0.5
WORTH_REFUSING = 0.5
SCRAMBLED_CUE = cues.NAMES.index("scrambled")
SCRAMBLED_WHOLE_CUE = cues.NAMES.index("scrambled_whole")
ALL_OUT_OF_ORDER = 0.6
"""The cue ``scrambled_whole`` from which few words are most of the rubric's, out of their order: no graded answer is."""
FEW_WORDS = 1 - 5 / 8
"""The cue ``short`` from which an answer has five words or fewer."""
OUT_OF_ORDER = 0.6
"""The cue ``scrambled`` from which an answer is the rubric's words out of their order, if only those of one signal."""
LENIENCE = {"order": 3.0, "copied": 1.5, "denied": 0.0, "orders": 1.0, "junk": 0.0}
"""Log-odds on top of a limit for an answer that earns less than half marks: a trick would have gained nothing."""
ROOM = {"order": 0.05, "copied": 0.03, "denied": 0.0, "orders": 0.05, "junk": 0.0}
"""Log-odds on top of a limit for each word beyond ``LONG_WORDS``: long answers differ in more ways, and the tricks among
them lie far off."""
LONG_WORDS = 25
MOST_ROOM_WORDS = 75
"""Words from which the room grows no more."""
_FIRST = [cues.NAMES.index(name) for name, _ in _PAIRS]
_SECOND = [cues.NAMES.index(name) for _, name in _PAIRS]


def widened(found: Array) -> NDArray[np.float64]:
    """Rows of cues with a one, their squares and some products beside them."""
    rows = np.atleast_2d(found).astype(np.float64)
    ones = np.ones((len(rows), 1))
    return np.concatenate([ones, rows, rows * rows, rows[:, _FIRST] * rows[:, _SECOND]], axis=1)


def trick(found: Array, learnt: Coefficients, earned: float) -> str | None:
    """The family of tricks whose limit the cues of one answer pass by most, or None; ``earned`` is its score."""
    row = widened(found)[0]
    above = {
        name: float(row @ weights[:-1] - weights[-1]) - _room(name, found, earned)
        for name, weights in learnt.gate.items()
    }
    passed = {name: value for name, value in above.items() if value > 0}
    # A few bare words are a real answer often enough ("first in, first out"), and a short telegram that earns little
    # gains nothing by being one.
    few = found[SHORT_CUE] >= FEW_WORDS and found[SCRAMBLED_WHOLE_CUE] < ALL_OUT_OF_ORDER
    if few or (found[LONG_CUE] < 1 and earned < WORTH_REFUSING):
        passed.pop("order", None)
    if "orders" in passed:
        # A foreign language looks like bare terms as well; that it speaks to the grader says more.
        if found[GRADING_CUE] > 0:
            return "orders"
        # By its form alone it may be anything, and the reason that is given has to be true.
        return (
            "junk"
            if found[ASTRAY_CUE] > MOSTLY
            else max(passed.keys() - {"orders"}, key=passed.__getitem__, default=None)
        )
    return max(passed, key=lambda name: passed[name], default=None)


def _room(name: str, found: Array, earned: float) -> float:
    """What is added to a family's limit for this answer."""
    count = math.expm1(cues.LOG_LENGTH * float(found[LENGTH_CUE]))
    beyond = min(max(0.0, count - LONG_WORDS), MOST_ROOM_WORDS - LONG_WORDS)
    # One signal's words shuffled earn little of the whole and would still be heard as that signal.
    lenient = earned < WORTH_REFUSING and not (name == "order" and found[SCRAMBLED_CUE] >= OUT_OF_ORDER)
    return ROOM[name] * beyond + (LENIENCE[name] if lenient else 0.0)


def _says_no_idea(answer: str) -> bool:
    straight = answer.replace("’", "'")
    match = _NO_IDEA.search(straight)
    # With two more words of content the phrase is modesty before a real answer.
    return match is not None and len(content_words(_NO_IDEA.sub(" ", straight))) < 2


def _repeats_itself(answer: str) -> bool:
    said = [" ".join(words(answer[start:end])) for start, end in sentences(answer)]
    if len(said) >= 3 and len(set(said)) == 1:
        return True
    counts = Counter(stem(word) for word in content_words(answer))
    total = counts.total()
    return total >= LEAST_CONTENT and (max(counts.values()) >= 0.7 * total or len(counts) < total / 6)


def _repeats_question(said: list[str], question: str) -> bool:
    asked = words(question)
    copied = copied_words(said, asked)
    stems = {stem(word) for word in asked}
    new = {stem(w) for i, w in enumerate(said) if i not in copied and is_content(w)} - stems
    # A short answer that takes up a phrase of the question is real; a copy takes most of both.
    return len(copied) >= max(0.6 * len(said), 0.6 * len(asked)) and len(new) <= 1


def _is_gibberish(said: list[str], pieces: Callable[[str], int]) -> bool:
    plain = sorted({word for word in said if is_content(word) and word.isascii() and word.isalpha() and len(word) > 3})
    if not plain:
        # Only marks, numbers or another script: the model cannot read it either way.
        return all(not word.isascii() for word in said)
    # English comes to about five letters a piece; a hammered keyboard to fewer than two.
    return len(plain) >= 3 and sum(map(len, plain)) < 2.3 * sum(pieces(word) for word in plain)
