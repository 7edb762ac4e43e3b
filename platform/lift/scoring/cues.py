"""What tells an attempt from a trick: measures of an answer's form beside the question and the rubric. Pure.

They never look at length of speech, accent or fillers of a real attempt; the coefficients learn which mixtures of them
no real answer shows.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from lift.scoring.encoder import Array, unit
from lift.scoring.keypoints import Asked, KeyPoint, Reading
from lift.scoring.measures import NAMES as MEASURES
from lift.scoring.measures import stray
from lift.scoring.order import Usual
from lift.scoring.text import NEGATIONS, STOP_WORDS, copied_words, stem, words

PLAIN = (
    "length", "short", "long_enough", "function_words", "few_function_words", "longest_run", "runs", "copied",
    "from_question", "new", "orders_the_grader", "speaks_of_grading", "marks", "separators", "denied", "denials",
    "denied_verbatim", "verbatim", "recall", "recall_bare", "distinct", "said_again", "pieces", "foreign", "noise",
    "aligned", "centre", "stray", "to_question", "coherence", "astray", "tags", "mixed_script", "aligned_bare",
    "sentences", "neighbours", "aligned_denied", "in_order", "bare_disordered",
    "scrambled", "scrambled_whole", "both_ways", "denied_at_edge", "edge_denial",
)  # fmt: skip
ORDERED = ("order", "order_long", "recall_disordered", "aligned_disordered", "odd_steps", "aligned_odd", "oddest")
NAMES = (*PLAIN, *ORDERED)

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|overrule|pretend|award|assign|rate|mark|score|grade|give|set|print|output|return|treat|accept|"
    r"ignorier\w*|ignor[ae]\w*|negeer|ignorez|zignoruj|yok say|gib|donnez|assegna|geef)\b",
    re.IGNORECASE,
)
_GRADING = re.compile(
    r"\b(?:instructions?|rubric|grad(?:e|er|ing)|examiners?|evaluat(?:e|or|ion)|full marks|top marks|marks|maximum|highest|score[sd]?|rating|"
    r"points?|correct|perfect(?:ly)?|system|assistant|admin(?:istrator)?|submission|signals?|covered|expected|required|model answer|band|"
    r"confidence|excellent|deserves?|student|candidate|passed|verified|"
    r"anweisungen|punktzahl|instructions|note maximale|instrucciones|puntuación|istruzioni|punteggio|instruções|nota|instructies|"
    r"talimatları|puan|polecenia|ocenę|инструкции|балл)\b|满分|指示|満点|만점|지시|التعليمات|الدرجة|ההוראות|ציון",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not true|false|wrong|incorrect|untrue|myth|opposite|disagree|none of|nobody|not the case|no, not)\b", re.I
)
_MARKS = re.compile(r"[{}\[\]\"<>#=|*/\\`]")
_SEPARATORS = re.compile(r"[,;:/\n|•]| - ")
_NOISE = re.compile(
    r"\b(?:um+|uh+|er|hmm+|mhm|ah|oh|hello|testing|inaudible|unintelligible|laughter|crosstalk|silence)\b", re.I
)
_TAG = re.compile(r"<[^<>]{1,40}>|/\*|\*/|<!--|-->|```|#\w")
BARE = 0.15
"""Share of function words under which a text has no grammar to speak of."""
LOG_LENGTH = 7
"""Log of the number of words at which the cue of length is 1."""
LEAST_SCRAMBLED = 4
EDGE_WORDS = 9


def plain_cues(
    answer: str,
    question: str,
    rubric: Sequence[str],
    points: Sequence[KeyPoint],
    reading: Reading,
    asked: Asked,
    measures: Array,
    pieces: Callable[[str], int],
) -> Array:
    """The cues in the order of ``PLAIN``, each about 0..1: all but those that need the learnt table of word order."""
    said = words(answer)
    count = max(1, len(said))
    content = [word not in STOP_WORDS for word in said]
    runs = _runs(content)
    bare = max(0.0, BARE - (1 - sum(content) / count)) / BARE
    rubric_text = " ".join(rubric)
    told = words(rubric_text)
    long_enough = min(1.0, count / 12)
    verbatim = len(copied_words(said, told)) / count
    stems = [stem(word) for word, kept in zip(said, content, strict=True) if kept]
    wanted = {s for point in points for s, fresh in zip(point.stems, point.fresh, strict=True) if fresh}
    recall = len(wanted & set(stems)) / max(1, len(wanted))
    negations = sum(word in NEGATIONS for word in said) + 2 * len(_DENIES.findall(answer))
    expected = sum(word in NEGATIONS for word in told) + 2 * len(_DENIES.findall(rubric_text))
    excess = min(1.0, max(0.0, (negations - expected)) / max(1, len(reading.sentences)))
    denied = _denied(points, reading)
    aligned = float(measures[0])
    in_order = _in_order(stems, [stem(word) for word in told if word not in STOP_WORDS])
    letters = [char for char in answer if char.isalpha()]
    coherence, astray, neighbours = _coherence(points, reading, asked)
    scrambled, scrambled_whole = _scrambled(said, told)
    edge = _denied_at_edge(answer, rubric_text)
    orders, grading = _ORDERS.findall(answer), _GRADING.findall(answer)
    return np.array(
        [
            min(1.0, math.log1p(count) / LOG_LENGTH),
            max(0.0, 1 - count / 8),
            long_enough,
            1 - sum(content) / count,
            bare,
            min(1.0, max(runs, default=0) / count) * long_enough,
            sum(run for run in runs if run >= 5) / count,
            len(copied_words(said, words(question))) / count,
            sum(s in asked.stems for s in stems) / max(1, len(stems)),
            len(set(stems) - asked.stems) / (4 + len(set(stems) - asked.stems)),
            min(1.0, len(orders) / 3) * (len(grading) > 0),
            min(1.0, 8 * len(grading) / (count + 8)),
            min(1.0, 8 * len(_MARKS.findall(answer)) / max(8, len(answer))),
            min(1.0, len(_SEPARATORS.findall(answer)) / count),
            denied,
            excess,
            max(verbatim, recall) * excess,
            verbatim,
            recall,
            recall * bare,
            len(set(stems)) / max(1, len(stems)),
            _said_again(reading),
            min(1.0, max(0.0, _pieces(said, pieces) - 1.2) / 2),
            sum(not char.isascii() for char in letters) / max(1, len(letters)),
            min(1.0, len(_NOISE.findall(answer)) / count * 2),
            aligned,
            float(measures[MEASURES.index("centre")]),
            stray(points, reading, asked),
            float(asked.sentence @ reading.sentence),
            coherence,
            astray,
            min(1.0, 6 * len(_TAG.findall(answer)) / (count + 6)),
            _mixed_script(said),
            aligned * bare,
            min(1.0, len(reading.sentences) / 10),
            neighbours,
            aligned * max(denied, excess),
            in_order,
            bare * (1 - in_order) * long_enough,
            scrambled,
            scrambled_whole,
            _both_ways(reading),
            edge * max(recall, verbatim),
            edge,
        ],
        dtype=np.float32,
    )


def with_order(plain: Array, usual: Usual) -> Array:
    """``plain`` and the cues of word order behind them, in the order of ``NAMES``."""
    typical, odd, oddest = usual
    disorder = min(1.0, max(0.0, -typical) / 2)
    enough, recall, aligned = (float(plain[PLAIN.index(name)]) for name in ("long_enough", "recall", "aligned"))
    ordered = [typical / 3, typical / 3 * enough, recall * disorder * enough, aligned * disorder * enough]
    ordered += [odd, aligned * odd * enough, oddest / 3]
    return np.concatenate([plain, np.array(ordered, dtype=np.float32)])


def _runs(content: Sequence[bool]) -> list[int]:
    """Lengths of the runs of content words."""
    found, length = [], 0
    for kept in [*content, False]:
        if kept:
            length += 1
        elif length:
            found.append(length)
            length = 0
    return found


def _in_order(stems: Sequence[str], told: Sequence[str]) -> float:
    """Share of neighbouring words taken from the rubric that stand there in this order and close; a half for none."""
    place = {word: at for at, word in reversed(list(enumerate(told)))}
    taken = [place[word] for word in stems if word in place]
    steps = [after - before for before, after in pairwise(taken)]
    return sum(0 < step <= 4 for step in steps) / len(steps) if steps else 0.5


def _scrambled(said: Sequence[str], told: Sequence[str]) -> tuple[float, float]:
    """How much of the answer is the rubric's words out of their order, little words too; and that by how much of the
    rubric it takes up."""
    if len(said) < LEAST_SCRAMBLED:
        return 0.0, 0.0
    near = {*pairwise(told), *zip(told, told[2:], strict=False)}
    known = set(told)
    steps = [step for step in pairwise(said) if known.issuperset(step)]
    kept = sum(step in near for step in steps) / len(steps) if steps else 0.5
    taken = (Counter(said) & Counter(told)).total()
    share = taken / len(said) * (1 - kept)
    return share, share * taken / max(1, len(told))


def _both_ways(reading: Reading) -> float:
    """Share of the answer's words that it both affirms and denies."""
    ways: dict[str, set[bool]] = {}
    for word, negated in zip(reading.stems, reading.negated, strict=True):
        ways.setdefault(word, set()).add(bool(negated))
    return sum(len(found) > 1 for found in ways.values()) / max(3, len(ways))


