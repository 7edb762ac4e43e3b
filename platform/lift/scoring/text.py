"""Sentences, clauses and content words of a text, all with character offsets."""

import re
from functools import lru_cache

import snowballstemmer

Span = tuple[int, int]

_STOP_WORDS = """
    a about above after again all also although am an and any are as at be because been before being below
    between both but by can cannot could did do does doing done down during each either else etc ever every few for
    from further get gets getting go goes going gonna got had has have having he her here hers him his how however i
    if in into is it its itself just know let lets like lot lots make makes many may maybe me might mine more most
    much must my need neither no nor not now of off ok okay on once one only onto or other others our ours out over
    own per perhaps probably put quite rather really said same say says see seem she should since so some somehow
    something sort still stuff such take than that the their theirs them then there therefore these they thing
    things think this those though through thus to too under unless until up upon us use used uses using very via
    want was way we well were what whatever when where whether which while who whom whose why will with within
    without would yeah yes yet you your yours actually basically um uh er hmm s t d ll m re ve don doesn didn isn
    aren wasn weren won wouldn shouldn couldn hasn haven hadn ain kind bit simply right sure
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_NEGATIONS = """
    not no never none nobody nothing neither nor without cannot can't don't doesn't didn't won't isn't aren't
    wasn't weren't shouldn't wouldn't couldn't hasn't haven't dont doesnt cant wont isnt arent wasnt avoid avoids
"""
NEGATIONS = frozenset(_NEGATIONS.split())
LONGEST_SENTENCE = 45

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ROUGHLY = re.compile(
    r"(?:\b(?:about|roughly|around|almost|nearly|approximately|some|circa)\s(?:an? )?|[~≈]\s?)$", re.I
)
_AMOUNT = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,6})?(?:\s?(k|thousand|mn|million|bn|billion|trillion)\b)?", re.ASCII | re.I
)
_UNITS = {"k": 1e3, "thousand": 1e3, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# A run of full stops is looked at from its beginning only, and nothing is given back: linear in any text.
_SENTENCE_END = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s)|\n+|(?<=[。！？])|;(?=\s))")
_CLAUSE_END = re.compile(
    r"(?:[,:;](?=\s)|\s[–—-]\s|\s(?=(?:and then|and|but|so|because|while|which|otherwise|then|or else)\s))",
    re.IGNORECASE,
)
_stem = lru_cache(maxsize=50_000)(snowballstemmer.stemmer("english").stemWord)


def stem(word: str) -> str:
    """The word without its ending, lower-cased."""
    return str(_stem(word.lower()[:60]))


def words(text: str) -> list[str]:
    """Lower-cased words and numbers in order."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order: no stop words."""
    return [word for word in words(text) if word not in STOP_WORDS]


def is_content(word: str) -> bool:
    """Whether a word or mark of a text carries meaning."""
    return word[:1].isalnum() and word.lower() not in STOP_WORDS


def digits(text: str, start: int) -> str:
    """The leading digits of the number at ``start`` without separators or closing zeros, so that 270,000, 270k and
    "270 thousand" agree; empty where no number stands."""
    match = _NUMBER.match(text, start)
    return re.sub(r"[.,]", "", match.group()).strip("0") or "0" if match else ""


def amount(text: str, start: int) -> float:
    """The value of the number at ``start``, with the ``k`` or ``million`` after it; 0 where no number stands."""
    found = _AMOUNT.match(text, start)
    if found is None:
        return 0.0
    whole, part, unit = found.groups()
    return float(whole.replace(",", "")[:15] + (part or "")) * _UNITS.get((unit or "").lower(), 1)


def estimate(text: str, start: int) -> float:
    """The same for a number that is given as rough, as in ``about 19`` or ``almost 10``; 0 for every other word."""
    return amount(text, start) if text[start : start + 1].isdigit() and _ROUGHLY.search(text[:start]) else 0.0


def continues_number(text: str, start: int) -> bool:
    """Whether the digits at ``start`` go on with a number, as the 900 of 1,900 does."""
    return start >= 2 and text[start].isdigit() and text[start - 1] in ",." and text[start - 2].isdigit()


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in ",;:–—-•*"):
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[Span]:
    spans, begin = [], start
    for match in pattern.finditer(text, start, end):
        spans.append(_trim(text, begin, match.end()))
        begin = match.end()
    spans.append(_trim(text, begin, end))
    return [span for span in spans if _WORD.search(text, *span)]


def sentences(text: str) -> list[Span]:
    """Sentences as spans. Speech without full stops is cut at clauses, and at last by count of words."""
    found: list[Span] = []
    for start, end in _cut(text, 0, len(text), _SENTENCE_END):
        if len(text[start:end].split()) <= LONGEST_SENTENCE:
            found.append((start, end))
        else:
            found.extend(_pack(text, clauses(text, (start, end))))
    return found


def clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of one sentence."""
    return _cut(text, *sentence, _CLAUSE_END)


def _pack(text: str, parts: list[Span]) -> list[Span]:
    """Neighbouring clauses joined up to the longest sentence; one that is longer is cut by words."""
    packed: list[Span] = []
    size = 0
    for start, end in parts:
        ends = [match.end() for match in re.finditer(r"\S+", text[start:end])]
        if packed and size + len(ends) <= LONGEST_SENTENCE:
            packed[-1], size = (packed[-1][0], end), size + len(ends)
            continue
        begin = 0
        for at in range(LONGEST_SENTENCE - 1, len(ends) - 1, LONGEST_SENTENCE):
            packed.append((start + begin, start + ends[at]))
            begin = ends[at] + 1
        packed.append(_trim(text, start + begin, end))
        size = len(ends) % LONGEST_SENTENCE
    return packed


def copied_words(said: list[str], asked: list[str]) -> set[int]:
    """Indices of the words of ``said`` that lie in a run of four or more taken from ``asked``."""
    # Single words do not count: a real answer may well be built from the question's words.
    runs = {tuple(asked[i : i + 4]) for i in range(len(asked) - 3)}
    return {i + k for i in range(len(said) - 3) if tuple(said[i : i + 4]) in runs for k in range(4)}