def _denied_at_edge(answer: str, rubric: str) -> float:
    """1 where the answer opens or closes by denying what it says, in words that the rubric does not use; else 0."""
    said = answer.split()
    edges = " ".join(said[:EDGE_WORDS]), " ".join(said[-EDGE_WORDS:])
    used = {match.lower() for match in _DENIES.findall(rubric)}
    return float(any(match.lower() not in used for edge in edges for match in _DENIES.findall(edge)))


def _denied(points: Sequence[KeyPoint], reading: Reading) -> float:
    """Share of the rubric's clearly matched words that are negated in the answer and not in the rubric."""
    matched = denied = 0
    for point in points:
        if not len(point.vectors) or not len(reading.vectors):
            continue
        cosines = point.vectors @ reading.vectors.T
        at = cosines.argmax(axis=1)
        clear = cosines.max(axis=1) >= 0.6
        matched += int(clear.sum())
        denied += int((clear & reading.negated[at] & ~point.negated).sum())
    return denied / max(3, matched)


def _said_again(reading: Reading) -> float:
    said = [" ".join(words(reading.text[start:end])) for start, end in reading.sentences]
    return 1 - len(set(said)) / max(1, len(said))


def _pieces(said: Sequence[str], pieces: Callable[[str], int]) -> float:
    """Vocabulary pieces a longer word, over at most 200 different ones."""
    plain = sorted({word for word in said if len(word) > 3})[:200]
    return sum(map(pieces, plain)) / max(1, len(plain))


def _coherence(points: Sequence[KeyPoint], reading: Reading, asked: Asked) -> tuple[float, float, float]:
    """Sentences as means of their words: likeness to their answer as a whole, share away from question and rubric, and
    likeness of neighbours."""
    if not reading.sentences:
        return 0.0, 0.0, 0.0
    sums = np.add.reduceat(reading.vectors, reading.first_words, axis=0)
    each = unit(sums)
    topic = np.concatenate([asked.vectors, *(point.vectors for point in points)])
    whole = float((each @ unit(sums.sum(axis=0))).mean())
    astray = float((each @ unit(topic.sum(axis=0)) < 0.3).mean()) if len(topic) else 1.0
    neighbours = float(np.einsum("ij,ij->i", each[1:], each[:-1]).mean()) if len(each) > 1 else 0.5
    return whole, astray, neighbours


@lru_cache(maxsize=20_000)
def _mixed(word: str) -> bool:
    return any(char.isascii() for char in word) and any("\u0370" <= char <= "\u05ff" for char in word)


def _mixed_script(said: Sequence[str]) -> float:
    return min(1.0, 4 * sum(map(_mixed, said)) / max(1, len(said)))
